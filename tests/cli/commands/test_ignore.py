"""Rules are made from a saved plan, never for nothing and never by surprise."""

import stat

import pytest

from tests.builders import a_plan, case_change, field_change, target_plan

REASON = {"--reason": "CHG-7", "--until": "2999-12-31"}


@pytest.fixture
def planned(folder):
    """A saved plan: two fields of one case, one of another."""
    both = case_change("c1", field_change(), field_change("score", 1.0, 2.0))
    folder.plan(plan=a_plan(target_plan(both, case_change("c2"))))
    return folder


def ignore(folder, *arguments):
    reason = [word for name in REASON if name not in arguments for word in (name, REASON[name])]
    return folder.run("ignore", "--from-plan", "plan.json", *reason, *arguments)


def test_what_was_written_is_shown_and_is_good(planned):
    status, out, err = ignore(planned, "--field", "note")
    path = planned.path / "specs/ignore.yaml"
    assert status == 0
    assert out == path.read_text()
    assert "wrote" in err
    assert out.count("- field: note") == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    said = "ok: 2 files, 2 specs, 1 named case, 0 policies, 2 ignore rules\n"
    assert planned.run("validate") == (0, said, "")


def test_a_file_keeps_its_mode_and_what_is_in_it(planned):
    ignore(planned, "--case", "c2")
    path = planned.path / "specs/ignore.yaml"
    path.chmod(0o600)
    path.write_text("# ours\n" + path.read_text())
    before = path.read_text()
    status, out, err = ignore(planned, "--all")
    assert (status, path.read_text()) == (0, before + out)
    assert "1 of the fields had a rule there already" in err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_new_is_nothing_written(planned):
    ignore(planned, "--all")
    before = (planned.path / "specs/ignore.yaml").stat()
    status, out, err = ignore(planned, "--all")
    assert (status, out) == (0, "")
    assert "3 of the fields" in err
    assert (planned.path / "specs/ignore.yaml").stat().st_mtime_ns == before.st_mtime_ns


def test_another_file_and_scope_may_be_named(planned):
    out = ["--out", "specs/apart/notes.yml", "--scope", "drift"]
    assert ignore(planned, "--case", "c2", *out)[0] == 0
    text = (planned.path / "specs/apart/notes.yml").read_text()
    assert "name: notes-prod\n" in text
    assert "scope: drift\n" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "--all", id="nothing-chosen"),
        pytest.param(["--all", "--case", "c1"], "--all alone", id="all-and-some"),
        pytest.param(
            ["--case", "c9"], "--case c9: the plan changes no such case", id="no-such-case"
        ),
        pytest.param(["--field", "nota"], 'did you mean "Note"', id="no-such-field"),
        pytest.param(["--field", "c2"], "no such field; known: Note, Score", id="a-case-as-field"),
        pytest.param(["--all", "--out", "ignore.yaml"], "is not below", id="outside-the-specs"),
        pytest.param(["--all", "--out", "specs/i.json"], "this suffix", id="json"),
        pytest.param(["--all", "--until", "2020-01-01"], "is past", id="past"),
        pytest.param(["--all", "--until", "soon"], "neither a day", id="no-day"),
        pytest.param(["--all", "--reason", " "], "why this is left alone", id="no-reason"),
        pytest.param(["--all", "--reason", "a\nb"], "on one line", id="two-lines"),
        pytest.param(["--all", "--out", "specs/a.yaml", "--scope", "x"], "--scope", id="scope"),
    ],
)
def test_what_is_not_clear_is_refused_and_nothing_is_written(planned, arguments, said):
    status, out, err = ignore(planned, *arguments)
    assert (status, out) == (1, "")
    assert said in err
    assert [path.name for path in (planned.path / "specs").iterdir()] == ["a.yaml"]


def test_a_spec_file_with_problems_is_not_touched(planned):
    planned.write("specs/ignore.yaml", "kind: Ignore\n")
    status, out, err = ignore(planned, "--all")
    assert (status, out) == (1, "")
    assert "specs/ignore.yaml:1:1: missing-key" in err
    assert (planned.path / "specs/ignore.yaml").read_text() == "kind: Ignore\n"


def test_an_edited_plan_is_refused(planned):
    path = planned.path / "plan.json"
    path.write_text(path.read_text().replace("c2", "c3"))
    assert ignore(planned, "--all")[0] == 5
