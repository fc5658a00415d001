"""An event as one plain dictionary and back: the shape of a journal line."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

from reconciler.files.derived import Forms
from reconciler.files.forms import Form, one_of
from reconciler.files.misshapen import Misshapen
from reconciler.files.records import Key
from reconciler.model.event import Event

KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Event)}


def event_data(event: Event) -> dict[str, Any]:
    """The event under its name, values as JSON shows them."""
    return {"event": type(event).__name__, **_forms().of(type(event)).write(event)}


def event_from(data: Mapping[str, Any]) -> Event | None:
    """The event a journal line holds; None for a kind or a shape that this version does not know.

    What a newer version added is passed over, and what an older one lacks has its default.
    """
    kind = KINDS.get(str(data.get("event")))
    try:
        event: Event | None = _forms().of(kind).read(dict(data)) if kind else None
    except Misshapen:
        return None
    return event


def event_key(kind: type) -> Key:
    """The key that says which kind of event it is."""
    return Key(form=one_of([kind.__name__]))


@cache
def _forms() -> Forms:
    return Forms(is_open=True)


@cache
def line_form(kind: type) -> Form:
    """How a line of a journal is written down that holds such an event."""
    return _forms().of(kind)
