"""Prove that a file of our own is whole and unedited: written again it gives the same data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from reconciler.errors import PlanMisfit
from reconciler.files.canonical import canonical, digest_of
from reconciler.files.misshapen import Misshapen

Content = TypeVar("Content")
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Content]):
    """What such a file is, how it is read and written, and what to do about an edited one.

    `read` raises Misshapen where the data is none that this program writes.
    """

    name: str
    read: Callable[[Data], Content]
    write: Callable[[Content], Data]
    edited: str


def reread(path: Path, data: Data, kind: Kind[Content]) -> Content:
    """What the data stands for; PlanMisfit unless writing that gives the data again.

    Whoever changes a file can make its digest again: so its shape is checked to the letter first.
    """
    try:
        content = kind.read(data)
    except Misshapen as error:
        raise PlanMisfit(
            f"{path}: is no {kind.name} that this version made or knows: {error}"
            f"{_and_its_digest(data)}; {kind.edited}"
        ) from error
    if digest_of(data) != data["digest"]:
        raise PlanMisfit(
            f"{path}: was changed after it was made (its digest does not fit); {kind.edited}"
        )
    if canonical(kind.write(content)) != canonical(data):
        raise PlanMisfit(
            f"{path}: was changed after it was made (its totals do not follow from the rest); "
            f"{kind.edited}"
        )
    return content


def _and_its_digest(data: Data) -> str:
    try:
        fits = digest_of(data) == data.get("digest")
    except (ValueError, RecursionError):  # numbers or depths that this program never writes
        return ""
    return "" if fits else " (its digest does not fit either)"
