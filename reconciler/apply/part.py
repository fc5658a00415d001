"""Which of a case's planned fields an apply was about: all of them, or those that were selected."""

from collections.abc import Collection
from dataclasses import dataclass

from reconciler.model.value import FieldId


@dataclass(frozen=True, slots=True)
class Part:
    """Some fields of a case; `whole` means every one, whatever they are."""

    ids: frozenset[FieldId] = frozenset()
    whole: bool = False

    def __contains__(self, field: object) -> bool:
        return self.whole or field in self.ids

    def __or__(self, other: "Part") -> "Part":
        return Part(self.ids | other.ids, self.whole or other.whole)

    def covers(self, other: "Part") -> bool:
        """Whether all of another part is in this one."""
        return self.whole or (not other.whole and other.ids <= self.ids)

    def __bool__(self) -> bool:
        return self.whole or bool(self.ids)


NO_FIELD = Part()
WHOLE = Part(whole=True)


def recorded(fields: Collection[FieldId]) -> Part:
    """What a journal line was about; an older line does not say, and is taken for the whole."""
    return Part(frozenset(fields)) if fields else WHOLE
