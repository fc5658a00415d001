"""The lines in which two texts differ, in time linear to their length where most are alike.

difflib looks for the longest common run again for every hunk, so that ten thousand changed values
of one file take it minutes. Lines that stand once in both texts are anchors here (as in patience
diff), and difflib sees what is between them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

CONTEXT = 3

Lines: TypeAlias = Sequence[str]
Change: TypeAlias = tuple[int, int, int, int]  # old from, old to, new from, new to


def unified(old: Lines, new: Lines, old_name: str, new_name: str) -> Iterator[str]:
    """A unified diff with three lines of context; nothing where the texts are the same."""
    first = True
    for hunk in _hunks(changes(old, new)):
        if first:
            yield f"--- {old_name}\n"
            yield f"+++ {new_name}\n"
            first = False
        yield from _hunk(hunk, old, new)


def changes(old: Lines, new: Lines) -> Iterator[Change]:
    """Every run of lines that is replaced, in order."""
    start = 0
    most = min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a, b = start, start
    for x, y in _anchors(old, new, start, end):
        yield from _between(old, new, (a, x, b, y))
        a, b = x + 1, y + 1
    yield from _between(old, new, (a, len(old) - end, b, len(new) - end))


def _anchors(old: Lines, new: Lines, start: int, end: int) -> Sequence[tuple[int, int]]:
    """Lines that stand once in both, in the order of both: the longest rising sequence."""
    olds, news = Counter(old), Counter(new)
    at = {line: place for place, line in enumerate(new) if news[line] == 1}
    pairs = [
        (place, at[line])
        for place, line in enumerate(old[start : len(old) - end], start)
        if olds[line] == 1 and line in at and start <= at[line] < len(new) - end
    ]
    piles: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(piles, place)
        before.append(tops[pile - 1] if pile else -1)
        if pile == len(piles):
            piles.append(place)
            tops.append(number)
        else:
            piles[pile], tops[pile] = place, number
    found: list[tuple[int, int]] = []
    number = tops[-1] if tops else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _between(old: Lines, new: Lines, piece: Change) -> Iterator[Change]:
    a, x, b, y = piece
    if a == x and b == y:
        return
    # Between two anchors there is little left, so that its way of looking costs nothing.
    matcher = SequenceMatcher(None, old[a:x], new[b:y])
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield a + i, a + j, b + k, b + m


def _hunks(all_changes: Iterator[Change]) -> Iterator[list[Change]]:
    """Changes whose context touches, together."""
    hunk: list[Change] = []
    for one in all_changes:
        if hunk and one[0] - hunk[-1][1] > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(one)
    if hunk:
        yield hunk


def _hunk(hunk: Sequence[Change], old: Lines, new: Lines) -> Iterator[str]:
    start = max(0, hunk[0][0] - CONTEXT)
    end = min(len(old), hunk[-1][1] + CONTEXT)
    new_start = hunk[0][2] - (hunk[0][0] - start)
    new_end = hunk[-1][3] + (end - hunk[-1][1])
    yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n"
    at = start
    for a, x, b, y in hunk:
        yield from (f" {line}" for line in old[at:a])
        yield from (f"-{line}" for line in old[a:x])
        yield from (f"+{line}" for line in new[b:y])
        at = x
    yield from (f" {line}" for line in old[at:end])


def _range(start: int, end: int) -> str:
    """As `diff -u` writes it: from 1, and the line before where nothing is in it."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + bool(length)},{length}"
