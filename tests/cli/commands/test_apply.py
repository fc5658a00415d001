"""What ends an apply before its first call; nothing listens at the target's address."""

import pytest

from reconciler.model.guards import Guard
from reconciler.model.plan import Blocker
from reconciler.plan.file.data import changes_digest
from tests.builders import a_plan, case_change, field_change, target_plan
from tests.cli.worlds import CONFIG

PLAN = a_plan(case_change("c1"))
OTHER = a_plan(case_change("c1", field_change("note", "old", "other")))


def applied(folder, *arguments):
    status, out, err = folder.run("apply", *arguments)
    assert not (folder.path / ".reconcile" / "runs").exists()
    return status, out, err


def test_without_a_terminal_paths_need_yes(folder):
    status, out, err = applied(folder)
    assert (status, out) == (1, "")
    assert "no terminal to ask on; give --yes" in err


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(lambda text: "", "not a whole plan file", id="empty"),
        pytest.param(lambda text: text[: len(text) // 2], "not a whole plan file", id="half"),
        pytest.param(lambda text: text.replace("prod", "test"), "digest does not fit", id="edited"),
        pytest.param(lambda text: '{"a": 1}', "not a plan of this program", id="foreign"),
        pytest.param(
            lambda text: text.replace('"format_version": "2.0"', '"format_version": "9.0"'),
            "plan format 9.0",
            id="newer",
        ),
    ],
)
def test_a_plan_file_that_does_not_fit_ends_with_five(folder, spoil, message):
    path = folder.path / folder.plan()
    path.write_text(spoil(path.read_text()))
    status, out, err = applied(folder, "plan.json")
    assert (status, out) == (5, "")
    assert message in err


def test_a_plan_older_than_its_life_is_refused(folder):
    status, _, err = applied(folder, folder.plan(expires_at="2026-01-01T00:00:00Z"))
    assert status == 5
    assert "expired at 2026-01-01T00:00:00Z" in err


def test_a_plan_for_a_target_that_the_config_lacks_is_refused(folder):
    folder.write("reconcile.yaml", CONFIG.replace("prod", "test"))
    status, _, err = applied(folder, folder.plan())
    assert status == 5
    assert '"prod"' in err


@pytest.mark.parametrize(
    ("expected", "status"),
    [
        pytest.param(changes_digest(OTHER), 5, id="another-digest"),
        pytest.param("other.json", 5, id="another-plan"),
        pytest.param("abc", 1, id="too-short-for-a-digest"),
        pytest.param("no-such-file.json", 1, id="neither"),
    ],
)
def test_changes_that_are_not_the_reviewed_ones_are_refused(folder, expected, status):
    folder.plan("other.json", OTHER)
    found, _, err = applied(folder, folder.plan(), "--expect", expected)
    assert found == status
    assert "reviewed" in err or "--expect" in err


def test_changes_that_differ_from_a_reviewed_plan_are_told_in_words(folder):
    folder.plan("other.json", OTHER)
    _, _, err = applied(folder, folder.plan(), "--expect", "other.json")
    assert "changed: prod case c1, Note: 'old' -> 'other'; now 'old' -> 'new'" in err


MANY = a_plan(target_plan(*(case_change(f"c{number}") for number in range(101)), managed=101))


def test_a_guard_ends_with_three_and_names_the_flag(folder):
    status, _, err = applied(folder, folder.plan(plan=MANY))
    assert status == 3
    assert "101 cases would change, and at most 100 may; to allow it: --allow-cases 101" in err
    assert "nothing was written" in err


def test_guards_are_the_configs_of_now_and_not_those_of_the_plan(folder):
    folder.write("reconcile.yaml", CONFIG.replace("{domain", "{limits: {cases: 0}, domain"))
    assert applied(folder, folder.plan())[0] == 3


def test_a_plan_made_from_no_spec_is_refused(folder):
    blocker = Blocker(Guard.NO_SPECS, "prod", 0, 1, "no spec was found at all")
    plan = a_plan(target_plan(blocked_by=(blocker,)))
    status, _, err = applied(folder, folder.plan(plan=plan))
    assert status == 3
    assert "--allow-empty" in err


def test_a_plan_file_is_applied_alone(folder):
    status, _, err = applied(folder, folder.plan(), "specs", "--yes")
    assert status == 1
    assert "apply it alone" in err


def test_mistakes_in_specs_end_with_one_before_any_call(folder):
    folder.write("specs/a.yaml", "kind: Nonsense\n")
    status, _, err = applied(folder, "--yes")
    assert status == 1
    assert "specs/a.yaml:" in err
