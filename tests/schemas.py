"""`make schemas`: write into the published JSON Schemas what the tables of the program say."""

import json
from pathlib import Path
from typing import Any

from reconciler.model.operators import OPERATORS

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "schemas" / "spec.schema.json"
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


def main() -> None:
    """Write every schema that is made from a table."""
    SPEC.write_text(spec_schema(), "utf-8")


if __name__ == "__main__":
    main()
