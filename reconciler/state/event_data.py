"""An event as one plain dictionary and back: the shape of a journal line."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from reconciler.files.canonical import plain
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Event,
    Failed,
    FieldConflict,
    NotAttempted,
    RunFinished,
    RunStarted,
    StageFinished,
    StageStarted,
    Started,
    Unknown,
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
        Conflict,
        Failed,
        Unknown,
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
    if isinstance(value, FieldConflict):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Sealed | float):
        return plain(value)
    return value


def event_from(data: Mapping[str, Any]) -> Event | None:
    """The event a journal line holds; None for a kind or a shape that this version does not know.

    Values come back as JSON shows them, which is what a reader of a journal needs.
    """
    kind = _KINDS.get(str(data.get("event")))
    if kind is None:
        return None
    hints = _hints(kind)
    try:
        return kind(**{key: _typed(data[key], hint) for key, hint in hints.items() if key in data})
    except TypeError:
        return None


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _typed(value: Any, hint: Any) -> Any:
    """The value, when it is of that type to the letter: a file may hold anything."""
    hint = getattr(hint, "__supertype__", hint)
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if not isinstance(value, list):
            raise TypeError
        if inner[-1] is Ellipsis:
            return tuple(_typed(one, inner[0]) for one in value)
        if len(value) != len(inner):
            raise TypeError
        return tuple(map(_typed, value, inner))
    if hint is FieldConflict:
        if not isinstance(value, dict):
            raise TypeError
        return FieldConflict(
            **{
                key: _typed(value[key], one)
                for key, one in _hints(FieldConflict).items()
                if key in value
            }
        )
    kinds = get_args(hint) or (hint,)
    if type(value) not in kinds and not (type(value) is int and float in kinds):
        raise TypeError
    return value
