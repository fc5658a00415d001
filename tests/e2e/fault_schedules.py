"""What is to go wrong in one run of the fault suite, all of it drawn from one seed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

MODES = ("strict", "balanced", "bulk")
TEXTS = ("Root cause", "Next step", "Note", "Country")
# No spec of this suite names it; somebody else edits it now and then.
UNMANAGED = "Summary"
REAL_KILL_EVERY = 16  # every so many-th seed kills a real process, which takes much longer

# What a rule may do, and how often it is drawn.
KINDS = {
    "throttle": 4,
    "error": 4,
    "unavailable": 2,
    "delay": 1,
    "cut-before": 4,
    "cut-after": 5,
    "half-body": 4,
    "conflict": 1,
    "proxy-before": 3,
    "proxy-after": 4,
    "expired": 1,
}
PROXY_STATUSES = (301, 302, 400, 403, 404, 408, 429, 499, 500, 502, 503)
OPERATIONS = ("GetCase", "UpdateCase", "BatchUpdateCase", "SearchCases", "*")
WRITES = ("UpdateCase", "BatchUpdateCase")
READS = ("GetCase", "SearchCases")


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change that somebody else makes to one case.

    `moment` is "planned" (between plan and apply), "between" (the first and the second apply),
    "again" (the second and the third), or "before" or "after", the `nth` time that the program
    reads or writes the case. The values may be those that the plan saw: somebody puts them back.
    """

    case: int
    values: dict[str, Any]
    moment: str
    calls: tuple[str, ...] = ()
    nth: int = 1


@dataclass(frozen=True, kw_only=True)
class Kill:
    """Where the first apply dies.

    `at` is "line" (the journal's line `number`, of which only `share` reaches the disk), "call"
    (the program's call `number`, which is `answered` or not) or "signal" (the same with a process
    of its own and SIGKILL).
    """

    at: str
    number: int
    share: float = 1.0
    answered: bool = False


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One whole schedule."""

    seed: int
    mode: str
    hands: int
    paced: bool
    lag: float
    held: list[dict[str, Any]]
    wanted: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    edits: list[Edit]
    kill: Kill | None
    pauses: dict[str, float] = field(default_factory=dict)
    by_field: bool = False

    def __str__(self) -> str:
        lines = [
            f"seed {self.seed}: mode {self.mode}{' by field' if self.by_field else ''}, "
            f"{self.hands} hands, lag {self.lag} s, "
            f"{'documented' if self.paced else 'unlimited'} quotas, pauses {self.pauses}",
            *(f"  case {at}: wants {wanted}" for at, wanted in enumerate(self.wanted)),
            *(f"  rule {rule}" for rule in self.rules),
            *(f"  {edit}" for edit in self.edits),
            f"  {self.kill}",
        ]
        return "\n".join(lines)


def draw(seed: int) -> Schedule:
    """The schedule of a seed; the same one for ever, as long as this file stays as it is."""
    random = Random(seed)
    real = seed % REAL_KILL_EVERY == 0
    count = random.randint(6, 14)
    held = [_held(random, at) for at in range(count)]
    wanted = _wanted(random, count)
    mode = random.choice((*MODES, "bulk"))
    # In a process of its own waits are real, and the clock of the index would not keep up.
    lag = 0.0 if real or mode != "bulk" else random.choice((0.0, 0.0, 0.2, 1.0, 5.0, 60.0))
    edits = [_edit(random, number, held, wanted) for number in range(random.choice((0, 1, 2, 4)))]
    return Schedule(
        seed=seed,
        mode=mode,
        hands=random.choice((1, 1, 2, 4, 16)),
        paced=not real and random.random() < 0.3,
        lag=lag,
        held=held,
        wanted=wanted,
        rules=[_rule(random, count, mode, quick=real) for _ in range(random.randint(0, 5))],
        edits=[*edits, *_put_back(random, held, wanted)],
        kill=_kill(random, count, mode, real=real),
        pauses={
            "planned": random.choice((0.0, 0.1, 2 * lag)),
            "between": random.choice((0.0, 0.1, lag / 2, 2 * lag)),
            "again": lag + 1,
            # How long ago the cases were updated when the plan is made.
            "held": random.choice((1.0, 3.0, 60.0, 3600.0, 86400.0)),
        },
    )


def draw_by_field(seed: int) -> Schedule:
    """The schedule of a seed in which each case is written in several batches of some fields."""
    random = Random(f"by field {seed}")
    drawn = draw(seed)
    count = len(drawn.held)
    any_of = _wanted_by_field(random)
    wanted = [any_of() for _ in range(count)]
    return replace(
        drawn,
        mode="bulk",
        by_field=True,
        lag=drawn.lag if drawn.mode == "bulk" else 0.0,
        wanted=wanted,
        rules=[_rule(random, count, "bulk", quick=not seed % REAL_KILL_EVERY)
               for _ in range(random.randint(0, 5))],
        edits=[
            *(_edit(random, at, drawn.held, wanted) for at in range(random.choice((0, 1, 2, 4)))),
            *_put_back(random, drawn.held, wanted),
        ],
    )  # fmt: skip


def _wanted_by_field(random: Random) -> Callable[[], dict[str, Any]]:
    """What a case wants: fields of two values each, in any mixture."""
    choices: dict[str, tuple[Any, ...]] = {
        **{name: ("new", "newer") for name in TEXTS},
        "Score": (7, 7.5),
    }
    names = random.sample(sorted(choices), random.randint(2, 4))

    def any_of() -> dict[str, Any]:
        some = [name for name in names if random.random() < 0.8] or names[:1]
        return {name: random.choice(choices[name]) for name in some}

    return any_of


def _held(random: Random, at: int) -> dict[str, Any]:
    texts = {name: random.choice((None, "old", f"old {at}")) for name in TEXTS}
    return {
        **texts,
        "Title": f"Case {at}",
        "Status": "open",
        "Score": random.choice((None, 1, 2.5)),
        "VIP": random.choice((None, False)),
    }


def _wanted(random: Random, count: int) -> list[dict[str, Any]]:
    """Desired values; cases that share a profile can travel in one batch."""
    profiles = [_profile(random) for _ in range(random.randint(1, 3))]
    return [
        random.choice(profiles) if random.random() < 0.75 else _profile(random)
        for _ in range(count)
    ]


def _profile(random: Random) -> dict[str, Any]:
    choices: dict[str, tuple[Any, ...]] = {
        **{name: ("new", "newer", None) for name in TEXTS},
        "Title": ("One title",),
        "Status": ("closed",),
        "Score": (7, 7.5, None),
        "VIP": (True,),
    }
    names = random.sample(sorted(choices), random.randint(1, 4))
    return {name: random.choice(choices[name]) for name in names}


def _rule(random: Random, count: int, mode: str, *, quick: bool) -> dict[str, Any]:
    kind = random.choices(tuple(KINDS), tuple(KINDS.values()))[0]
    rule: dict[str, Any] = {
        "kind": kind,
        "operation": random.choice(OPERATIONS),
        "seed": random.randrange(1000),
        "after": random.choice((0, 0, 1, 3, 8)),
        "rate": random.choice((1.0, 0.5, 0.2)),
        "times": random.randint(1, 6),
    }
    if kind == "conflict" or (mode == "bulk" and random.random() < 0.4):
        rule["operation"] = random.choice(WRITES)
    if random.random() < 0.1:
        rule["times"] = None  # it stays for as long as the first apply lasts
    if kind.startswith("proxy"):
        rule["status"] = random.choice(PROXY_STATUSES)
    if kind == "delay":
        rule["seconds"] = random.choice((0.001, 0.004))
    if kind in ("error", "unavailable", "throttle") and random.random() < 0.4:
        rule["retry_after"] = random.choice((1, 3, 30))
    if kind != "expired" and (random.random() < 0.3 or kind == "conflict"):
        rule["case"] = random.randrange(count)
    if quick:
        rule.update(times=random.randint(1, 2), retry_after=None)
    return rule


def _edit(
    random: Random, number: int, held: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> Edit:
    case = random.randrange(len(wanted))
    moment = random.choice(("planned", "before", "before", "after", "after", "between"))
    calls = random.choice((READS, READS, WRITES)) if moment in ("before", "after") else ()
    return Edit(
        case=case,
        values=_foreign(random, number, held[case], wanted[case]),
        moment=moment,
        calls=calls,
        nth=random.choice((1, 1, 1, 2, 3)),
    )


def _foreign(
    random: Random, number: int, held: dict[str, Any], wanted: dict[str, Any]
) -> dict[str, Any]:
    """Somebody else's values: never what the plan saw, so that no edit looks like none."""
    open_to_all = [name for name in wanted if name not in ("Status", "VIP")]
    if not open_to_all or random.random() < 0.15:
        return {UNMANAGED: f"theirs {number}"}
    values: dict[str, Any] = {}
    for name in random.sample(open_to_all, random.randint(1, min(2, len(open_to_all)))):
        chance = random.random()
        clearable = name != "Title" and held[name] is not None
        if chance < 0.15 and wanted[name] != held[name]:
            values[name] = wanted[name]
        elif chance < 0.3 and clearable:
            values[name] = None
        else:
            values[name] = 1000 + number if name == "Score" else f"theirs {number}"
    return values


def _put_back(
    random: Random, held: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> list[Edit]:
    """Somebody restores what the plan saw, right after our writes or between two applies."""
    edits = []
    for _ in range(random.choice((0, 1, 2, 3))):
        case = random.randrange(len(wanted))
        moment = random.choice(("after", "after", "after", "between", "again", "before"))
        edits.append(
            Edit(
                case=case,
                values={name: held[case].get(name) for name in wanted[case]},
                moment=moment,
                calls=random.choice((WRITES, WRITES, READS))
                if moment in ("before", "after")
                else (),
                nth=random.choice((1, 1, 1, 2)),
            )
        )
    return edits


def _kill(random: Random, count: int, mode: str, *, real: bool) -> Kill | None:
    chance = random.random()
    calls = random.randint(3, 3 * count if mode != "bulk" else count)
    lines = random.randint(1, 2 * count + 1)
    share = random.choice((0.0, 1.0, random.random()))
    answered = random.random() < 0.5
    if real:
        return Kill(at="signal", number=calls, answered=answered)
    if chance < 0.5:
        return Kill(at="line", number=lines, share=share)
    if chance < 0.75:
        return Kill(at="call", number=calls, answered=answered)
    return None
