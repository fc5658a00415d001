"""A field that somebody adds to a type is carried by everything that writes, reads or describes it.

It is added to a copy of the program, in which nothing else is changed.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reconciler

NEW = '    novelty: str = ""\n'
ADDED = {
    "model/plan.py": (
        "class FieldChange:",
        "class LastChange:",
        "class CaseChange:",
        "class TargetPlan:",
        "class Plan:",
    ),
    "model/plan_parts.py": ("class UnreadableCase:", "class IgnoredField:"),
    "model/receipt.py": ("class RunFacts:", "class Receipt:"),
    "model/catalog.py": ("class Field:", "class Option:", "class Template:", "class Catalog:"),
    "model/event.py": ("class Applied:", "class FieldConflict:", "class RunStarted:"),
}
SCRIPT = """
import json, sys
from dataclasses import replace
from reconciler.files.canonical import canonical
from reconciler.model.event import Applied, Conflict, FieldConflict, RunStarted
from reconciler.model.plan import IgnoredField, LastChange, UnreadableCase
from reconciler.model.receipt import Receipt, RunFacts
from reconciler.model.selectors import Selectors
from reconciler.plan.file.data import from_data, to_data
from reconciler.plan.selecting import selected
from reconciler.state.event_data import event_data, event_from
from reconciler.state.receipt_data import receipt_data, receipt_from
from reconciler.model.catalog import Catalog, Field, Option, Template
from reconciler.service.catalog_data import catalog_data, catalog_from
from reconciler.state.schemas import schemas
from tests.builders import AT, a_plan, case_change, field_change, target_plan

NEW = {"novelty": "kept"}
last = LastChange(by="", principal="", at="", before=None, after="x", **NEW)
field = replace(field_change(before="x", after="y"), last_change=last, **NEW)
target = target_plan(
    replace(case_change("c1", field), **NEW),
    replace(case_change("c2", field), **NEW),
    unreadable=(replace(UnreadableCase("c3", "gone", "", AT), **NEW),),
    ignored=(replace(IgnoredField("c4", "note", "Note", "", "", AT), **NEW),),
)
plan = replace(a_plan(replace(target, **NEW)), **NEW)
part = selected(plan, Selectors(cases=("c1",)))
run = RunFacts(
    run_id="r", started_at="2026-12-01T09:00:00Z", finished_at="2026-12-01T09:00:00Z",
    complete=True, actor="", tool_version="", **NEW,
)
applied = Applied(target="prod", case_id="c1", request_id="r", **NEW)
conflict = Conflict(
    target="prod", case_id="c2", changed_by="", changed_at="",
    fields=(FieldConflict("note", "Note", None, "x", "y", **NEW),),
)
receipt = Receipt(run=run, plan=plan, outcomes=(applied, conflict), **NEW)
started = RunStarted(
    run_id="r", plan_digest="", changes_digest="", commit="", actor="", mode="", tool_version="",
    cases=1, at="", **NEW,
)
catalog = Catalog(
    domain_id="d", domain_name="", account="", region="", **NEW,
    fields=(Field(id="a", name="A", type="Text", **NEW),),
    options={"a": (Option("x", "X", True, **NEW),)},
    templates=(Template(id="t", name="T", **NEW),),
)

def read(data):
    return json.loads(canonical(data))

print(json.dumps({
    "plan": to_data(plan)["novelty"] == "kept" and from_data(read(to_data(plan))) == plan,
    "part": from_data(read(to_data(part))) == part and (
        part.targets[0].changes == plan.targets[0].changes[:1]
    ),
    "receipt": receipt_from(read(receipt_data(receipt))) == receipt,
    "journal": [event_from(read(event_data(one))) == one for one in (applied, conflict, started)],
    "counts": {name: json.dumps(data).count('"kept"') for name, data in
               [("plan", to_data(plan)), ("receipt", receipt_data(receipt)),
                ("catalog", catalog_data(catalog))]},
    "catalog": catalog_from(read(catalog_data(catalog))) == catalog,
    "schemas": {name: json.dumps(schema).count('"novelty"') for name, schema in schemas()},
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    copy = tmp_path_factory.mktemp("copy")
    package = Path(reconciler.__file__).parent
    shutil.copytree(package, copy / "reconciler", ignore=shutil.ignore_patterns("__pycache__"))
    for module, classes in ADDED.items():
        path = copy / "reconciler" / module
        text = path.read_text(encoding="utf-8")
        for name in classes:
            text = with_field(text, name)
        path.write_text(text, encoding="utf-8")
    tests = Path(__file__).parent.parent
    (copy / "tests").mkdir()
    shutil.copy(tests / "builders.py", copy / "tests")
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=copy, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def with_field(text, name):
    """The module with a field more at the end of a class's own."""
    head, mark, body = text.partition(f"\n{name}\n")
    assert mark, name
    ends = [
        at for at in (body.find("\n    def "), body.find("\n    @"), body.find("\n\n\n")) if at > 0
    ]
    at = min([*ends, len(body)])
    return head + mark + body[:at].rstrip() + "\n" + NEW + body[at:]


def test_a_plan_is_written_and_read_with_it(told):
    assert told["plan"]


def test_a_part_of_a_plan_has_it(told):
    assert told["part"]


def test_a_receipt_is_written_and_read_with_it(told):
    assert told["receipt"]


def test_a_journal_is_written_and_read_with_it(told):
    assert told["journal"] == [True, True, True]


def test_a_catalog_is_written_and_read_with_it(told):
    assert told["catalog"]


def test_it_stands_in_the_file_once_for_each_that_has_it(told):
    assert told["counts"] == {"plan": 10, "receipt": 14, "catalog": 4}


def test_the_schemas_describe_it(told):
    # Once as a property and once among the required keys; those of a journal are not required.
    assert told["schemas"]["plan"] == 2 * 7
    assert told["schemas"]["receipt"] == 2 * 11
    assert told["schemas"]["journal"] >= 3
    assert told["schemas"]["catalog"] == 2 * 4
