"""The README's example of the library, run as it stands."""

import re
from pathlib import Path

import reconciler

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
SECTION = re.search(r"^## The library\n(.*?)^## ", README, re.DOTALL | re.MULTILINE)[1]
[SAMPLE] = re.findall(r"^```python\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)


def test_the_example_plans_shows_and_applies(place, monkeypatch, capsys):
    place.spec(severity="High")
    monkeypatch.chdir(place.folder)
    exec(compile(SAMPLE, "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert all(case in shown for case in place.cases)
    assert shown.splitlines()[-1] == "complete"
    with reconciler.Project.load(place.config) as project:
        assert project.plan(histories=0).changed_cases == 0


def test_the_example_says_what_fails_and_where_the_rest_is(place, monkeypatch, capsys):
    place.spec(severity="High")
    monkeypatch.chdir(place.folder)
    failing = SAMPLE.replace("project.apply(plan,", "project.apply(plan, first=1,")
    exec(compile(failing, "README.md", "exec"), {})
    last = capsys.readouterr().out.splitlines()[-1]
    assert Path(last.removeprefix("what was done: ")).is_file()


def test_the_section_names_what_is_public():
    outcomes = {name for name in reconciler.__all__ if name in _outcomes()}
    named = set(re.findall(r"`([A-Z]\w+)`", SECTION))
    assert outcomes <= named
    assert named - set(reconciler.__all__) == set(), "and nothing else"


def _outcomes():
    return {one.__name__ for one in reconciler.Outcome.__subclasses__()}
