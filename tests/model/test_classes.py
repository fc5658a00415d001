"""Each class of a change is decided in one record, and whoever tells of classes reads it there."""

import dataclasses
import json
import re

import pytest

from reconciler.model.classes import ChangeClass, ClassFacts
from tests.grown import ROOT, a_copy

README = (ROOT / "README.md").read_text()
ROW = '    DRIFT = (\n        "drift",\n'
A_ROW = """\
    RUMOUR = (
        "rumour",
        ClassFacts(
            meaning="Somebody says that the value is another.",
            counted="rumoured",
            title="rumours",
            tone="warn",
            touched=True,
            sign="%",
            advice="Ask whoever says so.",
        ),
    )
"""
READERS = """
import json
from dataclasses import replace
from reconciler.cli.commands.drift import drift_status
from reconciler.config.model import Limits
from reconciler.files.canonical import canonical
from reconciler.model.classes import ChangeClass
from reconciler.model.plan import LastChange
from reconciler.plan.conflicts import in_conflict
from reconciler.plan.file.data import from_data, summary, to_data
from reconciler.plan.guard import Allowances, blockers
from reconciler.report.formats import FORMATS, report
from reconciler.report.github.outputs import outputs
from reconciler.report.subject import Subject
from reconciler.state.schemas import schemas
from tests.builders import a_plan, case_change, field_change, target_plan

def case(id, kind):
    last = LastChange(by="jane", principal="", at="2026-11-30T10:00:00Z", before="x", after="y")
    more = {"change_class": ChangeClass(kind), "last_change": last}
    return case_change(id, field_change("note", "y", "z", **more))

plan = a_plan(target_plan(case("c1", "pending"), case("c2", "drift"), case("c3", "rumour")))
subject = Subject(command="plan", plan=plan)
rumours = a_plan(target_plan(case("c3", "rumour")))
print(json.dumps({
    "file": from_data(json.loads(canonical(to_data(plan)))) == plan,
    "summary": summary(plan)["classes"],
    "schemas": {name: '"rumour"' in json.dumps(schema) for name, schema in schemas()},
    "conflict": in_conflict(plan.targets[0].changes[2]),
    "guards": [
        str(one.guard)
        for one in blockers(plan.targets[0], Limits(unclassified=0), Allowances())
    ],
    "outputs": outputs(subject, ""),
    "reports": {name: report(name, subject) for name in FORMATS if name != "terraform"},
    "alone": report("markdown", Subject(command="plan", plan=rumours)),
    "drift": {name: report(name, replace(subject, command="drift")) for name in ("text", "html")},
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What every reader makes of a class more, of which only the table knows."""
    program = a_copy(tmp_path_factory.mktemp("grown"))
    (program.folder / "tests" / "builders.py").write_text((ROOT / "tests/builders.py").read_text())
    program.change("reconciler/model/classes.py", ROW, A_ROW + ROW)
    return json.loads(program.python("-c", READERS).splitlines()[-1])


def test_a_plan_file_holds_and_counts_a_new_class_and_its_schema_knows_it(told):
    assert told["file"]
    assert told["summary"]["rumour"] == 1
    assert [name for name, has in told["schemas"].items() if has] == ["plan", "receipt"]


def test_a_new_class_is_written_and_counted_by_guards_as_its_record_says(told):
    assert told["conflict"] is False
    assert told["guards"] == []


def test_ci_outputs_have_a_new_class(told):
    assert told["outputs"]["rumours"] == "1"
    assert "1 rumoured" in told["outputs"]["summary"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("text", ["% c3", "1 rumour,", "2 values left the specs"]),
        ("json", ['"rumour"']),
        ("markdown", ["**% rumour**", "1 rumoured"]),
        ("html", ["% rumour", "rumours"]),
        ("junit", ['<failure type="rumour" message="rumour: Note">']),
        ("sarif", ["rumour", "Somebody says that the value is another.", "Ask whoever says so."]),
        ("codequality", ["rumour"]),
        ("annotations", ["rumour"]),
    ],
)
def test_every_report_tells_a_new_class_in_the_words_of_its_record(told, name, words):
    assert [one for one in words if one not in told["reports"][name]] == []


def test_ways_out_are_told_where_somebody_changed_a_value_of_whatever_class(told):
    assert "`reconcile accept --case ID" in told["alone"]


@pytest.mark.parametrize("name", ["text", "html"])
def test_a_new_class_stands_where_its_record_stands(told, name):
    text = told["drift"][name]
    assert "c3" in text
    assert text.index("c3") < text.index("c2")


@pytest.mark.parametrize(
    "field",
    [one.name for one in dataclasses.fields(ClassFacts) if one.default is dataclasses.MISSING],
)
def test_a_record_that_leaves_something_open_cannot_be_made(field):
    good = ChangeClass.DRIFT.facts
    said = {one.name: getattr(good, one.name) for one in dataclasses.fields(ClassFacts)}
    del said[field]
    with pytest.raises(TypeError, match=field):
        ClassFacts(**said)


def test_the_readme_lists_every_class_in_the_order_of_the_table():
    table = README.partition("| class | what happened |")[2]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)[: len(ChangeClass)] == list(
        ChangeClass
    )
