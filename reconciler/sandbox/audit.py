"""The audit history of cases: who changed which field, when, from what to what."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.values import EMPTY, Union, is_empty


def field_change(field_id: str, old: Union | None, new: Union | None) -> Json:
    """One field of an event; a field without a value before has no old value."""
    change: Json = {"eventFieldId": field_id, "newValue": EMPTY if new is None else new}
    if not is_empty(old):
        change["oldValue"] = old
    return change


def record(
    call: Call, key: int, kind: str, fields: Iterable[Json], performed_by: Mapping[str, Any] | None
) -> None:
    """Add one event to a case's history."""
    by: Json = {"iamPrincipalArn": call.place.principal}
    if performed_by:
        by["user"] = dict(performed_by)
    event = {
        "eventId": str(uuid4()),
        "type": kind,
        "performedTime": call.time,
        "fields": list(fields),
        "performedBy": by,
    }
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    call.store.connection.execute("INSERT INTO audit (cases_key, event) VALUES (?, ?)", (key, text))


def history(call: Call, key: int, before: int | None, size: int) -> tuple[list[Json], int | None]:
    """Up to `size` events, newest first, and where the next page begins.

    The service's order is not documented.
    """
    rows = call.store.connection.execute(
        "SELECT key, event FROM audit WHERE cases_key = ? AND (? IS NULL OR key < ?)"
        " ORDER BY key DESC LIMIT ?",
        (key, before, before, size + 1),
    ).fetchall()
    events = [json.loads(event) for _, event in rows[:size]]
    return events, rows[size - 1][0] if len(rows) > size else None
