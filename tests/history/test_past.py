"""What earlier commits wanted of a case, and since when, as far as git knows."""

from datetime import UTC, datetime

import pytest

from reconciler.git.history import LineCommit
from reconciler.history import past as module
from reconciler.history.past import FieldPast, Origins, PastSpecs
from reconciler.model.diagnostic import Source
from reconciler.specs.diff import Difference
from reconciler.specs.resolve import resolve
from tests.builders import a_catalog, cases_spec, policy_spec, spec_case, spec_field
from tests.history.test_attribution import FakeGit

COMMIT = "c1c1c1c1c1c1"
FILE = "specs/a.yaml"
DAYS = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2)]


def a_past(git, *keys, is_about=lambda header: True):
    return PastSpecs(git, a_catalog(), is_about, keys)


def value(desired_field):
    return desired_field.value if desired_field else None


def own(note, key="c1", by_reference=False, **more):
    return cases_spec(spec_case(key, by_reference=by_reference, note=note), **more)


def test_a_named_case_is_known_by_its_id_or_its_reference_and_not_by_both():
    git = FakeGit({(COMMIT, FILE): (own("x"), own("y", "100", by_reference=True))})
    past = a_past(git, "c1", "100")
    assert value(past.named(COMMIT, (False, "c1"), "note")) == "x"
    assert value(past.named(COMMIT, (True, "100"), "note")) == "y"
    assert past.named(COMMIT, (True, "c1"), "note") is None
    assert past.named(COMMIT, (False, "c1"), "score") is None
    assert past.named("other", (False, "c1"), "note") is None


def test_a_case_that_nobody_asked_about_is_not_kept():
    assert (
        a_past(FakeGit({(COMMIT, FILE): (own("x"),)})).named(COMMIT, (False, "c1"), "note") is None
    )


def test_specs_of_another_target_wanted_nothing_here():
    git = FakeGit({(COMMIT, FILE): (own("x", targets=("test",)), own("y", targets=("prod",)))})
    past = a_past(git, "c1", is_about=lambda header: "prod" in header.targets)
    assert value(past.named(COMMIT, (False, "c1"), "note")) == "y"


def test_the_file_that_has_it_now_is_looked_at_first_and_each_file_once():
    git = FakeGit({(COMMIT, "b.yaml"): (own("x"),), (COMMIT, FILE): (own("y"),)})
    past = a_past(git, "c1")
    for _ in range(2):
        assert value(past.named(COMMIT, (False, "c1"), "note", FILE)) == "y"
    assert git.asked == [("show", COMMIT, FILE)]


def test_a_policy_is_known_by_its_name_and_by_the_value_that_it_wanted():
    git = FakeGit({(COMMIT, FILE): (policy_spec("rule", note="x"), policy_spec("other", note="y"))})
    past = a_past(git)
    assert value(past.of_policy(COMMIT, "rule", "note")) == "x"
    assert past.of_policy(COMMIT, "gone", "note") is None
    assert [desired_field.value for desired_field in past.policies(COMMIT, "note", "y")] == ["y"]
    assert past.policies(COMMIT, "score", None) == []


def test_after_so_many_cases_no_further_file_is_read(monkeypatch):
    monkeypatch.setattr(module, "MOST_PAST_CASES", 1)
    git = FakeGit({(COMMIT, "b.yaml"): (own("x"),), ("c2", FILE): (own("y"),)})
    past = a_past(git, "c1")
    assert not past.exhausted
    assert value(past.named(COMMIT, (False, "c1"), "note")) == "x"
    assert past.exhausted
    assert past.named("c2", (False, "c1"), "note") is None


# -- where the present specs say it, and since when ----------------------------------------


def field_past(git, *specs, case_id="c1", policy=""):
    """The past of the first wish of these specs."""
    resolution = resolve(specs, a_catalog())
    origins = Origins(git, specs, resolution.named, resolution.policies)
    cases = resolution.policies if policy else resolution.named
    desired = cases[0].fields[0]._replace(policy=policy)
    keys = [desired_field.key for desired_field in resolution.named]
    return FieldPast(case_id, Difference(desired, "old"), a_past(git, *keys), origins)


def lines(value_at, name_at):
    """The commits of line 7, where the value stands, and of line 6, where its case does."""
    return {
        (FILE, 7, 7): LineCommit(value_at, "before-value"),
        (FILE, 6, 6): LineCommit(name_at, "before-name"),
    }


@pytest.mark.parametrize(
    ("value_at", "name_at", "since", "before"),
    [
        pytest.param(DAYS[0], DAYS[1], DAYS[1], "before-name", id="the-case-came-later"),
        pytest.param(DAYS[1], DAYS[0], DAYS[1], "before-value", id="the-value-came-later"),
        pytest.param(None, DAYS[0], None, "before-value", id="the-value-is-not-committed"),
    ],
)
def test_a_wish_is_as_old_as_the_younger_of_its_lines(value_at, name_at, since, before):
    git = FakeGit({(before, FILE): (own("then"),)}, lines(value_at, name_at))
    past = field_past(git, own("now"))
    assert past.since() == since
    assert past.before() == ("then",)


@pytest.mark.parametrize("known", [(FILE, 7, 7), (FILE, 6, 6)])
def test_where_git_does_not_know_one_of_the_lines_nothing_is_known(known):
    git = FakeGit(lines={known: LineCommit(DAYS[0], "before")})
    past = field_past(git, own("now"))
    assert (past.since(), past.before()) == (None, ())


@pytest.mark.parametrize(
    ("others", "end"),
    [((), None), ((("specs/p.yaml", 20),), 19), ((("specs/q.yaml", 20),), None)],
    ids=["alone", "before-another-document", "beside-another-file"],
)
def test_a_policy_is_as_old_as_the_youngest_line_of_its_document(others, end):
    git = FakeGit({}, {("specs/p.yaml", 7, 7): LineCommit(DAYS[0], "a")})
    git.lines["specs/p.yaml", 3, end] = LineCommit(DAYS[1], "b")
    more = [cases_spec(name=f"n{at}", file=file, line=at) for file, at in others]
    past = field_past(git, policy_spec("rule", note="x"), *more, policy="rule")
    assert past.since() == DAYS[1]


def test_a_line_that_several_references_share_tells_of_none_of_them():
    shared = spec_field("note", "x")
    one, two = (spec_case(key, by_reference=True, note=shared) for key in ("100", "200"))
    alone = resolve((cases_spec(one),), a_catalog())
    both = resolve((cases_spec(one, two),), a_catalog())
    desired = alone.named[0].fields[0]
    assert Origins(FakeGit(), (), alone.named, ()).named("c9", desired).key == "100"
    assert Origins(FakeGit(), (), both.named, ()).named("c9", desired) is None
    assert desired.at == Source(FILE, 7, 5)
