"""Write the published schemas of the files that this program leaves, as their types say.

`python -m reconciler.state.schemas FOLDER` writes them; a test proves that those in `schemas/`
are what it writes.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from reconciler.files.derived import Forms
from reconciler.files.forms import Form, Schema, each, text
from reconciler.files.records import Key, Keys
from reconciler.model.marks import DIGEST, Mark
from reconciler.plan.file.data import plan_form
from reconciler.service.catalog_data import catalog_form
from reconciler.state.event_data import KINDS, line_form
from reconciler.state.receipt_data import receipt_form

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_GROWS = (
    "Format 2.x: keys are only added, never changed or removed, so a program that reads 2.0 can "
    "read every 2.x. Format 1.x was never released."
)
_HMAC = Key(
    form=text(DIGEST),
    says="HMAC-SHA256 over the rest of this file in canonical JSON, the digest included, by a key "
    "derived from RECONCILE_SEAL_KEY; only where a key is set",
)
_CONFLICTS = (
    "Only in what `--format json` and `--report json` print, and no part of the digest. Whoever "
    "reads a plan passes it over"
)


@dataclass(frozen=True)
class WayOut:
    """A way out of a conflict."""

    what: str
    how: Annotated[str, Mark(says="The command, or what stands for it in the config")]


@dataclass(frozen=True)
class ReportedConflict:
    """A value in conflict, as a report for programs shows it."""

    target: str
    case_id: str
    title: str
    id: Annotated[str, Mark(says="Field id")]
    name: Annotated[str, Mark(says="Display name")]
    by: Annotated[str, Mark(says="Who changed the value")]
    at: Annotated[str, Mark(says="When it was changed")]
    written: Annotated[bool, Mark(says="Whether apply would write it")]
    said: Annotated[str, Mark(says="In words")]
    ways_out: tuple[WayOut, ...]


def schemas() -> Iterator[tuple[str, Schema]]:
    """Each schema and the name of its file."""
    conflicts = each(Forms().of(ReportedConflict))
    yield (
        "plan",
        _file(
            "A saved plan of reconcile",
            f"{_GROWS} reconcile itself applies only a plan that it understands wholly, and "
            "refuses what it does not know.",
            plan_form(),
            {"hmac": _HMAC, "conflicts": Key(form=conflicts, says=_CONFLICTS)},
            "plan:v2",
        ),
    )
    yield (
        "receipt",
        _file(
            "A receipt of reconcile apply",
            f"What one apply was to do, and what became of each case. {_GROWS}",
            receipt_form(),
            {"hmac": _HMAC},
            "receipt:v2",
        ),
    )
    yield "journal", _journal()
    yield (
        "catalog",
        _file(
            "A domain's catalog, saved by `reconcile catalog --out`",
            "Definitions only; it holds no case data.",
            catalog_form(),
            {},
            "catalog:v1",
        ),
    )


def _file(title: str, says: str, form: Form, more: Keys, name: str) -> Schema:
    defs: dict[str, Schema] = {}
    schema = form.schema(defs)
    schema["properties"] |= {
        key: one.form.schema(defs) | {"description": one.says} for key, one in more.items()
    }
    return _head(title, says, name) | schema | {"$defs": dict(sorted(defs.items()))}


def _journal() -> Schema:
    defs: dict[str, Schema] = {}
    lines = []
    for name, kind in KINDS.items():
        line_form(kind).schema(defs)
        schema = defs[name]
        time = {"type": "string", "description": "When the line was written, in UTC"}
        schema["properties"] = {"event": {"const": name}, "time": time} | schema["properties"]
        schema["required"] = sorted((*schema["required"], "event"))
        lines.append({"$ref": f"#/$defs/{name}"})
    says = (
        "Each line is one event, in the order in which they happened. Whoever reads a line passes "
        "over keys and events that it does not know."
    )
    head = _head("A line of a journal of reconcile apply", says, "journal:v2")
    return head | {"oneOf": lines, "$defs": dict(sorted(defs.items()))}


def _head(title: str, says: str, name: str) -> Schema:
    return {
        "$schema": _DIALECT,
        "$id": f"urn:reconcile:schema:{name}",
        "title": title,
        "description": says,
    }


def rendered(schema: Mapping[str, Any]) -> str:
    """The text of a schema's file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, schema in schemas():
        (folder / f"{name}.schema.json").write_text(rendered(schema), encoding="utf-8")
