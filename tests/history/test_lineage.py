"""Which class a difference is of and who made it, rule by rule, and against a told story."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.history.lineage import MOST_ORDERS, trace
from reconciler.history.stamp import stamp
from reconciler.model.audit import AuditEvent, RecordedChange, UnreadableValue
from reconciler.model.classes import ChangeClass
from reconciler.model.value import spelled
from reconciler.specs.diff import Difference
from tests.builders import desired_field
from tests.fakes import NOW

CONFLICT, DRIFT, PENDING, NEW, UNCLASSIFIED = ChangeClass
AGENT = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/j.doe"
STRANGE = UnreadableValue("mapValue")


def at(minute):
    return NOW + timedelta(minutes=minute)


def event(minute, *changes, by=AGENT, kind="Case.Updated", name=""):
    """One event; a change is (before, after) of the note, or (field, before, after)."""
    full = (one if len(one) == 3 else ("note", *one) for one in changes)
    return AuditEvent(
        event_id=name or f"e{minute}",
        kind=kind,
        at=spelled(at(minute)),
        by=by,
        principal="arn:aws:iam::111122223333:role/app",
        changes=tuple(RecordedChange(*one) for one in full),
    )


def applied(minute, *changes, commit="c1"):
    return event(minute, *changes, by=stamp("d" * 64, commit and commit * 6))


def rolled_back(minute, *changes):
    return event(minute, *changes, by=stamp("d" * 64, "c1" * 6, rollback=True))


def created(minute, *changes):
    return event(minute, *changes, kind="Case.Created")


OTHER = ("title", "x", "y")  # a write of another field


@dataclass
class Git:
    """What git knows: each commit's wish, when the line was committed, and what it replaced."""

    commits: dict[str, object] = field(default_factory=dict)
    line: datetime | None = None
    replaced: object = None

    def wanted(self, commit):
        return (self.commits[commit],) if commit in self.commits else ()

    def since(self):
        return self.line

    def before(self):
        return () if self.replaced is None else (self.replaced,)


def story(live, desired, *events, wanted=None, since=None, before=None, policy=""):
    difference = Difference(desired_field("note", desired, policy=policy), live)
    commits = {"c1" * 6: wanted} if wanted is not None else {}
    return trace(difference, events, Git(commits, since, before))


@pytest.mark.parametrize(
    ("traced", "expected"),
    [
        pytest.param(story("a", "b"), NEW, id="no history"),
        pytest.param(story("a", "b", event(1, (None, "a"))), NEW, id="only a stranger's write"),
        pytest.param(story("a", "b", applied(1, ("x", "a"))), PENDING, id="still as applied"),
        pytest.param(
            story("a", "b", applied(1, ("x", "b")), event(2, ("b", "a"))), DRIFT, id="moved away"
        ),
        pytest.param(story("a", "b", applied(1, ("x", "b"))), DRIFT, id="moved, and nobody says"),
        pytest.param(
            story("a", "b", applied(1, ("x", "c")), event(2, ("c", "a"))), CONFLICT, id="both moved"
        ),
        pytest.param(
            story("a", "b", applied(1, ("x", "a")), event(2, ("a", "z")), event(3, ("z", "a"))),
            PENDING,
            id="moved away and back",
        ),
        pytest.param(
            story("a", "b", applied(1, ("x", "b")), applied(2, ("b", "c")), event(3, ("c", "a"))),
            CONFLICT,
            id="the newest stamp counts",
        ),
        pytest.param(
            story("a", "b", applied(1, ("x", None)), event(2, (None, "a"))),
            CONFLICT,
            id="cleared by apply",
        ),
        pytest.param(
            story(None, "b", applied(1, ("x", "b")), event(2, ("b", None))), DRIFT, id="emptied"
        ),
        pytest.param(
            story("a", None, applied(1, ("x", None)), event(2, (None, "a"))), DRIFT, id="filled"
        ),
        # A rollback is an apply of what it wrote.
        pytest.param(
            story("a", "b", applied(1, ("a", "b")), rolled_back(2, ("b", "a"))),
            PENDING,
            id="rolled back",
        ),
        pytest.param(
            story(
                "z", "b", applied(1, ("a", "b")), rolled_back(2, ("b", "a")), event(3, ("a", "z"))
            ),
            CONFLICT,
            id="rolled back, then moved",
        ),
        # An apply that wrote another field found this one in sync.
        pytest.param(
            story("a", "b", applied(1, OTHER), event(2, ("b", "a")), wanted="b"),
            DRIFT,
            id="found in sync, told by the event after",
        ),
        pytest.param(
            story(
                "a", "b", event(1, (None, "b")), applied(2, OTHER), event(3, ("b", "a")), wanted="b"
            ),
            DRIFT,
            id="found in sync, told by the event before",
        ),
        pytest.param(
            story("a", "b", applied(1, OTHER), wanted="a"), PENDING, id="in sync and never touched"
        ),
        pytest.param(
            story("a", "b", applied(1, OTHER), event(2, ("c", "a")), wanted="c"),
            CONFLICT,
            id="found in sync, then both moved",
        ),
        pytest.param(
            story("a", "b", applied(1, OTHER), event(2, ("z", "a")), wanted="b"),
            NEW,
            id="not in sync then",
        ),
        pytest.param(
            story("a", "b", applied(1, OTHER), event(2, ("b", "a"))), NEW, id="a commit git lacks"
        ),
        pytest.param(
            story("a", "b", applied(1, OTHER, commit=""), event(2, ("b", "a")), wanted="b"),
            NEW,
            id="a stamp without a commit",
        ),
        pytest.param(
            story("a", "b", rolled_back(1, OTHER), event(2, ("b", "a")), wanted="b"),
            NEW,
            id="a rollback finds nothing in sync",
        ),
        pytest.param(
            story(
                "z", "b", applied(1, ("x", "a"), commit="c2"), event(2, ("a", "b")),
                applied(3, OTHER), event(4, ("b", "z")), wanted="b",
            ),
            DRIFT,
            id="found in sync after it was written",
        ),
        # Never stamped: git says since when the spec says so.
        pytest.param(
            story("a", "b", event(5, ("b", "a")), since=at(1)), DRIFT, id="left the committed value"
        ),
        pytest.param(story("a", "b", event(5, ("b", "a")), since=at(9)), NEW, id="left it before"),
        pytest.param(story("a", "b", event(5, ("b", "a"))), NEW, id="not committed"),
        pytest.param(
            story("a", "b", event(5, ("z", "a")), since=at(1)), NEW, id="never was as wanted"
        ),
        pytest.param(
            story("a", "b", created(5, (None, "a")), since=at(1), policy="p"),
            DRIFT,
            id="a policy's case, created wrong",
        ),
        pytest.param(
            story("a", "b", created(5, (None, "a")), since=at(9), policy="p"),
            NEW,
            id="a policy's case, created before it",
        ),
        pytest.param(
            story("a", None, created(5, (None, "a")), since=at(1)), NEW, id="creation leaves none"
        ),
        # A spec that took over what was live agrees with it, though nothing had to be applied.
        pytest.param(
            story(
                "a", "b", applied(1, ("x", "a")), event(2, ("a", "b")), event(5, ("b", "a")),
                since=at(3),
            ),
            DRIFT,
            id="accepted, then moved back to what was applied once",
        ),
        pytest.param(
            story(
                "z", "b", applied(1, ("x", "a")), event(2, ("a", "b")), event(5, ("b", "z")),
                since=at(3),
            ),
            DRIFT,
            id="accepted, then moved on",
        ),
        pytest.param(
            story(
                "z", "b", applied(1, ("x", "a")), event(2, ("a", "b")), event(3, ("b", "z")),
                since=at(4),
            ),
            CONFLICT,
            id="accepted too late",
        ),
        # What was live while the specs wanted it is agreed on, though nothing was ever applied.
        pytest.param(
            story("a", "b", event(1, ("x", "a")), since=at(3), before="a"), PENDING, id="edited"
        ),
        pytest.param(story("a", "b", before="a"), PENDING, id="edited, and not committed yet"),
        pytest.param(
            story("z", "b", event(5, ("a", "z")), since=at(3), before="a"),
            CONFLICT,
            id="edited, then moved",
        ),
        pytest.param(
            story("z", "b", event(2, ("a", "z")), since=at(3), before="a"),
            NEW,
            id="moved before the edit",
        ),
        pytest.param(
            story("z", "b", applied(1, ("x", "b")), event(2, ("b", "z")), since=at(3), before="z"),
            PENDING,
            id="accepted, then edited back to what was applied once",
        ),
        pytest.param(
            story("b", "z", event(1, ("x", "a")), applied(5, ("a", "b")), since=at(3), before="a"),
            PENDING,
            id="a stamp is newer than the edit",
        ),
        pytest.param(
            story("a", "b", event(5, (STRANGE, "a")), since=at(3), before="a"),
            UNCLASSIFIED,
            id="unreadable when the spec was edited",
        ),
        # What cannot be read decides nothing.
        pytest.param(
            story("a", "b", applied(1, ("x", STRANGE))), UNCLASSIFIED, id="applied unreadable"
        ),
        pytest.param(
            story("a", "b", applied(1, OTHER), event(2, (STRANGE, "a")), wanted="b"),
            UNCLASSIFIED,
            id="unreadable when found",
        ),
        pytest.param(
            story("a", "b", event(5, (STRANGE, "a")), since=at(1)),
            UNCLASSIFIED,
            id="left the unreadable",
        ),
        pytest.param(
            story("a", "b", event(1, ("x", STRANGE)), applied(2, (STRANGE, "a"))),
            PENDING,
            id="unreadable and of no matter",
        ),
    ],
)  # fmt: skip
def test_the_class_of_a_difference(traced, expected):
    assert traced.change_class is expected


def test_the_last_change_is_the_newest_event_that_explains_the_live_value():
    events = [applied(1, ("x", "b")), event(2, ("b", "z")), event(3, ("z", "a")), event(4, OTHER)]
    assert story("a", "b", *reversed(events)).last == events[2]
    assert story("q", "b", *events).last is None
    assert story("a", "b").last is None


def test_whoever_wrote_the_same_value_again_is_not_the_one_who_changed_it():
    moved, again = event(2, ("a", "b")), event(3, ("b", "b"), by="somebody else")
    assert story("b", "a", applied(1, (None, "a")), moved, again).last == moved


def test_the_order_that_events_come_in_does_not_matter():
    events = [applied(1, ("x", "b")), event(2, ("b", "z")), event(3, ("z", "a"))]
    for given_order in (events, events[::-1], [events[1], events[0], events[2]]):
        traced = story("a", "b", *given_order)
        assert (traced.change_class, traced.last) == (DRIFT, events[2])


def test_fractions_of_a_second_are_not_compared_as_text():
    early = event(1, ("b", "z"))
    late = AuditEvent(
        event_id="late", kind="Case.Updated", at=early.at[:-1] + ".5Z", by=AGENT, principal="",
        changes=(RecordedChange("note", "z", "a"),),
    )  # fmt: skip
    assert story("a", "b", late, early).last == late


def test_events_of_one_time_are_put_in_the_order_in_which_their_values_follow():
    wrote, moved = applied(1, ("x", "b"), commit="c1"), event(1, ("b", "a"), name="moved")
    for events in ([wrote, moved], [moved, wrote]):
        traced = story("a", "b", *events)
        assert (traced.change_class, traced.last) == (DRIFT, moved)


def test_events_of_one_time_that_fit_in_several_orders_leave_the_class_open():
    one, other = applied(1, ("x", "a")), applied(1, ("x", "b"))
    assert story("z", "c", one, other).change_class is CONFLICT, "whichever came last"
    assert story("z", "b", one, other).change_class is UNCLASSIFIED


def test_more_events_of_one_time_than_can_be_ordered_leave_the_class_open():
    events = [event(1, (str(one), str(one + 1)), name=f"e{one}") for one in range(6)]
    assert story("6", "b", *events).change_class is UNCLASSIFIED
    pairs = [event(one // 2, ("x", "y"), name=f"p{one}") for one in range(16)]
    assert MOST_ORDERS < 2**8
    assert story("6", "b", *pairs).change_class is UNCLASSIFIED


# -- against a story whose truth is known ---------------------------------------------------

values = st.sampled_from("abc")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("spec"), values),
        st.tuples(st.just("apply"), st.booleans()),
        st.tuples(st.just("agent"), values),
        st.tuples(st.just("rollback"), st.just(None)),
    ),
    max_size=14,
)


@dataclass
class Told:
    """One field through time, and what is true of it, as far as any history can show it."""

    live: str = "a"
    desired: str | None = None
    committed: datetime | None = None
    stamped: str | None = None
    replaced: str | None = None  # by the newest edit of the spec, while it was live
    left: bool = False  # since the last stamp, and since the spec says what it says
    before_apply: str | None = None
    events: list = field(default_factory=list)
    git: Git = field(default_factory=Git)

    def step(self, minute, what, value):
        getattr(self, f"_{what}")(minute, value)

    def _spec(self, minute, value):
        if value != self.desired:
            self.git.replaced = self.desired
            self.replaced = self.desired if self.desired == self.live else None
            self.desired, self.committed, self.left = value, at(minute), False

    def _apply(self, minute, writes_another_field):
        if self.desired is None:
            return
        commit = f"{minute:012x}"
        self.git.commits[commit] = self.desired
        changes = [OTHER] if writes_another_field else []
        if self.live != self.desired:
            changes.append((self.live, self.desired))
            self.before_apply, self.live = self.live, self.desired
        if changes:  # a case that is wholly in sync is not written, and nothing shows
            self.stamped, self.replaced, self.left = self.desired, None, False
            self.events.append(event(minute, *changes, by=stamp("d" * 64, commit)))

    def _agent(self, minute, value):
        if value != self.live:
            self.left = self.left or self.live == self.desired
            self.events.append(event(minute, (self.live, value)))
            self.live = value

    def _rollback(self, minute, _):
        if self.before_apply is not None and self.before_apply != self.live:
            self.events.append(rolled_back(minute, (self.live, self.before_apply)))
            self.live = self.stamped = self.before_apply
            self.replaced, self.left = None, False

    @property
    def truth(self):
        if self.left:
            return DRIFT
        agreed = self.replaced or self.stamped
        if agreed is None:
            return NEW
        if self.live == agreed:
            return PENDING
        return DRIFT if self.desired == agreed else CONFLICT


@settings(max_examples=400)
@given(steps=steps, shuffle=st.randoms())
def test_every_story_is_told_as_it_happened(steps, shuffle):
    told = Told()
    for minute, (what, value) in enumerate(steps, 1):
        told.step(minute, what, value)
    if told.desired is None or told.desired == told.live:
        return
    told.git.line = told.committed
    newest = next((one for one in reversed(told.events) if one.change_of("note")), None)
    shuffle.shuffle(told.events)
    traced = trace(
        Difference(desired_field("note", told.desired), told.live), told.events, told.git
    )
    assert traced.change_class is told.truth
    assert traced.last == newest
