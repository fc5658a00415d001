"""Options of single-select fields: put and list."""

from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.catalog import Domain, Field
from reconciler.sandbox.errors import validation
from reconciler.sandbox.system_fields import BUILT_IN_STATUSES, STATUS
from reconciler.sandbox.tokens import page_of

MOST_OPTIONS = 500


def batch_put_field_options(call: Call, params: Json) -> Json:
    """Add options or change those with the same value; what is wrong is answered one by one."""
    with call.store.write() as connection:
        domain = call.domain(params["domainId"])
        field = _single_select(domain, params["fieldId"])
        if field.deleted:
            raise validation(f"Field {field.field_id} is deleted.")
        values = [option["value"] for option in params["options"]]
        if len(set(values)) < len(values):
            raise validation("An option value is given more than once.")
        room = MOST_OPTIONS - len(field.options)
        errors = []
        for option in params["options"]:
            adds = option["value"] not in field.options
            problem = _problem(field, option, room if adds else 1)
            if problem:
                code, message = problem
                errors.append({"errorCode": code, "message": message, "value": option["value"]})
                continue
            room -= adds
            connection.execute(
                "INSERT INTO options (field, value, name, active) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET name = excluded.name, active = excluded.active",
                (field.key, option["value"], option["name"], option["active"]),
            )
        call.store.catalog_changed()
    return {"errors": errors}


def list_field_options(call: Call, params: Json) -> Json:
    """A field's options, oldest first, inactive ones too."""
    domain = call.domain(params["domainId"])
    field = _single_select(domain, params["fieldId"])
    values = params.get("values")
    options = [
        {"name": option.name, "value": option.value, "active": option.active}
        for option in field.options.values()
        if not values or option.value in values
    ]
    request = f"{call.operation} {domain.domain_id} {field.field_id} {values}"
    size = params.get("maxResults", 100)
    page, token = page_of(options, params.get("nextToken"), size, request)
    return {"options": page, **({"nextToken": token} if token else {})}


def _single_select(domain: Domain, field_id: str) -> Field:
    field = domain.field(field_id)
    if field.type != "SingleSelect":
        raise validation(f"Field {field_id} is of type {field.type} and has no options.")
    return field


def _problem(field: Field, option: Json, room: int) -> tuple[str, str] | None:
    if field.field_id == STATUS and option["value"] in dict(BUILT_IN_STATUSES):
        return "ValidationException", "A built-in status cannot be changed."
    if room < 1:
        return "ServiceQuotaExceededException", f"A field has at most {MOST_OPTIONS} options."
    return None
