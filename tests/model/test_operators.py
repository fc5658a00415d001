"""Each operator is decided in one record, and whoever has to do with operators reads it there."""

import dataclasses
import json
import re

import pytest

from reconciler.model.operators import OPERATORS, Operator, Pushed
from reconciler.model.value import FieldType
from tests.grown import ROOT, a_copy

README = (ROOT / "README.md").read_text()
GOOD = OPERATORS["equals"]
END = ")\n\n# By the name that authors write"
MADE_UP = """\
    Operator(
        name="starts_with",
        types=(FieldType.TEXT, FieldType.URL),
        operands=Operands.ONE,
        holds=lambda live, operands: live is not None and live.startswith(operands[0]),
        push=KeptBack("it is made up"),
        verb="looks into",
        help="True when the text begins so.",
        symbols=("^=",),
    ),
    Operator(
        name="exactly",
        types=None,
        operands=Operands.SEVERAL,
        holds=lambda live, operands: live in operands,
        push=Pushed("equalTo"),
        verb="compares",
        help="True when the field holds one of them.",
    ),
    Operator(
        name="filled",
        types=None,
        operands=Operands.TRUTH,
        holds=lambda live, operands: (live is not None) == operands[0],
        push=KeptBack("it is made up"),
        verb="looks into",
        help="Whether the field holds anything.",
    ),
"""
POLICY = """\
apiVersion: reconcile/v1
kind: Policy
metadata: {name: made-up}
select:
  where:
    all:
      - {field: title, starts_with: "Locked"}
      - {field: status, exactly: [open, Closed]}
      - {field: country, filled: true}
fields: {country: made up}
"""


ESTABLISHED = POLICY.replace("starts_with", "contains").replace("filled: true", "empty: false")


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A program with three more operators, its schemas made anew, and a domain."""
    program = a_copy(tmp_path_factory.mktemp("grown"))
    program.change("reconciler/model/operators.py", END, MADE_UP + END)
    program.python("-m", "tests.schemas")
    program.run("sandbox", "seed", "--db", "demo.db")
    return program


def test_a_new_record_selects_cases_and_is_pushed_down(grown):
    def planned(policy: str) -> list[str]:
        grown.write("specs/a.yaml", policy)
        grown.run("validate")
        text = grown.run("plan", "--no-attribution")
        return [line for line in text.splitlines() if not line.startswith("read ")]

    made_up = planned(POLICY)
    assert made_up == planned(ESTABLISHED.replace("exactly", "in"))
    assert any("SearchCases (filtered)" in line for line in made_up)
    assert any("5 fields on 5 cases" in line for line in made_up)


@pytest.mark.parametrize(
    ("made_up", "established"),
    [
        ("title starts_with Locked", "title contains Locked"),
        ("title ^= Locked", "title contains Locked"),
        ("country is filled", "country not empty"),
        ("country not filled", "country empty"),
        ("status exactly open,Closed", "status in open,Closed"),
        ("{field: status, exactly: [open, Closed]}", "status in open,Closed"),
    ],
)
def test_a_new_record_is_read_on_a_command_line(grown, made_up, established):
    def cases(where: str) -> str:
        how = ("--field", "title", "--format", "jsonl", "--quiet")
        return grown.run("export", "--where", where, *how)

    assert cases(made_up) == cases(established)


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        ("{field: score, starts_with: 5}", "starts_with looks into Text and Url fields"),
        (
            "{field: created_datetime, at_least: 5}",
            "DateTime fields take equals, not_equals, after",
        ),
        ("{field: title, starts_with: [a]}", "expected one value to compare with"),
        ("{field: title, starts_with: null}", "expected one value to compare with"),
        ("{field: status, exactly: open}", "write `exactly: [Low, Medium]`"),
        ("{field: status, exactly: [shut]}", 'this field has no option "shut"'),
        ("{field: title, filled: maybe}", "write `filled: true`"),
        ("{field: title, starts_wiht: a}", "did you mean `starts_with`?"),
        ("{field: title, bogus: a}", "in, starts_with, exactly, filled"),
        ("{field: title, filled: true, exactly: [a]}", "put each operator in its own item"),
    ],
)
def test_what_is_wrong_with_a_new_operator_is_said(grown, leaf, expected):
    grown.write("specs/a.yaml", re.sub(r"all:\n(.+\n)+fields", f"all: [{leaf}]\nfields", POLICY))
    assert expected in grown.run("plan", status=1)


def test_editors_know_a_new_record(grown):
    grown.run("catalog", "--schema", "domain.schema.json")
    for name in ("schemas/spec.schema.json", "domain.schema.json"):
        schema = json.loads((grown.folder / name).read_text())
        known = schema["$defs"]["condition"]["properties"]
        assert known["starts_with"] == {
            "title": "Starts with",
            "description": "True when the text begins so. For Text and Url fields.",
            "type": ["string", "number", "boolean"],
            "minLength": 1,
        }
        assert known["exactly"]["type"] == "array"
        assert known["filled"]["type"] == "boolean"


@pytest.mark.parametrize(
    "field",
    [one.name for one in dataclasses.fields(Operator) if one.default is dataclasses.MISSING],
)
def test_a_record_that_leaves_something_open_cannot_be_made(field):
    said = {one.name: getattr(GOOD, one.name) for one in dataclasses.fields(Operator)}
    del said[field]
    with pytest.raises(TypeError, match=field):
        Operator(**said)


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=list(OPERATORS))
def test_every_record_says_something_true(operator):
    assert operator.help.endswith(".")
    assert re.fullmatch("[a-z]+(_[a-z]+)*", operator.name)
    assert operator.types is None or set(operator.types) <= set(FieldType)
    assert isinstance(operator.push, Pushed) or operator.push.why
    assert operator.of_times == "" or OPERATORS[operator.of_times].takes(FieldType.DATE_TIME)
    wider = getattr(operator.push, "wider", None)
    assert wider is None or isinstance(OPERATORS[wider[0]].push, Pushed)


def test_no_symbol_has_two_meanings():
    symbols = [symbol for operator in OPERATORS.values() for symbol in operator.symbols]
    assert len(symbols) == len(set(symbols))


def test_the_readme_names_every_operator():
    [line] = re.findall(r"^- Operators: .+?\.$", README, re.DOTALL | re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", line)) == set(OPERATORS)
