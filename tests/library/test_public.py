"""What is public is what `__all__` names, and each of it keeps its signature."""

import inspect
import subprocess
import sys
from pathlib import Path

import reconciler

ROOT = Path(__file__).parents[2]
SNAPSHOT = Path(__file__).with_name("signatures.txt")
HEAVY = ("boto3", "botocore", "click", "rich", "jinja2", "yaml", "jsonschema")


def test_every_public_name_is_there_with_a_docstring():
    assert sorted(reconciler.__all__) == dir(reconciler)
    for name in set(reconciler.__all__) - {"__version__"}:
        assert inspect.getdoc(getattr(reconciler, name)), name


def test_a_name_that_is_not_public_is_not_there():
    assert not hasattr(reconciler, "Gatherer")


def _signature(member):
    found = inspect.signature(member)
    return str(found).replace("'", "")


def _lines():
    """Every public class with its constructor, methods and properties."""
    for name in sorted(set(reconciler.__all__) - {"__version__"}):
        public = getattr(reconciler, name)
        base = public.__mro__[1].__name__
        yield f"{name}({base}){_signature(public)}"
        if issubclass(public, BaseException):
            continue
        for key in sorted(set(dir(public)) - set(dir(object))):
            member = inspect.getattr_static(public, key)
            if key.startswith("_"):
                continue
            if isinstance(member, property):
                returned = member.fget.__annotations__["return"]
                shown = returned if isinstance(returned, str) else _name(returned)
                yield f"    {key}: {shown}"
            elif callable(getattr(public, key)):
                yield f"    {key}{_signature(getattr(public, key))}"
            else:
                yield f"    {key}"


def _name(kind):
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)


def test_the_signatures_are_those_of_the_snapshot():
    """Where one is meant to change: write the new lines into signatures.txt, and CHANGELOG."""
    assert "\n".join(_lines()) + "\n" == SNAPSHOT.read_text()


def _loaded(*lines):
    code = "; ".join((*lines, "import sys; print(*sys.modules)"))
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(ran.stdout.split())


def test_importing_the_library_loads_no_other_but_pythons_own():
    loaded = _loaded("from reconciler import Failed, Limits, Plan, Project")
    assert not loaded & set(HEAVY)
    assert not {one for one in loaded if one.startswith("reconciler.cli")}


def test_importing_the_library_loads_less_than_importing_yaml():
    """By count, which no machine's speed changes: the rooms are loaded when they are used."""
    nothing = _loaded("pass")
    ours = _loaded("from reconciler import Plan, Project") - nothing
    assert len(ours) <= 2 * len(_loaded("import yaml") - nothing), ours
