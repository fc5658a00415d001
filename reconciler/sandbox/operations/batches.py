"""The same values for many cases at once: each case succeeds or fails by itself."""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox import case_rows
from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.case import Case
from reconciler.sandbox.catalog import Domain
from reconciler.sandbox.errors import ServiceError, not_found, validation
from reconciler.sandbox.idempotency import once
from reconciler.sandbox.system_fields import REFERENCE_ID, REFERENCE_NUMBER
from reconciler.sandbox.updating import Wanted, update, wanted_values
from reconciler.sandbox.values import Union

TOP_LEVEL = {"title": "title", "status": "status", "customerId": "customer_id"}

ERROR_CODES = {
    "AccessDeniedException": "ACCESS_DENIED",
    "ConflictException": "CONFLICT",
    "InternalServerException": "INTERNAL_ERROR",
    "ResourceNotFoundException": "CASE_NOT_FOUND",
    "ServiceQuotaExceededException": "SERVICE_QUOTA_EXCEEDED",
    "ServiceUnavailableException": "INTERNAL_ERROR",
    "ThrottlingException": "THROTTLED",
    "ValidationException": "VALIDATION_ERROR",
}


def batch_update_case(call: Call, params: Json) -> Json:
    """Set the same fields of up to 100 cases."""
    with call.store.write():
        domain = call.domain(params["domainId"])
        return once(call, params, lambda: _update_all(call, domain, params))


def _update_all(call: Call, domain: Domain, params: Json) -> Json:
    wanted = _wanted(domain, params)
    successes: list[Json] = []
    failures: list[Json] = []
    for case_id, asked in _case_ids(call, domain, params).items():
        try:
            with call.store.attempt():
                identifier = _update_one(call, domain, case_id, wanted, params.get("performedBy"))
            successes.append({"caseIdentifier": identifier})
        except ServiceError as error:
            failures.append(
                {
                    "caseIdentifier": asked,
                    "errorCode": ERROR_CODES.get(error.code, "INTERNAL_ERROR"),
                    "errorMessage": error.message,
                }
            )
    return {"successfulCases": successes, "failedCases": failures}


def _update_one(
    call: Call, domain: Domain, case_id: str, wanted: Wanted, performed_by: Mapping[str, Any] | None
) -> Json:
    error = call.fault_on_case(case_id)
    if error is not None:
        raise error
    case = case_rows.read(call, domain, case_id)
    update(call, domain, case, wanted, performed_by)
    return _identifier(case)


def _identifier(case: Case) -> Json:
    identifier = {"caseId": case.case_id}
    for member, field_id in (("referenceNumber", REFERENCE_NUMBER), ("referenceId", REFERENCE_ID)):
        text = case.text(field_id)
        if text is not None:
            identifier[member] = text
    return identifier


def _case_ids(call: Call, domain: Domain, params: Json) -> dict[str, Json]:
    """Each case's id with the identifier it was asked by; naming one twice fails the request."""
    found: dict[str, Json] = {}
    for item in params["cases"]:
        asked = item["caseIdentifier"]
        case_id = asked.get("caseId") or case_rows.case_id_of_reference(
            call, domain, asked["referenceId"]
        )
        if case_id is None:
            raise not_found("Case", asked["referenceId"])
        if case_id in found:
            raise validation(f"Case {case_id} is given more than once.")
        found[case_id] = asked
    return found


def _wanted(domain: Domain, params: Json) -> Wanted:
    items: list[Json] = [
        {"id": field_id, "value": {"stringValue": params[member]}}
        for member, field_id in TOP_LEVEL.items()
        if member in params
    ]
    for item in params["fields"]:
        field_id = _field_id(domain, item["fieldIdentifier"])
        if field_id in TOP_LEVEL.values():
            raise validation(f"{field_id} must not be among the fields; it has its own parameter.")
        value: Union = item["value"]
        items.append({"id": field_id, "value": value})
    if not items:
        raise validation("The request specifies no update.")
    return wanted_values(items)


def _field_id(domain: Domain, identifier: Mapping[str, str]) -> str:
    field_id, name = identifier.get("id"), identifier.get("name", "")
    if field_id is None:
        if "|" in name or "," in name:
            raise validation(f"The field name {name} contains a pipe or comma.")
        named = (field for field in domain.fields.values() if field.name == name)
        field = next((field for field in named if not field.deleted), None)
        field_id = field.field_id if field else None
    if field_id is None or field_id not in domain.fields:
        raise validation(f"No field of the domain is identified by {field_id or name}.")
    return field_id
