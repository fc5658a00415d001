"""The changes of one target as the few rows that a reviewer has to read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reconciler.model.classes import TOUCHED, URGENCY, ChangeClass
from reconciler.model.diagnostic import Source
from reconciler.model.plan import CaseChange, FieldChange, LastChange, TargetPlan

EACH = 4  # rows a field may have; its other changes share one more


@dataclass(slots=True)
class Row:
    """One change that many cases share; `others` holds the rows that this one stands for."""

    entry: FieldChange
    first: CaseChange
    cases: int = 0
    places: dict[Source, None] = field(default_factory=dict)
    others: tuple["Row", ...] = ()


@dataclass(slots=True)
class Touch:
    """What somebody did to a field of many cases since it was last applied."""

    kind: ChangeClass
    entry: FieldChange
    last: LastChange | None
    first: CaseChange
    cases: int = 0
    latest: str = ""


def rows(target: TargetPlan) -> Iterator[Row]:
    """Conflicts first, then drift; the fields changed most first; at most EACH rows a field."""
    found: dict[tuple[object, ...], Row] = {}
    for change in target.changes:
        for entry in change.fields:
            row = found.setdefault(_alike(entry), Row(entry, change))
            row.cases += 1
            row.places[entry.source] = None
    by_field: dict[tuple[ChangeClass, str], list[Row]] = {}
    for row in found.values():
        by_field.setdefault((row.entry.change_class, row.entry.id), []).append(row)
    parts = sorted(by_field.items(), key=lambda item: (URGENCY[item[0][0]], _most(item[1])))
    for _, alike in parts:
        yield from _shortened(sorted(alike, key=lambda row: (-row.cases, row.first.case_id)))


def _alike(entry: FieldChange) -> tuple[object, ...]:
    # True and 1.0 are one dictionary key in Python, and two values here.
    kinds = (type(entry.before), type(entry.after))
    return (
        entry.change_class, entry.id, entry.before, entry.after, kinds, entry.policy,
        entry.overrides,
    )  # fmt: skip


def _most(alike: Iterable[Row]) -> int:
    return -sum(row.cases for row in alike)


def _shortened(alike: list[Row]) -> Iterator[Row]:
    if len(alike) <= EACH + 1:
        yield from alike
        return
    # Where every case has a change of its own, no row says more than another.
    kept = EACH if alike[0].cases > 1 else 0
    yield from alike[:kept]
    rest = alike[kept:]
    places = {place: None for row in rest for place in row.places}
    yield Row(rest[0].entry, rest[0].first, -_most(rest), places, tuple(rest))


def touches(target: TargetPlan) -> list[Touch]:
    """Who changed what that is drift or conflict now; conflicts first, then the most cases."""
    found: dict[tuple[object, ...], Touch] = {}
    for change in target.changes:
        for entry in change.fields:
            kind = entry.change_class
            if kind not in TOUCHED:
                continue
            last = entry.last_change
            who = (last.by, last.principal, last.before, last.after) if last else ()
            touch = found.setdefault((kind, entry.id, *who), Touch(kind, entry, last, change))
            touch.cases += 1
            touch.latest = max(touch.latest, last.at if last else "")
    return sorted(found.values(), key=lambda one: (TOUCHED.index(one.kind), -one.cases))
