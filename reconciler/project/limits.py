"""The guards' numbers that one call lifts."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from reconciler.errors import WrongArgument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reconciler.plan.guard import Allowances


class Limits:
    """How much one plan or apply may change: numbers that stand instead of the config's own.

    Each lifts one guard; what is left at None stays as the config has it.

    Args:
        cases: how many cases may change, an int from 0.
        percent: how many percent of the managed cases may change, from 0 to 100.
        clears: how many values may be cleared, an int from 0.
        fields: how many values of a field may change, by its id or name.
        conflicts: how many values in conflict are written; where there are more, none is.
        unclassified: how many values of which no history tells a class may change.
        owners: names of the config's owners whose specs and fields others may change.
        empty: whether a plan may be about no spec at all.

    Raises:
        WrongArgument: a number is none, or out of its range.

    Example:
        >>> from reconciler import Limits
        >>> Limits(cases=250).cases
        250
    """

    __slots__ = (
        "cases",
        "clears",
        "conflicts",
        "empty",
        "fields",
        "owners",
        "percent",
        "unclassified",
    )

    def __init__(  # noqa: PLR0913  (one parameter a guard)
        self,
        *,
        cases: int | None = None,
        percent: float | None = None,
        clears: int | None = None,
        fields: Mapping[str, int] | None = None,
        conflicts: int | None = None,
        unclassified: int | None = None,
        owners: Iterable[str] = (),
        empty: bool = False,
    ) -> None:
        counts = {
            "cases": cases,
            "clears": clears,
            "conflicts": conflicts,
            "unclassified": unclassified,
        }
        for name, number in (*counts.items(), *dict(fields or {}).items()):
            _check_count(name, number)
        if percent is not None and not _is_percentage(percent):
            raise WrongArgument("percent", f"found {percent!r}, expected a number from 0 to 100")
        if isinstance(owners, str):
            owners = (owners,)
        given = {**counts, "percent": percent, "fields": dict(fields or {})}
        for name, value in {**given, "owners": frozenset(owners), "empty": bool(empty)}.items():
            object.__setattr__(self, name, value)

    if TYPE_CHECKING:
        cases: int | None
        percent: float | None
        clears: int | None
        fields: Mapping[str, int]
        conflicts: int | None
        unclassified: int | None
        owners: frozenset[str]
        empty: bool

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name}: limits do not change; make new ones")

    def __repr__(self) -> str:
        said = (f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"Limits({', '.join(said)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Limits) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def _allowances(self) -> Allowances:
        from reconciler.plan.guard import Allowances

        return Allowances(**{name: getattr(self, name) for name in self.__slots__})


def _check_count(name: str, number: object) -> None:
    good = isinstance(number, int) and not isinstance(number, bool) and number >= 0
    if number is not None and not good:
        raise WrongArgument(name, f"found {number!r}, expected a whole number from 0")


def _is_percentage(number: object) -> bool:
    good = isinstance(number, int | float) and not isinstance(number, bool)
    return good and isfinite(number) and 0 <= number <= 100  # type: ignore[operator,arg-type]
