"""Check plain data against the JSON Schemas that come with the program (jsonschema's one door)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from reconciler.files.shipped import shipped


def schema_path(name: str) -> Path:
    """Where `name`.schema.json is: inside the wheel, or beside the package in a checkout."""
    return shipped(f"schemas/{name}.schema.json")


def schema_data(name: str) -> dict[str, Any]:
    """The schema itself."""
    found: dict[str, Any] = json.loads(schema_path(name).read_text(encoding="utf-8"))
    return found


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator  # costs more to import than most runs need

    return Draft202012Validator(schema_data(name))


def schema_errors(name: str, data: object, *, most: int = 20) -> tuple[str, ...]:
    """What the schema has against the data, each with its place; empty when it fits."""
    found: list[str] = []
    for error in _validator(name).iter_errors(data):
        found.append(f"at {error.json_path}: {error.message[:300]}")
        if len(found) == most:
            break
    return tuple(sorted(found))
