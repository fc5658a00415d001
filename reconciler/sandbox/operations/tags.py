"""Tags of domains, cases, fields and templates, by resource name."""

import json
import re
from collections.abc import Callable

from reconciler.sandbox import case_rows
from reconciler.sandbox.arns import ResourceName, parse_arn
from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.errors import not_found, validation

MOST_TAGS = 50
_KEY = re.compile(r"(?!aws:)[a-zA-Z0-9 _.:/=+\-@]{1,128}", re.IGNORECASE)
_VALUE = re.compile(r"[a-zA-Z0-9 _.:/=+\-@]{0,256}")

Tags = dict[str, str]


def tag_resource(call: Call, params: Json) -> None:
    """Add tags, or give those that are there another value."""
    added = {key: value for key, value in params["tags"].items() if value is not None}
    for key, value in added.items():
        if not _KEY.fullmatch(key) or not _VALUE.fullmatch(value):
            raise validation(f"The tag {key} does not have a permitted key and value.")

    def change(tags: Tags) -> Tags:
        merged = {**tags, **added}
        if len(merged) > MOST_TAGS:
            raise validation(f"A resource has at most {MOST_TAGS} tags.")
        return merged

    _change(call, params["arn"], change)


def untag_resource(call: Call, params: Json) -> None:
    """Take tags away; keys that are not there do not matter."""
    gone = set(params["tagKeys"])
    _change(
        call,
        params["arn"],
        lambda tags: {key: value for key, value in tags.items() if key not in gone},
    )


def list_tags_for_resource(call: Call, params: Json) -> Json:
    """A resource's tags."""
    name = _named(call, params["arn"])
    domain = call.domain(name.domain_id)
    if name.kind == "domain":
        return {"tags": dict(domain.tags)}
    if name.kind == "case":
        return {"tags": case_rows.read(call, domain, name.resource_id).tags}
    if name.kind == "field":
        return {"tags": dict(domain.field(name.resource_id).tags)}
    return {"tags": dict(domain.template(name.resource_id).tags)}


def _change(call: Call, arn: str, change: Callable[[Tags], Tags]) -> None:
    name = _named(call, arn)
    with call.store.write() as connection:
        domain = call.domain(name.domain_id)
        if name.kind == "case":
            case = case_rows.read(call, domain, name.resource_id)
            case.tags = change(case.tags)
            case_rows.save(call, case)
            return
        if name.kind == "domain":
            table, key, tags = "domains", domain.key, domain.tags
        elif name.kind == "field":
            field = domain.field(name.resource_id)
            table, key, tags = "fields", field.key, field.tags
        else:
            template = domain.template(name.resource_id)
            table, key, tags = "templates", template.key, template.tags
        text = json.dumps(change(dict(tags)))
        connection.execute(f"UPDATE {table} SET tags = ? WHERE key = ?", (text, key))
        call.store.catalog_changed()


def _named(call: Call, arn: str) -> ResourceName:
    name = parse_arn(arn)
    if name is None:
        raise validation(f"{arn} is not the ARN of a resource of this service.")
    known = name.kind in ("domain", "case", "field", "template")
    if not known or (name.account, name.region) != (call.place.account, call.place.region):
        raise not_found("Resource", arn)
    return name
