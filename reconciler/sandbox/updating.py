"""Change the fields of one case: what is refused, what is set along, what the history keeps."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.sandbox import audit, case_rows
from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.case import Case
from reconciler.sandbox.catalog import Domain, Field
from reconciler.sandbox.errors import validation
from reconciler.sandbox.system_fields import CLOSED, REFERENCES, STATUS, SYSTEM_FIELDS
from reconciler.sandbox.values import Union, check_value, is_empty, refused

Wanted = Mapping[str, Union]


def wanted_values(items: Iterable[Json]) -> Wanted:
    """The values of a request by field id; a field named twice is refused."""
    wanted: dict[str, Union] = {}
    for item in items:
        if item["id"] in wanted:
            raise validation(f"Field {item['id']} is given more than once.")
        wanted[item["id"]] = item["value"]
    return wanted


def update(
    call: Call, domain: Domain, case: Case, wanted: Wanted, performed_by: Mapping[str, Any] | None
) -> None:
    """Inside `write`: set the wanted values, all of them or, by an exception, none."""
    if call.settings.closed_lock and case.text(STATUS) == CLOSED and STATUS not in wanted:
        raise validation(f"Case {case.case_id} is closed; set its status to update it.")
    checked = {
        field_id: _check(call, domain, case, field_id, value) for field_id, value in wanted.items()
    }
    changed = {
        field_id: value
        for field_id, value in checked.items()
        if call.settings.noop_audit or not _same(value, case.values.get(field_id))
    }
    if not changed and not call.settings.noop_audit:
        return
    events = [
        audit.field_change(field_id, case.values.get(field_id), value)
        for field_id, value in changed.items()
    ]
    _set_status_times(call, case, changed.get(STATUS))
    for field_id, value in changed.items():
        set_value(case, field_id, value)
    set_updated(call, case, performed_by)
    case_rows.save(call, case)
    audit.record(call, case.key, "Case.Updated", events, performed_by)


def writable_field(call: Call, domain: Domain, field_id: str, *, creating: bool = False) -> Field:
    """The field to be written, or the ValidationException for one that callers cannot write."""
    field = domain.fields.get(field_id)
    if field is None:
        raise validation(f"Field {field_id} does not exist in the domain.")
    system = SYSTEM_FIELDS.get(field_id)
    if system is None or system.writable:
        return field
    if field_id in REFERENCES and (creating or call.settings.reference_update):
        return field
    raise refused(field, "the field is read-only")


def set_value(case: Case, field_id: str, value: Union) -> None:
    """Put a value into a case; an empty one takes the field out."""
    if is_empty(value):
        case.values.pop(field_id, None)
    else:
        case.values[field_id] = value


def set_updated(call: Call, case: Case, performed_by: Mapping[str, Any] | None) -> None:
    """Note who touched the case, and when."""
    case.values["last_updated_datetime"] = {"stringValue": call.time}
    case.values["last_updated_user"] = who(call, performed_by)


def who(call: Call, performed_by: Mapping[str, Any] | None) -> Union:
    """The value of a User field for whoever made the call (the form is assumed)."""
    given = performed_by or {}
    name = given.get("userArn") or given.get("customEntity") or call.place.principal
    return {"userArnValue": name}


def _check(call: Call, domain: Domain, case: Case, field_id: str, value: Union) -> Union:
    field = writable_field(call, domain, field_id)
    held = case.values.get(field_id)
    if field.deleted and held is None:
        raise refused(field, "the field is deleted, and the case has no value for it")
    checked = check_value(field, value, held, call.settings)
    if is_empty(checked):
        template = domain.templates.get(case.template_id)
        required = template.required if template else ()
        if field_id in ("title", STATUS) or (field_id in required and not field.deleted):
            raise refused(field, "it is required and cannot be emptied")
    return checked


def _same(value: Union, held: Union | None) -> bool:
    return is_empty(held) if is_empty(value) else value == held


def _set_status_times(call: Call, case: Case, status: Union | None) -> None:
    if status is None:
        return
    was_closed, closes = case.text(STATUS) == CLOSED, status.get("stringValue") == CLOSED
    if closes and not was_closed:
        case.values["last_closed_datetime"] = {"stringValue": call.time}
    elif was_closed and not closes:
        case.values["last_reopened_datetime"] = {"stringValue": call.time}
