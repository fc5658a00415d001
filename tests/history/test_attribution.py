"""Histories are read of differing cases alone, no further than asked, and never fail a plan."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from reconciler.errors import AuthorErrors, CallError, NotFound, Refused, Stopped, Unavailable
from reconciler.git.history import LineCommit
from reconciler.history.attribution import MOST_PAGES, read_history
from reconciler.model.audit import AuditEvent, RecordedChange
from reconciler.model.classes import ChangeClass
from reconciler.model.plan import Mode, Sealed
from reconciler.plan.planning import make_plan
from reconciler.secrets.sealing import Sealer
from reconciler.service.patient import PatientAudit
from reconciler.service.ports import HistoryAccess
from tests.builders import (
    BY_ID,
    cases_spec,
    header,
    leaf,
    live,
    policy_spec,
    spec_case,
    spec_field,
)
from tests.fakes import FakeWorld, world_of
from tests.plan.test_planning import access, an_order

STAMP = "reconcile:aaaaaaaaaaaa:c1c1c1c1c1c1"
AGENT = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/j.doe"
DENIED = Refused("GetCaseAuditEvents: AccessDenied; ask", code="AccessDeniedException")


def event(minute, *changes, by=AGENT, kind="Case.Updated"):
    return AuditEvent(
        event_id=f"e{minute}",
        kind=kind,
        at=f"2026-11-20T14:{minute:02}:00Z",
        by=by,
        principal="arn:aws:iam::111122223333:role/app",
        changes=tuple(RecordedChange(*one) for one in changes),
    )


def applied(minute, *changes):
    return event(minute, *changes, by=STAMP)


@dataclass
class FakeGit:
    """Specs by (commit, file), and who made each line; counts what it is asked."""

    files: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def specs_at(self, commit, file):
        self.asked.append(("show", commit, file))
        return self.files.get((commit, file), ())

    def files_naming(self, commit, text):
        self.asked.append(("grep", commit, text))
        return tuple(file for at, file in self.files if at == commit)

    def line_commit(self, file, first, last):
        return self.lines.get((file, first, last))

    def commit(self, commit):
        return None


def told(world, *specs, git=None, most=200, **target):
    """The plan of one target, attributed."""
    audit = HistoryAccess(PatientAudit(world, world.caller()), git or FakeGit())
    reached = replace(access(world, **target), history=lambda: audit)
    plan = make_plan(an_order(*specs, attribution=most), [reached], "prod", world.clock).plan
    return plan.targets[0]


def entries(target):
    return [entry for change in target.changes for entry in change.fields]


def test_a_difference_says_its_class_and_who_made_it():
    world = FakeWorld.holding(live("c1", note="x"))
    world.histories["c1"] = [applied(1, ("note", "w", "y")), event(3, ("note", "y", "x"))]
    [entry] = entries(told(world, cases_spec(spec_case("c1", note="y"))))
    assert entry.change_class is ChangeClass.DRIFT
    last = entry.last_change
    assert (last.by, last.at, last.before, last.after) == (AGENT, "2026-11-20T14:03:00Z", "y", "x")
    assert last.commit == ""


def test_our_own_last_write_names_its_commit():
    world = FakeWorld.holding(live("c1", note="x"))
    world.histories["c1"] = [applied(1, ("note", "w", "x"))]
    [entry] = entries(told(world, cases_spec(spec_case("c1", note="y"))))
    assert (entry.change_class, entry.last_change.commit) == (ChangeClass.PENDING, "c1c1c1c1c1c1")


def test_sensitive_values_of_a_history_are_sealed():
    world = FakeWorld.holding(live("c1", note="x"))
    world.histories["c1"] = [applied(1, ("note", "w", "y")), event(3, ("note", "y", "x"))]
    spec = cases_spec(spec_case("c1", note="y"))
    [entry] = entries(told(world, spec, sensitive=frozenset({"note"})))
    sealer = Sealer(b"key", frozenset({"note"}))
    assert entry.change_class is ChangeClass.DRIFT
    assert entry.last_change.before == sealer.show("note", "y") == entry.after
    assert isinstance(entry.last_change.after, Sealed)


# -- what it costs -------------------------------------------------------------------------


def test_only_differing_cases_are_asked_about_and_all_their_pages():
    world = world_of(6, note="y")
    for name in ("c001", "c004"):
        world.edit(name, note="x")
    world.page_size = 10
    world.histories["c001"] = [event(one, ("note", "y", "x")) for one in range(25)]
    cases = [spec_case(f"c{number:03}", note="y") for number in range(6)]
    target = told(world, cases_spec(*cases))
    asked = sorted(about for _, about in world.calls("GetCaseAuditEvents"))
    assert asked == ["c001"] * 3 + ["c004"]
    assert "GetCaseAuditEvents for the history of 2 differing cases" in target.read_by


def test_nothing_is_opened_where_nothing_differs_or_nothing_is_asked():
    def never():
        raise AssertionError("histories were opened")

    for world, most in ((world_of(1, note="y"), 200), (world_of(1, note="x"), 0)):
        reached = replace(access(world), history=never)
        order = an_order(cases_spec(spec_case("c000", note="y")), attribution=most)
        make_plan(order, [reached], "prod", world.clock)
        assert world.calls("GetCaseAuditEvents") == []


def test_beyond_the_number_asked_for_cases_stay_unclassified_and_the_plan_says_so():
    world = world_of(5, note="x")
    cases = [spec_case(f"c{number:03}", note="y") for number in range(5)]
    target = told(world, cases_spec(*cases), most=2)
    assert len(world.calls("GetCaseAuditEvents")) == 2
    classes = [entry.change_class for entry in entries(target)]
    assert classes == ["new", "new", *["unclassified"] * 3]
    assert "histories of 2 of 5 differing cases were read; --attribution 5 reads all" in (
        target.read_by
    )


def test_progress_is_told():
    world = world_of(2, note="x")
    seen = []
    cases = [spec_case(f"c{number:03}", note="y") for number in range(2)]
    audit = HistoryAccess(PatientAudit(world, world.caller()), FakeGit())
    reached = replace(access(world), history=lambda: audit)
    order = an_order(cases_spec(*cases), attribution=9, progress=lambda *one: seen.append(one))
    make_plan(order, [reached], "prod", world.clock)
    assert [one for one in seen if one[0] == "reading histories"] == [
        ("reading histories", 1, 2),
        ("reading histories", 2, 2),
    ]


# -- what cannot be read -------------------------------------------------------------------


def test_what_is_not_allowed_is_asked_once_and_said_once():
    world = world_of(4, note="x")
    world.fail("GetCaseAuditEvents", DENIED)
    cases = [spec_case(f"c{number:03}", note="y") for number in range(4)]
    target = told(world, cases_spec(*cases))
    assert len(world.calls("GetCaseAuditEvents")) == 1
    assert {entry.change_class for entry in entries(target)} == {"unclassified"}
    assert target.read_by.endswith(
        "no history of 4 differing cases could be read, so who changed what is not known: "
        "GetCaseAuditEvents: AccessDenied, ask"
    )


@pytest.mark.parametrize(
    "error",
    [NotFound("gone", code="ResourceNotFoundException"), Unavailable("down", code="x")],
    ids=["gone", "down"],
)
def test_one_history_that_cannot_be_read_leaves_its_case_unclassified(error):
    world = world_of(3, note="x")
    world.fail("GetCaseAuditEvents", error, on="c002")
    cases = [spec_case(f"c{number:03}", note="y") for number in range(3)]
    target = told(world, cases_spec(*cases))
    assert [entry.change_class for entry in entries(target)] == ["new", "new", "unclassified"]
    assert "no history of 1 differing case could be read" in target.read_by


def test_a_signal_ends_the_reading():
    world = world_of(2, note="x")
    world.before("GetCaseAuditEvents", world.stop.set)
    cases = [spec_case(f"c{number:03}", note="y") for number in range(2)]
    with pytest.raises(Stopped):
        told(world, cases_spec(*cases))


@pytest.mark.parametrize(("pages", "code"), [(MOST_PAGES, None), (MOST_PAGES + 1, "endless-pages")])
def test_a_history_is_read_to_a_bound(pages, code):
    world = FakeWorld(page_size=1)
    world.histories["c1"] = [replace(event(1), event_id=str(one)) for one in range(pages)]
    if code is None:
        assert len(read_history(world, "c1", BY_ID)) == pages
        return
    with pytest.raises(CallError) as raised:
        read_history(world, "c1", BY_ID)
    assert raised.value.code == code


def test_an_event_that_two_pages_show_is_one_event():
    world = FakeWorld(page_size=2)
    world.histories["c1"] = [event(1), event(2), event(2), event(3)]
    assert [one.event_id for one in read_history(world, "c1", BY_ID)] == ["e1", "e2", "e3"]


def test_pages_that_repeat_are_an_error():
    class Endless(FakeWorld):
        def _page(self, items, token):
            return (), "again"

    with pytest.raises(CallError, match="repeat"):
        read_history(Endless(), "c1", BY_ID)


# -- what git knows ------------------------------------------------------------------------

MOVED = [applied(1, ("title", "a", "b")), event(3, ("note", "y", "x"))]


def case_of(key="c1", text="y", by_reference=False, line=6, at=7):
    return spec_case(key, by_reference, line, note=spec_field("note", text, line=at))


def moved(git, *specs, **values):
    """The class of the note of c1, which an apply found in sync and an agent moved."""
    world = FakeWorld.holding(live("c1", **{"note": "x", **values}))
    world.histories["c1"] = MOVED
    [entry] = entries(told(world, *specs, git=git))
    return entry.change_class


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        pytest.param(cases_spec(case_of()), "drift", id="wanted the same"),
        pytest.param(cases_spec(case_of(text="z")), "new", id="wanted something else"),
        pytest.param(cases_spec(case_of("c2")), "new", id="was about another case"),
        pytest.param(cases_spec(spec_case("c1", score="5")), "new", id="left the field alone"),
        pytest.param(cases_spec(case_of(), targets=("test",)), "new", id="another target"),
        pytest.param(cases_spec(spec_case("c1", nosuch="y")), "new", id="a field that is gone"),
    ],
)
def test_the_specs_of_a_stamps_commit_say_what_it_found_in_sync(then, expected):
    git = FakeGit({("c1c1c1c1c1c1", "specs/a.yaml"): (then,)})
    assert moved(git, cases_spec(case_of())) == expected


def test_a_case_that_stood_in_another_file_then_is_found():
    git = FakeGit({("c1c1c1c1c1c1", "specs/old.yaml"): (cases_spec(case_of()),)})
    assert moved(git, cases_spec(case_of())) == "drift"
    assert ("grep", "c1c1c1c1c1c1", "c1") in git.asked


def test_a_case_named_by_reference_is_looked_up_by_it():
    spec = cases_spec(case_of("100", by_reference=True))
    git = FakeGit({("c1c1c1c1c1c1", "specs/a.yaml"): (spec,)})
    assert moved(git, spec, reference_number="100") == "drift"


def test_a_policy_is_looked_up_by_its_name():
    spec = policy_spec("rule", leaf("note", "not_equals", "q"), note="y")
    git = FakeGit({("c1c1c1c1c1c1", "specs/p.yaml"): (spec,)})
    assert moved(git, spec) == "drift"
    other = policy_spec("another", leaf("note", "not_equals", "q"), note="y")
    git = FakeGit({("c1c1c1c1c1c1", "specs/p.yaml"): (other,)})
    assert moved(git, spec) == "new"


def test_a_file_of_a_commit_is_read_once_for_all_cases():
    world = world_of(5, note="x")
    names = sorted(world.cases)
    world.histories = {name: MOVED for name in names}
    spec = cases_spec(*(case_of(name) for name in names))
    git = FakeGit({("c1c1c1c1c1c1", "specs/a.yaml"): (spec,)})
    target = told(world, spec, git=git)
    assert {entry.change_class for entry in entries(target)} == {"drift"}
    assert git.asked == [("show", "c1c1c1c1c1c1", "specs/a.yaml")]


def test_more_earlier_specs_than_may_be_read_are_told(monkeypatch):
    monkeypatch.setattr("reconciler.history.past.MOST_PAST_CASES", 1)
    world = FakeWorld.holding(live("c1", note="x"), live("c2", note="x"))
    world.histories = {name: MOVED for name in world.cases}
    files = {name: cases_spec(case_of(name), file=f"specs/{name}.yaml") for name in world.cases}
    git = FakeGit({("c1c1c1c1c1c1", f"specs/{name}.yaml"): (files[name],) for name in files})
    target = told(world, *files.values(), git=git)
    assert [entry.change_class for entry in entries(target)] == ["drift", "new"]
    assert "earlier specs were read up to" in target.read_by


EARLY = LineCommit(datetime.fromisoformat("2026-11-20T14:02:00Z"), "old^")
LATE = LineCommit(datetime.fromisoformat("2026-11-20T14:09:00Z"), "new^")
UNCOMMITTED = LineCommit(None, "HEAD")


@pytest.mark.parametrize(
    ("value", "case", "expected"),
    [
        pytest.param(EARLY, EARLY, "drift", id="both lines are older than the edit"),
        pytest.param(LATE, EARLY, "new", id="the value is younger"),
        pytest.param(EARLY, LATE, "new", id="the case was added later, under old defaults"),
        pytest.param(UNCOMMITTED, EARLY, "new", id="not committed"),
        pytest.param(EARLY, None, "new", id="git does not know"),
    ],
)
def test_the_lines_that_a_wish_hangs_on_say_since_when_it_holds(value, case, expected):
    git = FakeGit(lines={("specs/a.yaml", 7, 7): value, ("specs/a.yaml", 6, 6): case})
    world = FakeWorld.holding(live("c1", note="x"))
    world.histories["c1"] = [event(3, ("note", "y", "x"))]
    [entry] = entries(told(world, cases_spec(case_of()), git=git))
    assert entry.change_class == expected


@pytest.mark.parametrize(("made", "before"), [(LATE, "new^"), (UNCOMMITTED, "HEAD")])
def test_a_spec_that_was_edited_while_it_was_in_sync_is_pending(made, before):
    git = FakeGit(
        {(before, "specs/a.yaml"): (cases_spec(case_of(text="x")),)},
        {("specs/a.yaml", 7, 7): made, ("specs/a.yaml", 6, 6): EARLY},
    )
    world = FakeWorld.holding(live("c1", note="x"))
    [entry] = entries(told(world, cases_spec(case_of()), git=git))
    assert entry.change_class == "pending"


@pytest.mark.parametrize(("end", "expected"), [(EARLY, "drift"), (LATE, "new")])
def test_a_policy_is_as_young_as_its_document(end, expected):
    """From its first line to the one before the next document."""
    rule = policy_spec("rule", leaf("note", "not_equals", "q"), note="y")
    after = replace(policy_spec("after", note="y"), header=header("after", "specs/p.yaml", line=20))
    git = FakeGit(lines={("specs/p.yaml", 7, 7): EARLY, ("specs/p.yaml", 3, 19): end})
    world = FakeWorld.holding(live("c1", note="x"))
    world.histories["c1"] = [event(3, (("note", "y", "x")))]
    target = told(world, rule, replace(after, fields=()), git=git)
    assert entries(target)[0].change_class == expected


@pytest.mark.parametrize(("minute", "expected"), [(3, "drift"), (1, "new")])
def test_a_case_that_was_created_after_its_policy_has_entered_it_wrong(minute, expected):
    rule = policy_spec("rule", leaf("note", "not_equals", "q"), note="y")
    git = FakeGit(lines={("specs/p.yaml", 7, 7): EARLY, ("specs/p.yaml", 3, None): EARLY})
    world = FakeWorld.holding(live("c1", note="x"))
    world.histories["c1"] = [event(minute, ("note", None, "x"), kind="Case.Created")]
    [entry] = entries(told(world, rule, git=git))
    assert entry.change_class == expected


# -- while the cases are still being read --------------------------------------------------


def many_differ(count, **more):
    world = world_of(count, note="x", **more)
    return world, cases_spec(*(spec_case(f"c{at:03}", note="y") for at in range(count)))


def planned(world, spec, most, mode):
    audit = HistoryAccess(PatientAudit(world, world.caller()), FakeGit())
    reached = replace(access(world), history=lambda: audit)
    order = an_order(spec, attribution=most, mode=mode)
    return make_plan(order, [reached], "prod", world.clock).plan.targets[0]


@pytest.mark.parametrize("mode", [Mode.STRICT, Mode.BALANCED, Mode.BULK])
@pytest.mark.parametrize("most", [0, 1, 30, 249, 250, 1_000])
def test_each_history_is_read_once_and_no_more_than_asked_for(mode, most):
    world, spec = many_differ(250)
    target = planned(world, spec, most, mode)
    asked = [about for _, about in world.calls("GetCaseAuditEvents")]
    assert len(set(asked)) == len(asked) == min(most, 250)
    told = {one.case_id for one in target.changes if one.fields[0].change_class == "new"}
    assert told == set(asked)
    confirmed = {Mode.STRICT: 250, Mode.BALANCED: 200, Mode.BULK: 0}[mode]
    assert world.count["GetCase"] == confirmed
    assert world.count["SearchCases"] == (0 if mode is Mode.STRICT else 3)


def test_a_history_is_begun_before_the_last_case_is_read():
    world, spec = many_differ(40)
    begun = threading.Event()
    world.before("GetCaseAuditEvents", begun.set)
    world.before("GetCase", lambda: begun.wait(10), on="c039")
    planned(world, spec, 9, Mode.STRICT)
    log = world.calls()
    assert log.index(("GetCaseAuditEvents", "c000")) < log.index(("GetCase", "c039"))


def test_a_history_is_read_after_its_case_so_that_an_edit_between_the_two_is_seen():
    world, spec = many_differ(40)
    planned(world, spec, 40, Mode.STRICT)
    log = world.calls()
    for case_id in world.cases:
        read = log.index(("GetCase", case_id))
        assert read < log.index(("GetCaseAuditEvents", case_id))


def test_where_planning_fails_no_further_history_is_begun(monkeypatch):
    world, spec = many_differ(200)
    gate = threading.Event()
    world.before("GetCaseAuditEvents", lambda: gate.wait(10))
    shutdown = ThreadPoolExecutor.shutdown

    def cancelling(pool, **how):
        if how.get("cancel_futures"):
            shutdown(pool, wait=False, **how)
            gate.set()
        shutdown(pool)

    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", cancelling)
    other = cases_spec(spec_case("c199", note="z"), name="other", file="specs/b.yaml")
    audit = HistoryAccess(PatientAudit(world, world.caller()), FakeGit())
    reached = replace(access(world), history=lambda: audit)
    order = an_order(spec, other, attribution=1_000, mode=Mode.STRICT)
    with pytest.raises(AuthorErrors):
        make_plan(order, [reached], "prod", world.clock)
    assert len(world.calls("GetCaseAuditEvents")) <= 8  # what was under way is finished
