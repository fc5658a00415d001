"""The stamp that every write leaves in a case's audit history: which plan, from which commit."""

import re
from dataclasses import dataclass

_SHORT = 12
# Strict: anybody may write a stamp, and its commit is handed to git.
_STAMP = re.compile(r"reconcile:([0-9a-f]{4,12}):([0-9a-f]{4,12}|none)(:rollback)?")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a stamp says; `commit` is empty where the specs were in no repository."""

    plan: str
    commit: str
    rollback: bool = False


def stamp(digest: str, commit: str, *, rollback: bool = False) -> str:
    """The stamp of a plan with this digest, made from this commit."""
    mark = f"reconcile:{digest[:_SHORT]}:{commit[:_SHORT] or 'none'}"
    return f"{mark}:rollback" if rollback else mark


def read_stamp(entity: str) -> Stamp | None:
    """What an audit entry's author says, when it is one of our stamps."""
    found = _STAMP.fullmatch(entity)
    if found is None:
        return None
    commit = "" if found[2] == "none" else found[2]
    return Stamp(found[1], commit, rollback=found[3] is not None)
