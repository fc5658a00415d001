"""Single cases: create, read, update, delete."""

import secrets
from string import ascii_uppercase, digits
from uuid import uuid4

from reconciler.sandbox import audit, case_rows
from reconciler.sandbox.call import Call, Json, digest
from reconciler.sandbox.case import Case
from reconciler.sandbox.catalog import Domain, Template
from reconciler.sandbox.errors import validation
from reconciler.sandbox.idempotency import once
from reconciler.sandbox.presenting import fields_of, with_nulls
from reconciler.sandbox.system_fields import CASE_ID, REFERENCE_ID, REFERENCE_NUMBER, STATUS
from reconciler.sandbox.tokens import page_of
from reconciler.sandbox.updating import (
    set_updated,
    set_value,
    update,
    wanted_values,
    who,
    writable_field,
)
from reconciler.sandbox.values import check_value

MOST_FIELDS = 220


def create_case(call: Call, params: Json) -> Json:
    """Make a case from a template."""
    with call.store.write():
        domain = call.domain(params["domainId"])
        return once(call, params, lambda: _create(call, domain, params))


def get_case(call: Call, params: Json) -> Json:
    """The fields of a case that were asked for."""
    domain = call.domain(params["domainId"])
    case = case_rows.read(call, domain, params["caseId"])
    ids = [item["id"] for item in params["fields"]]
    request = digest([domain.domain_id, case.case_id, ids])
    size = call.settings.getcase_page or len(ids)
    page, token = page_of(ids, params.get("nextToken"), size, request)
    fields = with_nulls(fields_of(call, domain, case, page), call.settings, MOST_FIELDS)
    reply = {"fields": fields, "templateId": case.template_id, "tags": case.tags}
    return {**reply, "nextToken": token} if token else reply


def update_case(call: Call, params: Json) -> Json:
    """Set fields of a case: all of those in the request, or none."""
    wanted = wanted_values(params["fields"])
    with call.store.write():
        domain = call.domain(params["domainId"])
        case = case_rows.read(call, domain, params["caseId"])
        update(call, domain, case, wanted, params.get("performedBy"))
    return {}


def delete_case(call: Call, params: Json) -> Json:
    """Delete a case for good."""
    with call.store.write():
        domain = call.domain(params["domainId"])
        case_rows.remove(call, case_rows.read(call, domain, params["caseId"]))
    return {}


def _create(call: Call, domain: Domain, params: Json) -> Json:
    template = domain.template(params["templateId"])
    if template.status != "Active":
        raise validation(f"Template {template.template_id} is inactive.")
    case = Case(
        key=0,
        case_id=str(uuid4()),
        template_id=template.template_id,
        values={},
        tags={**_propagated(template), **params.get("tags", {})},
    )
    performed_by = params.get("performedBy")
    _fill(call, domain, case, params)
    _check_required(template, domain, case)
    case.values["created_datetime"] = {"stringValue": call.time}
    case.values["created_by"] = who(call, performed_by)
    set_updated(call, case, performed_by)
    written = [item["id"] for item in params["fields"]]
    case.key = case_rows.insert(call, domain, case)
    events = [
        audit.field_change(field_id, None, case.values[field_id])
        for field_id in dict.fromkeys([*written, STATUS, REFERENCE_NUMBER, REFERENCE_ID])
        if field_id in case.values
    ]
    audit.record(call, case.key, "Case.Created", events, performed_by)
    return {"caseId": case.case_id, "caseArn": domain.arn_of("case", case.case_id)}


def _fill(call: Call, domain: Domain, case: Case, params: Json) -> None:
    case.values[STATUS] = {"stringValue": "open"}
    case.values[REFERENCE_NUMBER] = {"stringValue": _random_text(digits, 8)}
    case.values[REFERENCE_ID] = {"stringValue": _free_reference(call, domain)}
    wanted = wanted_values(params["fields"])
    deleted = [name for name in wanted if name in domain.fields and domain.fields[name].deleted]
    if deleted:
        raise validation(f"The request names deleted fields: {', '.join(deleted)}.")
    for field_id, value in wanted.items():
        field = writable_field(call, domain, field_id, creating=True)
        set_value(case, field_id, check_value(field, value, None, call.settings))
    if case.text(STATUS) == "closed":
        case.values["last_closed_datetime"] = {"stringValue": call.time}
    case.values[CASE_ID] = {"stringValue": case.case_id}


def _check_required(template: Template, domain: Domain, case: Case) -> None:
    required = ["title", *(name for name in template.required if not domain.field(name).deleted)]
    missing = [name for name in dict.fromkeys(required) if name not in case.values]
    if missing:
        raise validation(f"Required fields have no value: {', '.join(missing)}.")


def _propagated(template: Template) -> dict[str, str]:
    tags: dict[str, str] = {}
    for configuration in template.propagation:
        found = configuration["tagMap"]
        assert isinstance(found, dict)
        tags.update(found)
    return tags


def _free_reference(call: Call, domain: Domain) -> str:
    while True:
        reference = _random_text(ascii_uppercase + digits, 9)
        if case_rows.case_id_of_reference(call, domain, reference) is None:
            return reference


def _random_text(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
