"""One service, one plan of a few cases, and somebody who does the worst at the worst moments.

All is drawn from one seed and happens in one thread: what the service keeps, which of it a read
shows, when a write that got no reply takes effect, when a process dies, when a second machine
applies the same plan, and when an agent puts the old value back.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from reconciler.errors import OutcomeUnknown, Refused, Transient, Unauthenticated, Unavailable
from reconciler.model.audit import AuditEvent, RecordedChange
from reconciler.model.case import LiveCase
from reconciler.model.value import spelled
from reconciler.service.ports import BatchReply, CasePage, Page, SearchPage
from reconciler.specs.selection import holds

EPOCH = datetime(2026, 12, 1, tzinfo=UTC)
# What the rule bears: together they stay below the second after which a lost write is settled.
LATEST_EFFECT = 0.45  # seconds after a send at which a write without a reply may take effect
STALEST = 0.45  # seconds by which a GetCase may be behind
BEFORE = {"note": "old", "score": 1.0}
AFTER = {"note": "new", "score": 2.0}


class Killed(BaseException):
    """The end of a process: nothing catches it."""


@dataclass(frozen=True)
class Change:
    """One change that took effect; `run` is empty for somebody else's."""

    case: str
    at: float
    values: dict
    by: str
    run: str = ""
    folder: str = ""
    seen: float = 0.0  # of our own: up to when the run had seen the case before it sent


@dataclass(frozen=True)
class Physics:
    """What one world is like."""

    tick: float
    rounds: bool
    skew: float
    stale: float
    audit_lag: float
    index_lag: float
    paged: bool
    lossy: float
    deadly: float
    malice: float


@dataclass
class World:
    """The service, its clock, and the adversary; `nested` starts another machine's apply."""

    random: Random
    physics: Physics
    cases: tuple[str, ...]
    now: float = 100.0
    changes: list[Change] = field(default_factory=list)
    pending: list[Change] = field(default_factory=list)
    nested: Callable[[], None] | None = None
    tokens: dict = field(default_factory=dict)
    mortal: bool = True

    # -- time ------------------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        """Let time pass, and what was on its way arrive."""
        self.now += seconds
        for change in sorted(self.pending, key=lambda one: one.at):
            if change.at <= self.now:
                self.pending.remove(change)
                self.changes.append(change)
        self.changes.sort(key=lambda one: one.at)

    def shown_time(self, at: float) -> str:
        """A moment as the service's clock of updates shows it."""
        tick = self.physics.tick
        ticks = round(at / tick) if self.physics.rounds else at // tick
        return spelled(EPOCH + timedelta(milliseconds=round(ticks * tick * 1000)))

    def date(self) -> str:
        """The Date header of a reply: whole seconds, of a machine of its own."""
        return spelled(EPOCH + timedelta(seconds=int(self.now + self.physics.skew)))

    def step(self, case: str = "") -> None:
        """A moment in which anything may happen."""
        self.advance(self.random.uniform(0.01, 0.15))
        if self.random.random() < self.physics.malice:
            self.meddle(case or self.random.choice(self.cases))
        if self.nested is not None and self.random.random() < 0.15:
            start, self.nested = self.nested, None
            start()
        if self.mortal and self.random.random() < self.physics.deadly:
            raise Killed

    # -- somebody else ---------------------------------------------------------------------

    def meddle(self, case: str) -> None:
        """Somebody changes a case; mostly to what it held before."""
        wrong = {"note": "by hand"}
        choices = [BEFORE, BEFORE, {"note": "old"}, wrong, AFTER, {"other": self.now}]
        values = self.random.choice(choices)
        self.changes.append(Change(case, self.now, dict(values), "arn:agent"))

    # -- state -----------------------------------------------------------------------------

    def state(self, case: str, at: float) -> tuple[dict, float]:
        """The values of a case at a moment, and when it was updated last."""
        values, updated = dict(BEFORE), 0.0
        for change in self.changes:
            if change.case == case and change.at <= at:
                values.update(change.values)
                updated = change.at
        return values, updated

    def live(self, case: str, at: float, ids) -> LiveCase:
        values, updated = self.state(case, at)
        shown = {
            **values,
            "last_updated_datetime": self.shown_time(updated),
        }
        kept = {key: value for key, value in shown.items() if key in ids}
        return LiveCase(case, "tpl-1", kept, {}, self.date())


class Ports:
    """The service as one process sees it; what it has seen of each case is kept for the judge."""

    def __init__(self, world: World, run: str, folder: str) -> None:
        self._world = world
        self.run = run
        self._folder = folder
        self.seen: dict[str, float] = {}
        self.held: dict[str, dict] = {}
        self.sent: set[str] = set()
        self.accepted: set[str] = set()
        self.stamp = ""

    def _fault(self, *errors: Exception) -> None:
        world = self._world
        if world.random.random() < world.physics.lossy / 3:
            raise world.random.choice(errors)

    def get_case(self, case_id, fields, token):
        world = self._world
        world.step(case_id)
        self._fault(Transient("busy", code="x"), Transient("busy", code="x"), DENIED)
        at = world.now - world.random.uniform(0, world.physics.stale)
        ids = [one.id for one in fields]
        first = int(token or 0)
        last = first + 1 if world.physics.paged else len(ids)
        self.seen[case_id] = max(at, world.now - STALEST)
        live = world.live(case_id, at, ids[first:last])
        self.held.setdefault(case_id, {}).update(live.values)
        return CasePage(live, str(last) if last < len(ids) else "")

    def search_cases(self, wanted, fields, token, order=None):
        world = self._world
        world.step()
        self._fault(Transient("busy", code="x"), Unavailable("down", code="x"))
        at = world.now - world.physics.index_lag
        ids = [one.id for one in fields]
        rows = [world.live(case, at, ids) for case in world.cases]
        found = [row for row in rows if wanted is None or holds(wanted.rule, _named(row))]
        for row in found:
            self.seen[row.case_id] = at
            self.held.setdefault(row.case_id, {}).update(row.values)
        return SearchPage(tuple(found))

    def get_case_audit_events(self, case_id, fields, token):
        world = self._world
        world.step(case_id)
        self._fault(Transient("busy", code="x"), DENIED)
        until = world.now - world.physics.audit_lag
        events = [
            AuditEvent(
                event_id=str(number),
                kind="Case.Updated",
                at=world.shown_time(one.at),
                by=one.by,
                principal="",
                changes=tuple(RecordedChange(key, None, one.values[key]) for key in one.values),
            )
            for number, one in enumerate(world.changes)
            if one.case == case_id and one.at <= until
        ]
        world.random.shuffle(events)
        return Page(tuple(events))

    def update_case(self, case_id, values, performed_by):
        self._deliver([case_id], {one.id: value for one, value in values}, performed_by)
        self.accepted.add(case_id)
        self._world.step(case_id)
        return "r"

    def batch_update_cases(self, case_ids, values, performed_by, client_token):
        world = self._world
        failed = {}
        for case_id in case_ids:
            if world.random.random() < world.physics.lossy / 3:
                code = world.random.choice(
                    ["THROTTLED", "CONFLICT", "INTERNAL_ERROR", "VALIDATION"]
                )
                failed[case_id] = (code, "because")
        given = {one.id: value for one, value in values}
        written = [case_id for case_id in case_ids if case_id not in failed]
        untold = [key for key in failed if failed[key][0] == "INTERNAL_ERROR"]
        took = [key for key in untold if world.random.random() < 0.5]
        self.sent.update(case_ids)
        self._deliver(written, given, performed_by, [*took])
        self.accepted.update(written)
        world.step()
        return BatchReply("r", failed)

    def _deliver(self, case_ids, values, performed_by, more=()) -> None:
        """Carry out a write, or not, and now or soon; then the reply comes, or not."""
        world = self._world
        self.sent.update([*case_ids, *more])
        seen = {case: self.seen.get(case, 0.0) for case in [*case_ids, *more]}
        world.step(*case_ids[:1])
        chance = world.random.random()
        if chance < world.physics.lossy / 4:
            raise world.random.choice(
                [Transient("busy", code="t", throttled=True), DENIED, EXPIRED]
            )
        lost = chance < world.physics.lossy
        delay, takes = 0.0, True
        if lost:
            takes = world.random.random() < 0.6
            delay = world.random.choice([0.0, 0.0, world.random.uniform(0, LATEST_EFFECT)])
        if takes:
            for case in [*case_ids, *more]:
                change = Change(
                    case,
                    world.now + delay,
                    dict(values),
                    performed_by,
                    self.run,
                    self._folder,
                    seen[case],
                )
                (world.pending if delay else world.changes).append(change)
        world.step(*case_ids[:1])
        if lost:
            raise OutcomeUnknown("no reply", code="connection")


DENIED = Refused("no", code="AccessDeniedException")
EXPIRED = Unauthenticated("expired", code="ExpiredToken", reason="sign in again")


def _named(row: LiveCase) -> LiveCase:
    return LiveCase(row.case_id, row.template_id, {"case_id": row.case_id, **row.values})


class SimClock:
    """Time passes when somebody waits, and then anything may happen."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self._world.now)

    def monotonic(self) -> float:
        return self._world.now

    def sleep(self, seconds: float, stop: threading.Event | None = None) -> None:
        if seconds > 0:
            end = self._world.now + seconds
            self._world.advance(seconds * self._world.random.random())
            self._world.step()
            self._world.advance(max(0.0, end - self._world.now))
