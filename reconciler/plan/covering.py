"""The fewest batches that give many cases many different values, a few fields at a time.

Whole changes that a hundred cases have alike travel together, as ever. For the rest the fields are
parted into groups, so that within a group many cases change alike; which groups, is found by
joining two of them as long as that saves writes. Every (case, field) is covered exactly once, and
the writes are never more than whole changes would take.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

from reconciler.model.plan import CaseChange, FieldChange, Shown
from reconciler.model.value import FieldId
from reconciler.plan.batching import FEWEST_CASES, MOST_CASES, Batch, batches, fits

MOST_JOINED = 16  # fields that are tried together; the others stay alone
# A rest of a hundred alike cases is a batch of its own from so many values on; else it goes field
# by field. Which of these is the cheapest, is tried.
WORTH = (1, MOST_CASES // 2, MOST_CASES)

# Seconds between two waves of a case, so that its last update is at rest when it is written again:
# only then can a read prove that a write whose reply was lost did not take effect.
REST = 3.0
MANY = 20_000  # cases from which on a mere hint is not worth the search for a cover

Item = tuple[FieldId, Shown, type]  # a field and what it is to hold
Items = frozenset[Item]
NOTHING: Items = frozenset()


@dataclass(frozen=True, slots=True)
class Cover:
    """Waves of batches, one after another, and the cases that go alone with all their fields.

    Within a wave no case stands twice, so that its batches may be under way together.
    """

    waves: tuple[tuple[Batch, ...], ...]
    singles: tuple[CaseChange, ...]

    @property
    def batches(self) -> tuple[Batch, ...]:
        """Every batch, in order."""
        return tuple(batch for wave in self.waves for batch in wave)

    @property
    def writes(self) -> int:
        """How many calls these are."""
        return len(self.batches) + len(self.singles)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Cases that are to hold the same values in some of their fields."""

    items: Items
    cases: tuple[int, ...]


def cover(planned: Sequence[CaseChange]) -> Cover:
    """The cheapest of the covers that are tried; whole changes where nothing is cheaper."""
    plain = _whole(planned)
    parts = _Covering(planned)
    return parts.cover() if parts.writes < plain.writes else plain


class Count(NamedTuple):
    """How much a cover takes."""

    batches: int
    singles: int
    waves: int


def fewest(planned: Sequence[CaseChange]) -> Count:
    """What the cheapest of the covers takes."""
    made, singles = batches(planned)
    parts = _Covering(planned)
    if parts.writes < len(made) + len(singles):
        waves = len({frozenset(field for field, *_ in piece.items) for piece in parts.pieces})
        return Count(len(parts.pieces), len(parts.alone), waves)
    return Count(len(made), len(singles), bool(made))


def at_most(planned: Sequence[CaseChange]) -> Count:
    """What a cover takes at most: each field alone, which is counted much faster than searched."""
    uses = Counter(_item(entry) for change in planned for entry in change.fields)
    alone = sum(
        any(uses[_item(entry)] == 1 or not fits(entry) for entry in change.fields)
        for change in planned
    )
    shared = {item: count for item, count in uses.items() if count > 1}
    made = sum(-(-count // MOST_CASES) for count in shared.values())
    return Count(made, alone, len({field for field, *_ in shared}))


def _whole(planned: Iterable[CaseChange]) -> Cover:
    made, singles = batches(planned)
    return Cover((made,) if made else (), singles)


class _Covering:
    """One search for a cover; cases are known by their place in the plan.

    `pieces` are of whole changes and of groups of fields; the `alone` go one by one.
    """

    def __init__(self, planned: Sequence[CaseChange]) -> None:
        self._planned = planned
        self._items = [frozenset(map(_item, change.fields)) for change in planned]
        alone = self._unlike_any()
        whole, rest = self._alike([at for at in range(len(planned)) if at not in alone])
        pieces = [*whole, *_Grouping(self._items, rest).pieces()]
        self.pieces, lonely = _without_lonely(pieces)
        self.alone = alone | lonely

    @property
    def writes(self) -> int:
        """How many calls these are."""
        return len(self.pieces) + len(self.alone)

    def _unlike_any(self) -> set[int]:
        """The cases that need a call of their own anyway, which then carries all of their fields.

        A value that no other case is to hold, or one that no batch takes. What such a case wants
        besides may leave another case with a value that none shares.
        """
        uses = Counter(item for items in self._items for item in items)
        holders: dict[Item, set[int]] = {}
        for at, items in enumerate(self._items):
            for item in items:
                holders.setdefault(item, set()).add(at)
        todo = [
            at
            for at, change in enumerate(self._planned)
            if not all(map(fits, change.fields)) or any(uses[one] == 1 for one in self._items[at])
        ]
        found: set[int] = set()
        while todo:
            if (at := todo.pop()) in found:
                continue
            found.add(at)
            for item in self._items[at]:
                holders[item].discard(at)
                if len(holders[item]) == 1:
                    todo.extend(holders[item])
        return found

    def _alike(self, cases: Iterable[int]) -> tuple[list[_Piece], list[int]]:
        """Full batches of whole changes, than which nothing is better, and the other cases."""
        alike: dict[Items, list[int]] = {}
        for at in cases:
            alike.setdefault(self._items[at], []).append(at)
        made: list[_Piece] = []
        rest: list[int] = []
        for items, found in alike.items():
            full = len(found) - len(found) % MOST_CASES
            made += (_Piece(items, one) for one in _chunks(found[:full]))
            rest += found[full:]
        return made, sorted(rest)

    def cover(self) -> Cover:
        """The pieces as batches, those about the same fields side by side."""
        waves: dict[tuple[FieldId, ...], list[Batch]] = {}
        for piece in self.pieces:
            ids = tuple(sorted(field for field, *_ in piece.items))
            parts = (_part(self._planned[at], ids) for at in piece.cases)
            waves.setdefault(ids, []).append(Batch(tuple(parts)))
        ordered = sorted(waves.items(), key=lambda wave: (-len(wave[0]), wave[0]))
        return Cover(
            tuple(tuple(made) for _, made in ordered),
            tuple(self._planned[at] for at in sorted(self.alone)),
        )


class _Grouping:
    """The fields of some cases, parted into groups: as cheap as joining two at a time gets."""

    def __init__(self, items: Sequence[Items], cases: Sequence[int]) -> None:
        self._cases = cases
        self._items = [{item[0]: frozenset([item]) for item in items[at]} for at in cases]

    def pieces(self) -> Iterator[_Piece]:
        """What each group asks for, in the cheaper way for its small rests."""
        uses = Counter(field for items in self._items for field in items)
        by_use = sorted(uses, key=lambda field: (-uses[field], field))
        for column in self._joined([self._column(field) for field in by_use[:MOST_JOINED]]):
            yield from self._of_group(column)
        for field in by_use[MOST_JOINED:]:
            yield from self._of_group(self._column(field))

    def _column(self, field: FieldId) -> list[Items]:
        """What each case is to hold in a field, in the cases' order."""
        return [items.get(field, NOTHING) for items in self._items]

    def _joined(self, groups: list[list[Items]]) -> list[list[Items]]:
        """The groups' columns, after every joining of two that saves writes; the best first."""
        costs = [_cheapest(Counter(one))[0] for one in groups]
        saved: dict[tuple[int, int], int] = {}
        living = set(range(len(groups)))
        fresh: Iterable[tuple[int, int]] = combinations(range(len(groups)), 2)
        while True:
            for one, other in fresh:
                both = _cheapest(_together(groups[one], groups[other]))[0]
                saved[one, other] = costs[one] + costs[other] - both
            best = max(saved, key=lambda pair: saved[pair], default=None)
            if best is None or saved[best] <= 0:
                return [groups[at] for at in sorted(living)]
            living -= set(best)
            saved = {pair: won for pair, won in saved.items() if not set(best) & set(pair)}
            joined = _both(*(groups[at] for at in best))
            groups.append(joined)
            costs.append(_cheapest(Counter(joined))[0])
            new = len(groups) - 1
            fresh = [(at, new) for at in sorted(living)]
            living.add(new)

    def _of_group(self, column: Sequence[Items]) -> Iterator[_Piece]:
        worth = _cheapest(Counter(column))[1]
        found: dict[Items, list[int]] = {}
        for at, items in zip(self._cases, column, strict=True):
            if items:
                found.setdefault(items, []).append(at)
        alone: dict[Items, list[int]] = {}
        for items, cases in found.items():
            kept = _kept(len(items), len(cases), worth)
            yield from (_Piece(items, one) for one in _chunks(cases[:kept]))
            for item in items if kept < len(cases) else ():
                alone.setdefault(frozenset([item]), []).extend(cases[kept:])
        for items, cases in alone.items():
            yield from (_Piece(items, one) for one in _chunks(sorted(cases)))


def _both(one: Sequence[Items], other: Sequence[Items]) -> list[Items]:
    """The column of two groups joined; what is alike is one object, whose hash is made once."""
    known: dict[tuple[Items, Items], Items] = {}
    pairs = zip(one, other, strict=True)
    return [known.get(pair) or known.setdefault(pair, pair[0] | pair[1]) for pair in pairs]


def _together(one: Sequence[Items], other: Sequence[Items]) -> Mapping[Items, int]:
    """How many cases are to hold what, of two groups joined."""
    return {a | b: count for (a, b), count in Counter(zip(one, other, strict=True)).items()}


def _cheapest(uses: Mapping[Items, int]) -> tuple[int, int]:
    """The fewest writes for a group, and from how many values on a rest is kept together."""
    return min((_writes(uses, worth), worth) for worth in WORTH)


def _writes(uses: Mapping[Items, int], worth: int) -> int:
    total, alone = 0, Counter[Item]()
    for items, count in uses.items():
        if items:
            kept = _kept(len(items), count, worth)
            total += -(-kept // MOST_CASES)
            for item in items if kept < count else ():
                alone[item] += count - kept
    return total + sum(-(-count // MOST_CASES) for count in alone.values())


def _kept(fields: int, count: int, worth: int) -> int:
    """How many of the cases that are to hold the same in a group stay together."""
    rest = count % MOST_CASES
    if fields > 1 and rest * fields >= worth:
        return count
    return count - rest


def _without_lonely(pieces: Iterable[_Piece]) -> tuple[list[_Piece], set[int]]:
    """The pieces without the cases of which one is a single case's: those go alone, and whole."""
    left, lonely = list(pieces), set[int]()
    while fresh := {one.cases[0] for one in left if len(one.cases) < FEWEST_CASES}:
        lonely |= fresh
        smaller = (
            replace(one, cases=tuple(at for at in one.cases if at not in fresh)) for one in left
        )
        left = [one for one in smaller if one.cases]
    return left, lonely


def _chunks(cases: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for at in range(0, len(cases), MOST_CASES):
        yield tuple(cases[at : at + MOST_CASES])


def _item(entry: FieldChange) -> Item:
    return entry.id, entry.after, type(entry.after)


def _part(change: CaseChange, ids: Collection[FieldId]) -> CaseChange:
    return replace(change, fields=tuple(entry for entry in change.fields if entry.id in ids))
