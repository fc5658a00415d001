"""Prove that a file of our own is whole and unedited: written again it gives the same data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from reconciler.engine.plan_data import canonical, digest_of
from reconciler.errors import PlanMisfit

Content = TypeVar("Content")
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What such a file is, and what to do about an edited one or one of a newer version.

    `explain` asks the schema, which is slow, and is needed only to say what is wrong.
    """

    name: str
    explain: Callable[[Path, Data], PlanMisfit | None]
    edited: str
    newer: str


def reread(
    path: Path,
    data: Data,
    kind: Kind,
    read: Callable[[Data], Content],
    write: Callable[[Content], Data],
) -> Content:
    """What the data stands for; PlanMisfit unless writing that gives the data again.

    That proves its shape without the schema, and the digests in it.
    """
    try:
        content = read(data)
        again = write(content)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise kind.explain(path, data) or PlanMisfit(
            f"{path}: is no {kind.name} that this program made: {error}"
        ) from error
    if canonical(again) == canonical(data):
        return content
    if misfit := kind.explain(path, data):
        raise misfit
    if digest_of(data) != data["digest"]:
        raise PlanMisfit(
            f"{path}: was changed after it was made (its digest does not fit); {kind.edited}"
        )
    raise PlanMisfit(f"{path}: holds something that this version does not know; {kind.newer}")
