"""`make schemas`: write into the published JSON Schemas what the tables of the program say."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.config.model import Limits
from reconciler.model.guards import IN_CONFIG
from reconciler.model.operators import OPERATORS

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "schemas" / "spec.schema.json"
CONFIG = ROOT / "schemas" / "config.schema.json"
_GROUPS = ("all", "any", "not", "field")


def spec_schema() -> str:
    """The schema of specs, its conditions knowing exactly the operators of the table."""
    schema: dict[str, Any] = json.loads(SPEC.read_text("utf-8"))
    condition = schema["$defs"]["condition"]
    known = condition["properties"]
    condition["properties"] = {name: known[name] for name in _GROUPS} | {
        operator.name: operator.schema() for operator in OPERATORS.values()
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def config_schema() -> str:
    """The schema of the config, its limits exactly those of the table."""
    schema: dict[str, Any] = json.loads(CONFIG.read_text("utf-8"))
    target = schema["$defs"]["target"]["properties"]
    target["limits"]["properties"] = {
        one.facts.key: one.facts.schema(_default(one.facts.key)) for one in IN_CONFIG
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _default(key: str) -> object:
    """What holds where the config says nothing, if that is a number."""
    default = getattr(Limits(), key)
    return None if isinstance(default, Mapping) else default


def main() -> None:
    """Write every schema that is made from a table."""
    SPEC.write_text(spec_schema(), "utf-8")
    CONFIG.write_text(config_schema(), "utf-8")


if __name__ == "__main__":
    main()
