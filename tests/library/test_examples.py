"""Every example in a public docstring is run, against the sandbox."""

import doctest
import inspect

import pytest

import reconciler


def _examples():
    finder = doctest.DocTestFinder()
    for name in sorted(set(reconciler.__all__) - {"__version__"}):
        public = getattr(reconciler, name)
        for base in public.__mro__[:-1]:
            if base.__module__.startswith("reconciler"):
                names = {"Project": reconciler.Project, "Plan": reconciler.Plan}
                yield from (
                    one
                    for one in finder.find(base, name, module=inspect.getmodule(base), globs=names)
                    if one.examples
                )


EXAMPLES = {one.name: one for one in _examples()}
# These have an example each: what does something, and is no mere property.
CALLS = [
    f"{name}.{key}"
    for name in ("Project", "Plan")
    for key, member in inspect.getmembers(getattr(reconciler, name))
    if not key.startswith("_") and callable(member)
]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_does_what_it_says(name, place, project):
    example = EXAMPLES[name]
    example.globs.update(
        project=project,
        folder=place.folder,
        case_id=place.cases[0],
        **{key: getattr(reconciler, key) for key in reconciler.__all__ if key != "__version__"},
    )
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("call", CALLS)
def test_every_call_of_the_library_has_an_example(call):
    assert call in EXAMPLES
