"""Play one plan in one world: several applies of it, on one machine or two, and judge each."""

import random as global_random
import threading
from dataclasses import dataclass, field, replace
from random import Random
from unittest.mock import patch

from reconciler.apply import bulk, bulk_access, by_field, one_case
from reconciler.apply.resume import Earlier, begun_in
from reconciler.apply.run import ApplyAccess, ApplyOrder, Run
from reconciler.model.calls import CallCounts
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Failed,
    NotAttempted,
    RunFinished,
    RunStarted,
    Unknown,
    Unverified,
)
from reconciler.model.plan import Mode, Plan
from reconciler.plan.batching import Batch, batches
from reconciler.plan.covering import Cover
from reconciler.secrets.sealing import Sealer
from reconciler.service.calling import Caller, Paces
from reconciler.service.patient import PatientAudit, PatientReader, PatientWriter
from tests.builders import BY_ID, a_plan, case_change, field_change, target_plan
from tests.simulation.world import (
    AFTER,
    BEFORE,
    STALEST,
    Change,
    Killed,
    Physics,
    Ports,
    SimClock,
    World,
)

STAMPS = {"plan": "reconcile:aaaa:none", "rest": "reconcile:bbbb:none"}


@dataclass
class Story:
    """What happened, and which laws it broke."""

    world: World
    plan: Plan
    journals: dict[str, list[list]] = field(default_factory=lambda: {"here": [], "there": []})
    outcomes: dict[str, tuple] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=dict)
    applies: int = 0
    parts: bool = False
    by_field: bool = False


def draw_physics(random: Random) -> Physics:
    """What a world is like; each kind of trouble is rare in some and common in others."""
    return Physics(
        tick=random.choice([0.001, 1.0, 1.0]),
        rounds=random.random() < 0.3,
        skew=random.uniform(-0.4, 0.4),
        stale=random.choice([0.0, 0.0, STALEST]),
        audit_lag=random.choice([0.0, 0.0, 3.0, 1e6]),
        index_lag=random.choice([0.0, 0.5, 5.0]),
        paged=random.random() < 0.2,
        lossy=random.choice([0.0, 0.3, 0.6]),
        deadly=random.choice([0.0, 0.01, 0.05]),
        malice=random.choice([0.0, 0.02, 0.1, 0.3]),
    )


def play(seed: int, *, parts: bool = False, by_field: bool = False) -> Story:
    """The whole story of one seed.

    With `parts`, also of applies of single fields; with `by_field`, each case is written a field at
    a time, in several batches.
    """
    random = Random(seed)
    global_random.seed(seed)  # the jitter of retries
    cases = tuple(f"c{at}" for at in range(random.choice([1, 2, 3])))
    world = World(random, draw_physics(random), cases)
    for case in cases:
        if random.random() < 0.5:
            world.changes.append(Change(case, random.uniform(50, 99), {"other": 1}, "arn:agent"))
    world.changes.sort(key=lambda one: one.at)
    changes = [
        replace(
            case_change(case, *(field_change(key, BEFORE[key], AFTER[key]) for key in BEFORE)),
            observed_at=world.shown_time(world.state(case, world.now)[1]),
        )
        for case in cases
    ]
    mode = random.choice([Mode.BALANCED, Mode.BULK]) if not by_field else Mode.BULK
    plan = replace(a_plan(target_plan(*changes)), mode=mode, by_field=by_field)
    story = Story(world, plan, parts=parts, by_field=by_field)
    world.advance(2.0)
    for _ in range(random.randint(1, 4)):
        folder = random.choice(["here", "here", "here", "there"])
        if random.random() < 0.2:
            other = "there" if folder == "here" else "here"
            world.nested = lambda other=other: apply(story, other)
        apply(story, folder)
        world.nested = None
        world.advance(random.choice([0.1, 1.5, 10.0]))
        if random.random() < world.physics.malice * 2:
            world.meddle(random.choice(cases))
    world.advance(10.0)
    _judge_writes(story)
    return story


def apply(story: Story, folder: str) -> None:
    """One apply, in which the process may die."""
    world = story.world
    story.applies += 1
    name = f"run{story.applies}"
    receipt = story.outcomes.get(folder, ())
    kind = "rest" if receipt and world.random.random() < 0.25 else "plan"
    plan = _part(story) if kind == "plan" else story.plan
    record: list = []
    # That no stamp of the other plan is known is the worst case.
    earlier = Earlier(begun_in(story.journals[folder], receipt if kind == "rest" else ()))
    story.journals[folder].append(record)
    ports = Ports(world, name, folder)
    outcomes: tuple = ()
    mortal = world.mortal
    try:
        order = ApplyOrder(
            plan=plan, vault={}, performed_by=STAMPS[kind], run_id=name, earlier=earlier
        )
        outcomes = _carry_out(story, ports, record, order)
        record.append(RunFinished(counts=(), at=""))
        if plan is story.plan:
            story.outcomes[folder] = outcomes
    except Killed:
        story.met["kills"] = story.met.get("kills", 0) + 1
    world.mortal = mortal
    _judge_words(story, ports, plan, outcomes)


def _part(story: Story) -> Plan:
    """The plan, or where parts of it are applied, often only what it says of one field."""
    random = story.world.random
    if not story.parts or random.random() < 0.4:
        return story.plan
    chosen = random.choice(list(BEFORE))
    story.met["parts"] = story.met.get("parts", 0) + 1
    [target] = story.plan.targets
    changes = tuple(
        replace(one, fields=tuple(entry for entry in one.fields if entry.id == chosen))
        for one in target.changes
    )
    return replace(story.plan, targets=(replace(target, changes=changes),))


def _carry_out(story, ports, record, order) -> tuple:
    """As workflow/apply does it, in one thread."""
    world = story.world
    clock, stop = SimClock(world), threading.Event()
    caller = Caller(clock, Paces(clock, None, 1.0), stop, CallCounts())

    def put(event) -> None:
        if world.mortal and world.random.random() < world.physics.deadly:
            if world.random.random() < 0.5:
                record.append(event)
            raise Killed
        record.append(event)

    access = ApplyAccess(
        reader=PatientReader(ports, caller),
        writer=PatientWriter(ports, caller),
        sealer=Sealer(b"", frozenset()),
        audit=PatientAudit(ports, caller, finish=True),
        catalog=BY_ID,
        attribution=(BY_ID["last_updated_datetime"],),
    )
    put(START)
    run = Run(order, put, stop, clock)
    [target] = order.plan.targets
    outcomes, left = [], list(target.changes)
    if story.by_field:
        with patch.multiple(by_field, in_order=_in_turn, cover=_a_field_at_a_time):
            shared = bulk_access.BulkAccess(access)
            told = by_field.by_field(run, target, left, shared, 1)
            left = yield_all(told, outcomes)
    elif story.plan.mode is Mode.BULK:
        made, singles = batches(left)
        left = list(singles)
        shared = bulk_access.BulkAccess(access)
        for batch in made:
            ended, alone = bulk.BatchRun(target, batch, shared, run).outcomes()
            outcomes += ended
            left += alone
    for change in left:
        outcomes.append(run.ended(one_case.CaseRun(target, change, access, run).outcome()))
    return tuple(outcomes)


def _in_turn(work, items, hands):
    return map(work, items)


def _a_field_at_a_time(planned) -> Cover:
    """The cover in which most happens between the batches of a case."""
    ids = {entry.id for change in planned for entry in change.fields}
    waves = []
    for field_id in sorted(ids):
        parts = [
            replace(change, fields=tuple(one for one in change.fields if one.id == field_id))
            for change in planned
        ]
        batch = Batch(tuple(part for part in parts if part.fields))
        waves.append((batch,))
    return Cover(tuple(waves), ())


def yield_all(told, outcomes: list):
    """What a generator returns, and all that it yields put into a list."""
    while True:
        try:
            outcomes.append(next(told))
        except StopIteration as end:
            return end.value


START = RunStarted(
    run_id="r",
    plan_digest="d",
    changes_digest="",
    commit="",
    actor="",
    mode="",
    tool_version="",
    cases=1,
    at="",
)


# -- the laws --------------------------------------------------------------------------------


def _judge_writes(story: Story) -> None:
    """No write of ours ever replaces what somebody else wrote, but within the documented windows.

    The windows: what the run had not been able to see when it read the case last, unless it had
    written the case already; and another machine's writes where the audit history is late.
    """
    world = story.world
    for number, write in enumerate(world.changes):
        if not write.run:
            continue
        before = [one for one in world.changes[:number] if one.case == write.case]
        for name in BEFORE.keys() & write.values.keys():
            touched = [one for one in before if name in one.values]
            foreign = touched[-1] if touched and not touched[-1].run else None
            if foreign is None:
                continue
            ours = [one for one in touched if one.run and one.at < foreign.at]
            again = any(one.run == write.run for one in ours)
            if foreign.at > write.seen and not again:
                continue
            if story.by_field and _in_an_earlier_window(before, write, foreign):
                continue
            known = [
                one for one in ours if one.folder == write.folder or not world.physics.audit_lag
            ]
            if foreign.values[name] != BEFORE[name] or known:
                story.broken.append(
                    f"{write.run} wrote {name} of {write.case} at {write.at:.2f}, as it was seen "
                    f"at {write.seen:.2f}, over what somebody put there at {foreign.at:.2f}"
                )


def _in_an_earlier_window(before: list, write: Change, foreign: Change) -> bool:
    """Whether an edit came between guard and write of an earlier batch of the same case.

    The write of whole changes would have met it there just so.
    """
    mine = [one for one in before if one.run == write.run]
    return any(one.seen < foreign.at <= one.at for one in mine)


def _judge_words(story: Story, ports: Ports, plan: Plan, outcomes: tuple) -> None:
    """What is said of a case is so."""
    world, name = story.world, ports.run
    [target] = plan.targets
    after = {entry.id: entry.after for change in target.changes for entry in change.fields}
    for one in outcomes:
        story.met[type(one).__name__] = story.met.get(type(one).__name__, 0) + 1
        case = one.case_id
        mine = [
            change
            for change in [*world.changes, *world.pending]
            if change.run == name and change.case == case
        ]
        plans = [change for change in world.changes if change.run and change.case == case]
        written = set(getattr(one, "written", ()))
        if written:
            story.met["partly written"] = story.met.get("partly written", 0) + 1
        held = {key: ports.held.get(case, {}).get(key) for key in after}
        broken = {
            "applied": isinstance(one, Applied) and not (plans and case in ports.sent),
            "already done, of its own": isinstance(one, AlreadyDone)
            and bool(mine)
            and not world.physics.audit_lag
            and not world.physics.lossy,
            "done": isinstance(one, Applied | AlreadyDone) and held != after,
            "nothing was changed": isinstance(one, Failed | NotAttempted)
            and bool({key for change in mine for key in change.values} - written),
            "accepted": case in ports.accepted
            and not isinstance(one, Applied | Unverified | Unknown)
            and not written,
            "written": bool(written - _sent(plans, world, case)),
        }
        story.broken += [
            f"{name} says of {case}: {what}" for what, wrong in broken.items() if wrong
        ]
    ended = {one.case_id for one in outcomes}
    if outcomes and len(ended) != len(world.cases):
        story.broken.append(f"{name} says something of {ended} only")


def _sent(plans: list, world: World, case: str) -> set[str]:
    """The fields of a case that any run of ours wrote, or somebody else put to the same."""
    changes = [*plans, *(one for one in world.changes if one.case == case)]
    return {
        key for one in changes for key in one.values if one.run or one.values[key] == AFTER.get(key)
    }
