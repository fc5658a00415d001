"""Fields of a domain: create, update, delete, list, read."""

from uuid import uuid4

from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.catalog import Domain, Field
from reconciler.sandbox.errors import conflict, quota_exceeded, validation
from reconciler.sandbox.tokens import page_of

MOST_FIELDS = 500


def create_field(call: Call, params: Json) -> Json:
    """Add a custom field."""
    field_id = str(uuid4())
    with call.store.write() as connection:
        domain = call.domain(params["domainId"])
        custom = [field for field in _present(domain) if field.namespace == "Custom"]
        if len(custom) >= MOST_FIELDS:
            raise quota_exceeded(f"A domain has at most {MOST_FIELDS} fields.")
        _check_name(domain, params["name"], None)
        connection.execute(
            "INSERT INTO fields (domain, field_id, name, type, namespace, description, multiline,"
            " created, modified, tags) VALUES (?, ?, ?, ?, 'Custom', ?, ?, ?, ?, '{}')",
            (
                domain.key,
                field_id,
                params["name"],
                params["type"],
                params.get("description"),
                _multiline(params, params["type"]) or False,
                call.time,
                call.time,
            ),
        )
        call.store.catalog_changed()
    return {"fieldId": field_id, "fieldArn": domain.arn_of("field", field_id)}


def update_field(call: Call, params: Json) -> Json:
    """Rename or describe a custom field, or let its text have several lines."""
    with call.store.write() as connection:
        domain = call.domain(params["domainId"])
        field = _changeable(domain, params["fieldId"])
        if "name" in params:
            _check_name(domain, params["name"], field.field_id)
        multiline = _multiline(params, field.type)
        connection.execute(
            "UPDATE fields SET name = ?, description = ?, multiline = ?, modified = ?"
            " WHERE key = ?",
            (
                params.get("name", field.name),
                params.get("description", field.description),
                field.multiline if multiline is None else multiline,
                call.time,
                field.key,
            ),
        )
        call.store.catalog_changed()
    return {}


def delete_field(call: Call, params: Json) -> Json:
    """Delete a custom field; the cases that have a value for it keep it."""
    with call.store.write() as connection:
        field = _changeable(call.domain(params["domainId"]), params["fieldId"])
        connection.execute(
            "UPDATE fields SET deleted = 1, modified = ? WHERE key = ?", (call.time, field.key)
        )
        call.store.catalog_changed()
    return {}


def list_fields(call: Call, params: Json) -> Json:
    """All fields that are not deleted, system fields first."""
    domain = call.domain(params["domainId"])
    summaries = [_summary(domain, field) for field in _present(domain)]
    request = f"{call.operation} {domain.domain_id}"
    size = params.get("maxResults", 100)
    page, token = page_of(summaries, params.get("nextToken"), size, request)
    return {"fields": page, **({"nextToken": token} if token else {})}


def batch_get_field(call: Call, params: Json) -> Json:
    """Fields by their ids, deleted ones too; unknown ids are answered one by one."""
    domain = call.domain(params["domainId"])
    found, errors = [], []
    for item in params["fields"]:
        field = domain.fields.get(item["id"])
        if field is None:
            message = f"Field {item['id']} was not found."
            code = "ResourceNotFoundException"
            errors.append({"id": item["id"], "errorCode": code, "message": message})
        else:
            found.append(_details(domain, field))
    return {"fields": found, "errors": errors}


def _present(domain: Domain) -> list[Field]:
    return [field for field in domain.fields.values() if not field.deleted]


def _changeable(domain: Domain, field_id: str) -> Field:
    field = domain.field(field_id)
    if field.namespace == "System":
        raise validation(f"Field {field_id} is a system field and cannot be changed.")
    if field.deleted:
        raise validation(f"Field {field_id} is deleted.")
    return field


def _check_name(domain: Domain, name: str, own_id: str | None) -> None:
    if any(field.name == name and field.field_id != own_id for field in _present(domain)):
        raise conflict(f"A field named {name} exists already in the domain.")


def _multiline(params: Json, field_type: str) -> bool | None:
    text = params.get("attributes", {}).get("text")
    if text is None:
        return None
    if field_type != "Text":
        raise validation(f"A field of type {field_type} has no text attributes.")
    multiline: bool = text["isMultiline"]
    return multiline


def _summary(domain: Domain, field: Field) -> Json:
    summary: Json = {
        "fieldId": field.field_id,
        "fieldArn": domain.arn_of("field", field.field_id),
        "name": field.name,
        "type": field.type,
        "namespace": field.namespace,
    }
    if field.type == "Text":
        summary["attributes"] = {"text": {"isMultiline": field.multiline}}
    return summary


def _details(domain: Domain, field: Field) -> Json:
    details = _summary(domain, field)
    details["tags"] = dict(field.tags)
    details["createdTime"] = field.created
    details["lastModifiedTime"] = field.modified
    if field.description is not None:
        details["description"] = field.description
    if field.deleted:
        details["deleted"] = True
    return details
