"""The JSON Schemas that editors use say the same as the readers that runs use."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.config.file import read_config
from reconciler.config.target import APIS
from reconciler.errors import AuthorErrors
from reconciler.model.operators import OPERATORS, Operands
from reconciler.specs.reading.files import read_specs
from tests.schemas import CONFIG as CONFIG_SCHEMA
from tests.schemas import SPEC, config_schema, spec_schema

SCHEMAS = Path(__file__).parent.parent.parent / "schemas"

# What no JSON Schema can express.
BEYOND_SCHEMAS = {
    *("unknown-target", "outside-repository"),
    *("unknown-time-zone", "no-such-date", "window-order", "window-twice"),
}

CASES = {
    "apiVersion": "reconcile/v1",
    "kind": "Cases",
    "metadata": {"name": "n", "owner": "o", "ticket": None, "year": 2026},
    "target": ["demo", "prod"],
    "defaults": {"priority": "High"},
    "cases": [
        {"id": "5f0c9d0e-6f1b-4a3c-9a39-2f2f6f0d1c11", "fields": {"vip": True, "note": None}},
        {"reference": 10023417, "fields": {"score": 4.5}},
        {"reference": "x", "fields": {"a": {"value": "Outage", "only_if": "empty"}}},
        {"id": "y", "fields": {"b": {"value": None, "only_if": ["Low", None, 3]}}},
        {"id": "z"},
    ],
}
BARE = {
    "apiVersion": "reconcile/v1",
    "kind": "Cases",
    "metadata": {"name": "n"},
    "cases": [{"id": "a", "fields": {"x": "1"}}],
}
POLICY = {
    "apiVersion": "reconcile/v1",
    "kind": "Policy",
    "metadata": {"name": "n"},
    "target": "prod",
    "select": {
        "template": "Outage",
        "tags": {"team": "billing", "empty": ""},
        "where": {
            "all": [
                {"field": "status", "equals": "open"},
                {"any": [{"field": "s", "not_equals": "High"}, {"field": "s", "empty": True}]},
                {"not": {"field": "t", "in": ["a", 1, False]}},
                {"field": "score", "at_least": 4.5},
            ]
        },
    },
    "fields": {"severity": "High", "note": {"value": "x", "only_if": ["y"]}},
    "limits": {"cases": 1000},
}
IGNORE = {
    "apiVersion": "reconcile/v1",
    "kind": "Ignore",
    "metadata": {"name": "n"},
    "target": "prod",
    "ignore": [
        {"field": "note", "reason": "by hand", "until": "2026-12-31", "scope": "drift"},
        {"field": "a", "case": "5f0c", "reason": 1042, "until": "2026-12-31T09:00:00+01:00"},
        {
            "field": "b",
            "reference": 10023417,
            "when": {"not": {"field": "status", "equals": "open"}},
            "reason": "r",
            "until": "2027-01-01T00:00:00Z",
            "scope": "apply",
        },
    ],
}
CONFIG = {
    "apiVersion": "reconcile/v1",
    "kind": "Config",
    "specs": "specs",
    "targets": {
        "demo": {"sandbox": "demo.db", "domain": "support", "account": 111122223333},
        "prod": {
            "region": "us-west-2",
            "account": "011122223333",
            "domain": "d",
            "profile": "p",
            "role_arn": "arn:aws:iam::111122223333:role/reconcile",
            "endpoint_url": "http://127.0.0.1:8181",
            "quotas": {"UpdateCase": {"rate": 2.5, "burst": 2}},
            "share": 0.5,
            "limits": {"cases": 100, "clears": 0, "percent": 12.5, "fields": {"status": 20}},
            "sensitive": ["customer_id", "Card number"],
        },
    },
    "owners": [
        {"owner": "care-ops", "specs": "specs/care/**", "fields": ["priority", "Note"]},
        {"owner": 7, "specs": ["specs/billing/*.yaml", "specs/.b"]},
        {"owner": "platform", "fields": "status"},
    ],
    "default_target": "demo",
}


def schema_of(name: str) -> dict:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text())


def codes(folder: Path, data: object, suffix: str) -> set[str]:
    """What the reader finds wrong with the same document, written as JSON or as YAML."""
    text = json.dumps(data) if suffix == ".json" else yaml.safe_dump(data)
    path = folder / f"document{suffix}"
    path.write_text(text)
    if not (isinstance(data, dict) and "targets" in data):
        return {problem.code for problem in read_specs([path], root=folder)[1]}
    try:
        read_config(path)
    except AuthorErrors as error:
        return {problem.code for problem in error.problems}
    return set()


def agree(folder: Path, data: object) -> bool:
    """Whether both accept the document; they must not differ."""
    name = "config" if isinstance(data, dict) and "targets" in data else "spec"
    validator = jsonschema.Draft202012Validator(schema_of(name))
    schema_errors = [error.message for error in validator.iter_errors(data)]
    for suffix in (".json", ".yaml"):
        found = codes(folder, data, suffix) - BEYOND_SCHEMAS
        assert bool(found) == bool(schema_errors), (data, found, schema_errors)
    return not schema_errors


@pytest.mark.parametrize("name", ["spec", "config"])
def test_each_schema_is_valid_itself(name):
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:reconcile:schema:{name}:v1"


def _properties(node: object, path: str = "#"):
    if isinstance(node, dict):
        for name, value in node.get("properties", {}).items():
            if isinstance(value, dict) and path.rsplit("/", 1)[-1] not in ("then", "else", "if"):
                yield f"{path}/{name}", value
        for name, value in node.items():
            if name not in ("if", "then", "else", "oneOf", "allOf"):
                yield from _properties(value, f"{path}/{name}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _properties(value, f"{path}/{place}")


@pytest.mark.parametrize("name", ["spec", "config"])
def test_every_key_has_a_title_and_a_sentence_that_editors_show(name):
    schema = schema_of(name)
    found = dict(_properties(schema))
    assert len(found) > 20
    for path, entry in found.items():
        if "$ref" in entry:
            entry = schema["$defs"][entry["$ref"].rsplit("/", 1)[-1]] | entry
        assert entry.get("title"), path
        assert entry.get("description", "").endswith("."), path


def test_no_schema_refers_to_another_file():
    for name in ("spec", "config"):
        text = (SCHEMAS / f"{name}.schema.json").read_text()
        refs = [line for line in text.splitlines() if '"$ref"' in line]
        assert all('"$ref": "#/$defs/' in line for line in refs)


def test_the_schemas_are_as_the_tables_say_after_make_schemas():
    assert SPEC.read_text("utf-8") == spec_schema()
    assert CONFIG_SCHEMA.read_text("utf-8") == config_schema()


def test_the_schemas_know_every_operation():
    target = schema_of("config")["$defs"]["target"]["properties"]
    assert set(target["quotas"]["properties"]) == set(APIS)


@pytest.mark.parametrize("document", [CASES, BARE, POLICY, IGNORE, CONFIG])
def test_both_accept_what_is_good(tmp_path, document):
    assert agree(tmp_path, document)


@pytest.mark.parametrize("operator", OPERATORS)
def test_both_know_every_operator(tmp_path, operator):
    value = {Operands.TRUTH: False, Operands.SEVERAL: ["a"]}.get(OPERATORS[operator].operands, "a")
    where = {"field": "s", operator: value}
    assert agree(tmp_path, POLICY | {"select": {"where": where}})


@pytest.mark.parametrize(
    "document",
    [
        pytest.param([CASES], id="list"),
        pytest.param(CASES | {"apiVersion": "reconcile/v2"}, id="version"),
        pytest.param(CASES | {"kind": "Case"}, id="kind"),
        pytest.param(CASES | {"kind": "Policy"}, id="other-kind"),
        pytest.param(POLICY | {"kind": "Cases"}, id="other-kind-2"),
        pytest.param(CASES | {"metadata": {"owner": "x"}}, id="no-name"),
        pytest.param(CASES | {"metadata": {"name": " "}}, id="blank-name"),
        pytest.param(CASES | {"target": ["a", "a"]}, id="target-twice"),
        pytest.param(CASES | {"x": 1}, id="unknown-key"),
        pytest.param(BARE | {"cases": [{"id": "a"}]}, id="no-fields"),
        pytest.param(BARE | {"cases": [{"id": "a"}], "defaults": {}}, id="no-defaults"),
        pytest.param(BARE | {"cases": [{"id": "a", "fields": {}}]}, id="empty-fields"),
        pytest.param(BARE | {"cases": [{"fields": {"x": 1}}]}, id="no-id"),
        pytest.param(
            BARE | {"cases": [{"id": "a", "reference": "b", "fields": {"x": 1}}]}, id="both"
        ),
        pytest.param(BARE | {"cases": [{"id": "a b", "fields": {"x": 1}}]}, id="bad-id"),
        pytest.param(BARE | {"cases": [{"id": "a" * 501, "fields": {"x": 1}}]}, id="long-id"),
        pytest.param(BARE | {"cases": [{"reference": "a" * 51, "fields": {"x": 1}}]}, id="long"),
        pytest.param(BARE | {"cases": [{"id": "a", "fields": {"": 1}}]}, id="empty-field-name"),
        pytest.param(BARE | {"cases": [{"id": "a", "fields": {"x": [1]}}]}, id="list-value"),
        pytest.param(BARE | {"defaults": {"x": {"only_if": "empty"}}}, id="no-value"),
        pytest.param(BARE | {"defaults": {"x": {"value": 1, "only_if": "Low"}}}, id="only-if"),
        pytest.param(BARE | {"defaults": {"x": {"value": 1, "only_if": []}}}, id="only-if-none"),
        pytest.param(BARE | {"defaults": {"x": {"value": 1, "if": 2}}}, id="long-form-key"),
        pytest.param(POLICY | {"select": {}}, id="selects-nothing"),
        pytest.param(POLICY | {"select": {"tags": {}}}, id="no-tags"),
        pytest.param(POLICY | {"select": {"tags": {"a": None}}}, id="null-tag"),
        pytest.param(POLICY | {"select": {"template": ""}}, id="empty-template"),
        pytest.param(POLICY | {"select": {"where": {}}}, id="empty-condition"),
        pytest.param(POLICY | {"select": {"where": {"all": []}}}, id="empty-all"),
        pytest.param(POLICY | {"select": {"where": {"field": "s"}}}, id="no-operator"),
        pytest.param(
            POLICY | {"select": {"where": {"field": "s", "after": 1, "before": 2}}}, id="two"
        ),
        pytest.param(
            POLICY | {"select": {"where": {"field": "s", "all": [{"field": "s", "empty": True}]}}},
            id="field-and-all",
        ),
        pytest.param(
            POLICY | {"select": {"where": {"field": "s", "empty": "true"}}}, id="empty-text"
        ),
        pytest.param(POLICY | {"select": {"where": {"field": "s", "in": []}}}, id="in-nothing"),
        pytest.param(POLICY | {"select": {"where": {"field": "s", "in": [None]}}}, id="in-null"),
        pytest.param(POLICY | {"select": {"where": {"field": "s", "equals": None}}}, id="null"),
        pytest.param(POLICY | {"fields": {}}, id="policy-without-fields"),
        pytest.param(POLICY | {"limits": {"cases": -1}}, id="negative-limit"),
        pytest.param(POLICY | {"limits": {"cases": "5"}}, id="text-limit"),
        pytest.param(IGNORE | {"kind": "Policy"}, id="policy-with-rules"),
        pytest.param(BARE | {"ignore": IGNORE["ignore"]}, id="cases-with-rules"),
        pytest.param(IGNORE | {"cases": []}, id="rules-with-cases"),
        pytest.param(IGNORE | {"ignore": []}, id="no-rules"),
        *(
            pytest.param(IGNORE | {"ignore": [IGNORE["ignore"][0] | more]}, id=f"rule-{number}")
            for number, more in enumerate(
                [
                    {"until": "2026-12"},
                    {"until": "20261231"},
                    {"until": "2026-W53-4"},
                    {"until": 2026},
                    {"until": None},
                    {"reason": ""},
                    {"field": " "},
                    {"scope": "both"},
                    {"case": "a", "reference": "b"},
                    {"case": "a b"},
                    {"when": {"field": "status"}},
                    {"colour": "red"},
                ]
            )
        ),
        pytest.param(CONFIG | {"targets": {}}, id="config-without-targets"),
        pytest.param(CONFIG | {"kind": "Cases"}, id="config-kind"),
        *(
            pytest.param(CONFIG | {"owners": owners}, id=f"owners-{number}")
            for number, owners in enumerate(
                [
                    {},
                    ["a"],
                    [{"owner": "a"}],
                    [{"fields": ["a"]}],
                    [{"owner": " ", "fields": ["a"]}],
                    [{"owner": "a", "fields": []}],
                    [{"owner": "a", "fields": [None]}],
                    [{"owner": "a", "specs": "/specs/**"}],
                    [{"owner": "a", "specs": ["../specs/**"]}],
                    [{"owner": "a", "specs": ["specs/./a"]}],
                    [{"owner": "a", "specs": "specs\\a"}],
                    [{"owner": "a", "fields": ["a"], "colour": "red"}],
                ]
            )
        ),
        pytest.param(CONFIG | {"targets": {"t": {"domain": "d"}}}, id="neither"),
        pytest.param(CONFIG | {"windows": {}}, id="windows-no-list"),
        pytest.param(CONFIG | {"windows": [{"name": "w", "time_zone": "UTC"}]}, id="no-schedule"),
        pytest.param(CONFIG | {"targets": {"t": {"region": "us-west-2"}}}, id="no-domain"),
        pytest.param(
            CONFIG | {"targets": {"t": {"sandbox": "x", "domain": "d", "profile": "p"}}},
            id="sandbox-and-aws",
        ),
    ],
)
def test_both_refuse_what_could_be_misread(tmp_path, document):
    assert not agree(tmp_path, document)


_JUNK = st.sampled_from(
    [
        *(None, True, False, 0, 1, 7, -1, 0.5, 1.5, 101.5, "", " ", "a", "a b", "empty", "Null"),
        *("Ignore", "drift", "apply", "2026-12-31", "2026-12-31T09:00:00Z"),
        *("Cases", "Policy", "Config", "reconcile/v1", "us-west-2", "111122223333", "http://x"),
        *([], ["a"], [None], [[]], [{}], {}, {"a": 1}, {"": 1}, {"value": 1}, {"field": "s"}),
        *({"field": "s", "empty": True}, {"rate": 1, "burst": 1}, {"id": "a"}),
    ]
)
_KEYS = st.sampled_from(
    [
        *("owners", "owner"),
        *("windows", "allow", "deny", "days", "from", "to", "time_zone"),
        *("apiVersion", "kind", "metadata", "target", "defaults", "cases", "select", "fields"),
        *(
            "ignore",
            "case",
            "when",
            "reason",
            "until",
            "scope",
            "limits",
            "id",
            "reference",
            "value",
            "only_if",
            "template",
            "tags",
            "where",
            "all",
        ),
        *("any", "not", "field", *OPERATORS, "name", "specs", "default_target", "sandbox"),
        *("domain", "region", "account", "profile", "role_arn", "endpoint_url", "quotas", "share"),
        *("sensitive", "clears", "percent", "rate", "burst", *APIS, "", " ", "x"),
    ]
)


@st.composite
def _mutated(draw: st.DrawFn) -> object:
    """A good document after up to three changes, anywhere in it."""
    document: object = copy.deepcopy(draw(st.sampled_from([CASES, BARE, POLICY, IGNORE, CONFIG])))
    for _ in range(draw(st.integers(1, 3))):
        places = [place for place in _places(document) if place]
        if places:
            _change(draw, document, draw(st.sampled_from(places)))
    return document


def _places(node: object, path: tuple = ()):
    yield path
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _places(value, (*path, name))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _places(value, (*path, place))


def _change(draw: st.DrawFn, document: object, path: tuple) -> None:
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    action = draw(st.sampled_from(["remove", "replace", "add", "rename"]))
    if action == "remove":
        del holder[path[-1]]
    elif action == "replace":
        holder[path[-1]] = copy.deepcopy(draw(_JUNK))
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(draw(_JUNK)))
    elif action == "rename":
        holder[draw(_KEYS)] = holder.pop(path[-1])
    else:
        holder[draw(_KEYS)] = copy.deepcopy(draw(_JUNK))


@settings(max_examples=400, deadline=None)
@given(_mutated())
def test_both_say_the_same_of_any_change_to_a_good_document(tmp_path_factory, document):
    agree(tmp_path_factory.getbasetemp(), document)
