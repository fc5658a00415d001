"""Change single values of a spec file, and leave every other byte of it as it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.yaml.meaning import meaning
from reconciler.yaml.splicing import Addition, CannotEditError, Change, Page, Position, Splice

_UNUSUAL = "the layout of this place is too unusual to write into"


def edited(data: bytes, changes: Sequence[Change], *, is_json: bool = False) -> bytes:
    """The file with these values; CannotEditError when that is not all that would change."""
    made, refused = edited_where_possible(data, changes, is_json=is_json)
    for _, why in refused:
        raise CannotEditError(why)
    return made


def edited_where_possible(
    data: bytes, changes: Sequence[Change], *, is_json: bool = False
) -> tuple[bytes, tuple[tuple[Change, str], ...]]:
    """The file with those of these values that can be written, and the others with the reason.

    CannotEditError when the file itself cannot be read.
    """
    before, problems = meaning(data, "", is_json=is_json)
    if problems:
        raise CannotEditError(str(problems[0]))
    page = Page(data, is_json)
    refused: list[tuple[Change, str]] = []
    parts: list[_Part] = []
    for several in _together(changes):
        try:
            parts.append(_Part(several, page.splice(several)))
        except CannotEditError as error:
            refused.extend((one, str(error)) for one in several)

    def makes(some: Sequence[_Part]) -> bytes | None:
        made = page.spliced([part.splice for part in some])
        after, problems = meaning(made, "", is_json=is_json)
        changed = {way for way in {*before, *after} if before.get(way) != after.get(way)}
        return None if problems or len(changed) > sum(part.most for part in some) else made

    made = makes(parts)
    if made is None:
        good = list(_good(parts, makes))
        made = makes(good)
        kept = set(good)
        refused.extend(
            (one, _UNUSUAL) for part in parts if part not in kept for one in part.changes
        )
    if made is None:
        raise CannotEditError(_UNUSUAL)
    return made, tuple(refused)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Changes that are written with one splice; `most` is how many ways their meaning may take."""

    changes: Sequence[Change]
    splice: Splice

    @property
    def most(self) -> int:
        # Adding a field may make `fields` too.
        return sum(2 if isinstance(one, Addition) else 1 for one in self.changes)


def _together(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """Each edit alone, all additions to one case together."""
    additions: dict[Position, list[Change]] = {}
    for one in changes:
        if isinstance(one, Addition):
            additions.setdefault(one.at, []).append(one)
        else:
            yield (one,)
    yield from additions.values()


def _good(parts: Sequence[_Part], makes: Callable[[Sequence[_Part]], object]) -> Iterator[_Part]:
    """Those of parts that cannot be written together which can be: halved, since few cannot."""
    half = len(parts) // 2
    for some in (parts[:half], parts[half:]) if half else ():
        if makes(some) is not None:
            yield from some
        else:
            yield from _good(some, makes)
