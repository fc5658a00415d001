"""The style guide holds, and its checker does complain."""

import ast
import re
from pathlib import Path

import pytest

from reconciler import __version__
from reconciler.cli.main import COMMANDS
from tests.tidy.checker import ROOMS, complaints, modules
from tests.tidy.one_place import scattered

ROOT = Path(__file__).parent.parent.parent
MODULES = dict(modules(ROOT))


@pytest.mark.parametrize("name", MODULES)
def test_every_module_keeps_to_the_style_guide(name):
    assert list(complaints(name, MODULES[name])) == []


@pytest.mark.parametrize("name", MODULES)
def test_what_has_a_table_is_told_apart_in_one_place(name):
    assert list(scattered(name, MODULES[name])) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("if field.type is FieldType.USER: pass", "FieldType.USER", id="is"),
        pytest.param("_FITS = {FieldType.URL: 1}", "FieldType.URL", id="a-table"),
        pytest.param("_QUOTED = frozenset({FieldType.TEXT})", "FieldType.TEXT", id="a-set"),
        pytest.param("_FITS = {'Number': 1}", "Number", id="a-table-of-names"),
        pytest.param("match t:\n case FieldType.USER: pass", "FieldType.USER", id="match"),
        pytest.param("good = isinstance(operator, str) and operator == 'in'", "OPERATORS", id="in"),
        pytest.param("if check.operator in ('equals', 'in'): pass", "OPERATORS", id="several"),
        pytest.param("match operator:\n case 'empty': pass", "OPERATORS", id="match-operator"),
        pytest.param("_AWS = {'at_most': 'lessThanOrEqualTo'}", "at_most", id="a-second-table"),
        pytest.param(
            "from reconciler.model.fieldtypes.text import Text", "the class Text", id="a-class"
        ),
    ],
)
def test_a_decision_in_a_second_place_is_found(source, found):
    assert found in " ".join(scattered("specs.x", source)), source


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("if kind is ChangeClass.DRIFT: pass", "ChangeClass.DRIFT"),
        ("if plan.classes['drift']: pass", "plan.classes['drift']"),
        ("flags = {Guard.CASES: '--allow-cases'}", "Guard.CASES"),
    ],
)
def test_a_report_tells_no_class_or_guard_by_its_name(source, found):
    assert found in " ".join(scattered("report.x", source)), source


@pytest.mark.parametrize(
    "source",
    [
        "CASE_ID = Field(type=FieldType.TEXT)",
        "later = Check(field, 'at_least', ())",
        "from reconciler.model.fieldtypes.table import TYPES",
        "if word == 'empty': pass",
    ],
)
def test_what_decides_nothing_is_not_found(source):
    assert list(scattered("specs.x", source)) == []


GOOD = '"""One thought, said in a sentence."""\n\n'


def long_function(lines):
    return GOOD + "def long() -> None:\n" + "    x = 1\n" * lines


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        pytest.param("read.x", "from reconciler.plan import y", "may not import", id="up"),
        pytest.param("yaml.x", "import reconciler.specs.names", "may not import", id="module"),
        pytest.param("files.x", "from reconciler import yaml", "may not import", id="from-top"),
        pytest.param("model.x", "from reconciler.errors import y", "may not import", id="model"),
        pytest.param("errors", "from reconciler.clock import y", "may not import", id="errors"),
        pytest.param("report.x", "from reconciler.project import y", "may not", id="report"),
        pytest.param("project.x", "import reconciler.cli.main", "may not import", id="project"),
        pytest.param("sandbox.x", "import reconciler.model.value", "may not import", id="sandbox"),
        pytest.param("apply.x", "import reconciler.sandbox.api", "may not import", id="its-door"),
        pytest.param(
            "cli.x", "from reconciler.sandbox import store", "may not import", id="into-the-sandbox"
        ),
        pytest.param(
            "cli.x", "def f():\n    import reconciler.sandbox.store", "may not", id="in-a-function"
        ),
        pytest.param("plan.x", "from .y import z", "relative", id="relative"),
        pytest.param("attic.x", "", "is in no room", id="a-new-folder"),
        pytest.param("service.x", "import boto3", "other doors", id="boto3"),
        pytest.param("cli.x", "from botocore.config import Config", "other doors", id="botocore"),
        pytest.param("specs.x", "import yaml", "other doors", id="yaml"),
        pytest.param("plan.x", "import jsonschema", "other doors", id="jsonschema"),
        pytest.param("cli.show", "import deepdiff", "other doors", id="deepdiff"),
        pytest.param("report.markdown.x", "from rich.text import Text", "other doors", id="rich"),
        pytest.param("read.x", "import tenacity", "other doors", id="tenacity"),
        pytest.param("project.x", "import click", "other doors", id="click"),
        pytest.param("service.x", "import aiohttp", "other doors", id="aiohttp"),
        pytest.param("cli.x", "import subprocess", "other doors", id="subprocess"),
        pytest.param("apply.x", "import time", "other doors", id="time"),
        pytest.param("plan.x", "import os", "other doors", id="a-file-in-a-plan"),
        pytest.param("model.x", "import threading", "other doors", id="a-thread-in-the-model"),
        pytest.param("report.x", "import pathlib", "is pure", id="a-file-in-a-report"),
        pytest.param("plan.x", "print(1)", "print", id="print"),
        pytest.param("plan.x", "datetime.now()", "outside the clock", id="now"),
        pytest.param("apply.x", "datetime.datetime.now(UTC)", "outside the clock", id="now-long"),
        pytest.param("apply.x", "date.today()", "outside the clock", id="today"),
        pytest.param("plan.x", "# TO" + "DO later", "something undone", id="undone"),
        pytest.param("plan.x", "x = 1\n" * 300, "300 is the most", id="a-long-file"),
        pytest.param("plan.x", "class Public:\n    x = 1", "no docstring", id="a-class"),
    ],
)
def test_the_checker_complains(name, source, complaint):
    [found] = [one for one in complaints(name, GOOD + source) if complaint in one]
    assert found


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        pytest.param("x = 1\n", "has no docstring", id="none"),
        pytest.param('"""lower case."""\n', "no sentence", id="lower-case"),
        pytest.param('"""Some notes"""\n', "no sentence", id="no-end"),
    ],
)
def test_the_checker_complains_about_docstrings(source, complaint):
    assert complaint in " ".join(complaints("plan.x", source))


@pytest.mark.parametrize(("lines", "found"), [(49, 0), (50, 1)])
def test_the_checker_counts_the_lines_of_functions(lines, found):
    assert len(list(complaints("plan.x", long_function(lines)))) == found


@pytest.mark.parametrize(
    ("name", "source"),
    [
        pytest.param("plan.x", "from reconciler.model.plan import Plan", id="down"),
        pytest.param("service.x", "from reconciler import __version__", id="the-version"),
        pytest.param("cli.x", "from reconciler.sandbox import api", id="the-sandboxs-door"),
        pytest.param("project.x", "from reconciler.sandbox.api import Embedded", id="its-names"),
        pytest.param("clock", "import time\ndatetime.now(UTC)", id="the-clock"),
        pytest.param("report.text.x", "from rich.text import Text", id="a-whole-folder"),
    ],
)
def test_the_checker_does_not_complain_of_what_is_allowed(name, source):
    assert list(complaints(name, GOOD + source)) == []


def test_the_checker_sees_every_room():
    rooms = {name.split(".")[0] or "library" for name in MODULES}
    assert rooms == {*ROOMS, "sandbox"} - {""}
    assert len(MODULES) > 100


ABOUT_CASES = (
    "accept", "apply", "catalog", "drift", "export", "history", "ignore", "import_", "plan",
    "rollback", "runs", "show", "targets",
)  # fmt: skip


@pytest.mark.parametrize("name", ABOUT_CASES)
def test_a_command_about_cases_uses_the_library_and_nothing_beside_it(name):
    allowed = ("reconciler", "reconciler.cli.", "reconciler.errors", "reconciler.report.")
    tree = ast.parse(MODULES[f"cli.commands.{name}"])
    used = [one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
    ours = [one for one in used if one.split(".")[0] == "reconciler"]
    wrong = [one for one in ours if one != allowed[0] and not f"{one}.".startswith(allowed[1:])]
    assert not wrong


def test_every_command_is_about_cases_or_calls_its_rooms_door():
    own = {"init", "fmt", "validate", "completion", "sandbox"}
    assert {name.removesuffix("_") for name in ABOUT_CASES} | own == set(COMMANDS)


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("cli")])
def test_options_are_looked_up_by_attribute_alone(name):
    """An attribute that is mistyped is found by the type checker; a word in brackets is not."""
    assert not re.search(r"\bgiven(\[|\.get\()", MODULES[name])


def test_the_changelog_begins_with_this_version_or_with_what_is_not_yet_released():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    titles = re.findall(r"(?m)^## (\S+)", text)
    assert next(title for title in titles if title != "Unreleased") == __version__
    assert "Unreleased" not in titles[1:]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    assert f"reconcile {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


TESTS = sorted((ROOT / "tests").rglob("*.py"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_test_is_skipped_or_undone(path):
    text = path.read_text(encoding="utf-8")
    for word in ("mark." + "skip", "mark." + "xfail", "pytest." + "skip", "import" + "orskip"):
        assert word not in text
    assert not re.search(r"# *(TO" + "DO|FIX" + "ME)", text)
    assert text.startswith('"""'), "has no docstring"
