"""An event as one plain dictionary and back: the shape of a journal line."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from reconciler.engine.plan_data import plain
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Clash,
    Conflicted,
    Event,
    Failed,
    NotAttempted,
    RunFinished,
    RunStarted,
    StageFinished,
    StageStarted,
    Started,
    Unsure,
    Unverified,
)
from reconciler.model.plan import Sealed

_KINDS = {
    kind.__name__: kind
    for kind in (
        RunStarted,
        StageStarted,
        StageFinished,
        Started,
        Applied,
        AlreadyDone,
        Conflicted,
        Failed,
        Unsure,
        Unverified,
        NotAttempted,
        RunFinished,
    )
}


def event_data(event: Event) -> dict[str, Any]:
    """The event under its name, values as JSON shows them."""
    data: dict[str, Any] = {"event": type(event).__name__}
    for entry in fields(event):
        data[entry.name] = _plain(getattr(event, entry.name))
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, Clash):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Sealed | float):
        return plain(value)
    return value


def event_from(data: Mapping[str, Any]) -> Event | None:
    """The event a journal line holds; None for a kind that this version does not know.

    Values come back as JSON shows them, which is what a reader of a journal needs.
    """
    kind = _KINDS.get(str(data.get("event")))
    if kind is None:
        return None
    known = {entry.name for entry in fields(kind)}
    given = {key: _tupled(value) for key, value in data.items() if key in known}
    try:
        if "clashes" in given:
            given["clashes"] = tuple(Clash(**clash) for clash in data["clashes"])
        return kind(**given)
    except TypeError:
        return None


def _tupled(value: Any) -> Any:
    return tuple(_tupled(item) for item in value) if isinstance(value, list) else value
