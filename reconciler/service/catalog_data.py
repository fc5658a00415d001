"""A catalog as plain data and back: what `reconcile catalog --out` saves."""

from collections.abc import Mapping
from typing import Any

from reconciler.model.catalog import Catalog, Field, Option, Template
from reconciler.model.fieldtypes.table import max_length
from reconciler.model.value import FieldId, FieldType, TemplateId

FORMAT_VERSION = "1.0"


def catalog_data(catalog: Catalog) -> dict[str, Any]:
    """The catalog in a stable order."""
    return {
        "format_version": FORMAT_VERSION,
        "domain_id": catalog.domain_id,
        "domain_name": catalog.domain_name,
        "account": catalog.account,
        "region": catalog.region,
        "fields": [
            {
                "id": field.id,
                "name": field.name,
                "type": str(field.type),
                "namespace": field.namespace,
                "multiline": field.multiline,
                "max_length": max_length(field),
                "read_only": field.read_only,
                **(
                    {
                        "options": [
                            {"value": entry.value, "name": entry.name, "active": entry.active}
                            for entry in catalog.options[field.id]
                        ]
                    }
                    if field.id in catalog.options
                    else {}
                ),
            }
            for field in sorted(catalog.fields, key=_order)
        ],
        "templates": [
            {"id": entry.id, "name": entry.name, "required": sorted(entry.required or ())}
            for entry in sorted(catalog.templates, key=lambda entry: (entry.name, entry.id))
        ],
    }


def _order(field: Field) -> tuple[bool, str, str]:
    return field.namespace != "System", field.name.casefold(), field.id


def catalog_from(data: Mapping[str, Any]) -> Catalog:
    """The catalog that `catalog_data` wrote; the data has passed its schema."""
    return Catalog(
        domain_id=data["domain_id"],
        domain_name=data["domain_name"],
        account=data["account"],
        region=data["region"],
        fields=tuple(
            Field(
                id=FieldId(entry["id"]),
                name=entry["name"],
                type=FieldType(entry["type"]),
                namespace=entry["namespace"],
                multiline=entry["multiline"],
            )
            for entry in data["fields"]
        ),
        options={
            FieldId(entry["id"]): tuple(
                Option(one["value"], one["name"], one["active"]) for one in entry["options"]
            )
            for entry in data["fields"]
            if "options" in entry
        },
        templates=tuple(
            Template(
                id=TemplateId(entry["id"]),
                name=entry["name"],
                required=frozenset(FieldId(one) for one in entry["required"]),
            )
            for entry in data["templates"]
        ),
    )
