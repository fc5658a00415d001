"""Each field type is one class, and whoever has to do with types asks it."""

import json

import pytest

from reconciler.model.fieldtypes.base import ValueType
from reconciler.model.fieldtypes.table import TYPES, likely_type
from reconciler.model.value import FieldType
from tests.grown import a_copy

MADE_UP = '''\
"""Percentages: a made-up type of field."""

from reconciler.model.diagnostic import UnplacedProblem
from reconciler.model.fieldtypes.base import Unfit, ValueType


class Percent(ValueType):
    """Held as a share of one, and written as 40%."""

    held_as = float
    members = ("percentValue",)

    def coerce(self, written, field, options, *, may_be_inactive):
        if not written.text.endswith("%"):
            return UnplacedProblem("no-percentage", f"{written.text} has no %", "write 40%")
        return float(written.text[:-1]) / 100

    def schema(self, field):
        return {"type": "string", "pattern": "^[0-9]+%$"}

    def fits(self, value):
        return type(value) is float

    def decode(self, value, field):
        if type(value) is not int:
            raise Unfit("no whole number")
        return value / 100

    def encode(self, value):
        return {"percentValue": round(value * 100)}

    def spell(self, value):
        return f"{value * 100:.0f}%"

    def describe(self, field):
        return "in percent"

    def ambiguity(self, text):
        return "write 40%" if text == "0.4" else ""
'''
ENUM = '    USER = "User"\n'
ARM = "            return User()\n"
LAST_IMPORT = "from reconciler.model.source import Written\n"

# What the copy is asked, in its own process: every reader, one after the other.
READERS = """
from dataclasses import replace
import json
from reconciler.files.value_shape import check_value
from reconciler.model.catalog import Catalog, Field
from reconciler.model.condition import Select
from reconciler.model.condition import Test as Leaf
from reconciler.model.case import LiveCase
from reconciler.model.diagnostic import Source
from reconciler.model.fieldtypes.table import TYPES, coerce, max_length
from reconciler.model.plan import FieldChange
from reconciler.model.source import Written
from reconciler.model.spec import CasesSpec, Header, PolicySpec, SpecCase, SpecField
from reconciler.model.value import FieldType
from reconciler.report.markdown.target import change_cell
from reconciler.report.text.catalog import catalog_text
from reconciler.report.values import both, shown
from reconciler.service.aws.codec import decode, encode, encode_filter
from reconciler.service.catalog_data import catalog_data
from reconciler.specs.catalog_schema import domain_schema
from reconciler.specs.resolve import resolve
from reconciler.specs.selection import push_down, selects
from reconciler.specs.spelling import Speller
from reconciler.tables.values import typed

field = Field(id="share", name="Share", type=FieldType("Percent"))
catalog = Catalog(domain_id="d", domain_name="n", account="a", region="r", fields=(field,))
header = Header(at=Source("a.yaml"), name="n")
leaf = Leaf(Written("share", True, 1, 1), "equals", (Written("40%", True, 1, 1),))
policy = PolicySpec(
    header=header,
    select=Select(where=leaf),
    fields=(SpecField("Share", Written("50%", True, 1, 1), None, 1, 1),),
)
wanted = resolve((policy,), catalog)
[one] = wanted.policies
live = LiveCase(case_id="c", template_id="t", values={"share": 0.4}, tags={}, read_at="")
cell = SpecField("share", Written("0.4", True, 1, 1), None, 1, 1)
cells = CasesSpec(header=header, cases=(SpecCase("c", False, (cell,), 1, 1),))
change = FieldChange(
    id="share", name="Share", type=field.type, before=0.4, after=0.5, source=Source("a.yaml")
)
check_value({"after": 0.5}, "after", "Percent")
schema = json.load(open("schemas/spec.schema.json"))
print(json.dumps({
    "problems": [str(one) for one in wanted.problems],
    "desired": one.fields[0].value,
    "refused": coerce(Written("x", True, 1, 1), field, {}).hint,
    "selects": selects(one.selection, live),
    "search": encode_filter(push_down(one.selection)),
    "sent": encode(field, 0.4),
    "read": decode(field, {"percentValue": 40}),
    "spelled": Speller(catalog).case(live, (field,)).fields[0][1].text,
    "report": [shown(0.4, field.type), both(0.4, 0.5, field.type), change_cell(change)],
    "schema": domain_schema(schema, catalog)["$defs"]["field.share"],
    "table": "".join(str(line) for line in catalog_text(catalog)),
    "saved": catalog_data(catalog)["fields"],
    "cells": [str(one) for one in typed(cells, catalog, frozenset())[1]],
}))
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A program that knows percentages."""
    program = a_copy(tmp_path_factory.mktemp("grown"))
    program.write("reconciler/model/fieldtypes/percent.py", MADE_UP)
    program.change("reconciler/model/value.py", ENUM, ENUM + '    PERCENT = "Percent"\n')
    table = "reconciler/model/fieldtypes/table.py"
    arm = "        case FieldType.PERCENT:\n            return Percent()\n"
    program.change(table, ARM, ARM + arm)
    imported = "from reconciler.model.fieldtypes.percent import Percent\n"
    program.change(table, LAST_IMPORT, LAST_IMPORT + imported)
    return program


def test_a_new_class_serves_every_reader(grown):
    told = json.loads(grown.python("-c", READERS))
    assert told["problems"] == []
    assert told["desired"] == 0.5
    assert told["refused"] == "write 40%"
    assert told["selects"] is True
    union = {"percentValue": 40}
    assert told["search"] == {"field": {"equalTo": {"id": "share", "value": union}}}
    assert told["sent"] == union
    assert told["read"] == 0.4
    assert told["spelled"] == "40%"
    assert told["report"] == ["40%", ["40%", "50%"], "`40%` → `50%`"]
    assert {"title": "Percent", "type": "string", "pattern": "^[0-9]+%$"} in told["schema"]["anyOf"]
    assert "in percent" in told["table"]
    assert [one["type"] for one in told["saved"]] == ["Percent"]
    assert "write 40%" in told["cells"][0]


def test_a_type_without_a_class_is_named_by_the_type_checker_and_stops_the_program(tmp_path):
    program = a_copy(tmp_path)
    program.change("reconciler/model/value.py", ENUM, ENUM + '    PERCENT = "Percent"\n')
    table = "reconciler/model/fieldtypes/table.py"
    checked = program.python("-m", "mypy", "--strict", "--cache-dir", "cache", table, status=1)
    assert "FieldType.PERCENT" in checked
    assert "Percent" in program.python("-c", "import reconciler.model.fieldtypes.table", status=1)


@pytest.mark.parametrize("missing", ["held_as", "members", "coerce", "schema", "fits"])
def test_a_class_that_leaves_something_open_cannot_be_made(missing):
    everything = {name: None for name in ValueType.__abstractmethods__ if name != missing}
    assert len(everything) == 4
    with pytest.raises(TypeError, match=missing):
        type("Incomplete", (ValueType,), everything)()


@pytest.mark.parametrize("type", list(FieldType))
def test_every_type_has_its_class_and_every_value_a_likely_type(type):
    assert TYPES[type].members
    held = {str: "a", float: 1.0, bool: True}[TYPES[type].held_as]
    assert TYPES[likely_type(held)].held_as is TYPES[type].held_as
