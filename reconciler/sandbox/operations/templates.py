"""Templates of a domain: create, update, read, list."""

import json
from typing import Any
from uuid import uuid4

from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.catalog import Domain, Template
from reconciler.sandbox.errors import conflict, quota_exceeded, validation
from reconciler.sandbox.tokens import page_of

MOST_TEMPLATES = 100


def create_template(call: Call, params: Json) -> Json:
    """Add a template; it is active unless told otherwise."""
    template_id = str(uuid4())
    with call.store.write() as connection:
        domain = call.domain(params["domainId"])
        if len(domain.templates) >= MOST_TEMPLATES:
            raise quota_exceeded(f"A domain has at most {MOST_TEMPLATES} templates.")
        _check(domain, params, None)
        connection.execute(
            "INSERT INTO templates (domain, template_id, name, description, status, layout,"
            " required, rules, propagation, created, modified, tags)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{}')",
            (
                domain.key,
                template_id,
                params["name"],
                params.get("description"),
                params.get("status", "Active"),
                params.get("layoutConfiguration", {}).get("defaultLayout"),
                json.dumps(_required(params)),
                json.dumps(params.get("rules", [])),
                json.dumps(params.get("tagPropagationConfigurations", [])),
                call.time,
                call.time,
            ),
        )
        call.store.catalog_changed()
    return {"templateId": template_id, "templateArn": domain.arn_of("template", template_id)}


def update_template(call: Call, params: Json) -> Json:
    """Change what the request names; the rest of the template stays."""
    columns = _changed_columns(params)
    if not columns:
        raise validation("At least one attribute of the template must be given.")
    with call.store.write() as connection:
        domain = call.domain(params["domainId"])
        template = domain.template(params["templateId"])
        _check(domain, params, template.template_id)
        columns["modified"] = call.time
        sets = ", ".join(f"{name} = ?" for name in columns)
        connection.execute(
            f"UPDATE templates SET {sets} WHERE key = ?", (*columns.values(), template.key)
        )
        call.store.catalog_changed()
    return {}


def get_template(call: Call, params: Json) -> Json:
    """One template; fields that were deleted are not among its required ones."""
    domain = call.domain(params["domainId"])
    template = domain.template(params["templateId"])
    required = [
        {"fieldId": field_id}
        for field_id in template.required
        if not domain.field(field_id).deleted
    ]
    reply = {
        **_summary(domain, template),
        "requiredFields": required,
        "rules": list(template.rules),
        "tags": dict(template.tags),
        "createdTime": template.created,
        "lastModifiedTime": template.modified,
    }
    if template.description is not None:
        reply["description"] = template.description
    if template.layout is not None:
        reply["layoutConfiguration"] = {"defaultLayout": template.layout}
    return reply


def list_templates(call: Call, params: Json) -> Json:
    """The domain's templates, oldest first."""
    domain = call.domain(params["domainId"])
    statuses = params.get("status")
    summaries = [
        _summary(domain, template)
        for template in domain.templates.values()
        if not statuses or template.status in statuses
    ]
    request = f"{call.operation} {domain.domain_id} {statuses}"
    size = params.get("maxResults", 100)
    page, token = page_of(summaries, params.get("nextToken"), size, request)
    return {"templates": page, **({"nextToken": token} if token else {})}


def _check(domain: Domain, params: Json, own_id: str | None) -> None:
    name = params.get("name")
    for other in domain.templates.values():
        if other.name == name and other.template_id != own_id:
            raise conflict(f"A template named {name} exists already in the domain.")
    for field_id in _required(params):
        field = domain.fields.get(field_id)
        if field is None or field.deleted:
            raise validation(f"Required field {field_id} does not exist in the domain.")


def _required(params: Json) -> list[str]:
    return [item["fieldId"] for item in params.get("requiredFields", [])]


def _changed_columns(params: Json) -> dict[str, Any]:
    columns: dict[str, Any] = {
        name: params[name] for name in ("name", "description", "status") if name in params
    }
    if "layoutConfiguration" in params:
        columns["layout"] = params["layoutConfiguration"].get("defaultLayout")
    if "requiredFields" in params:
        columns["required"] = json.dumps(_required(params))
    if "rules" in params:
        columns["rules"] = json.dumps(params["rules"])
    if "tagPropagationConfigurations" in params:
        columns["propagation"] = json.dumps(params["tagPropagationConfigurations"])
    return columns


def _summary(domain: Domain, template: Template) -> Json:
    return {
        "templateId": template.template_id,
        "templateArn": domain.arn_of("template", template.template_id),
        "name": template.name,
        "status": template.status,
        "tagPropagationConfigurations": list(template.propagation),
    }
