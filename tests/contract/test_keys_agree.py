"""A key of a spec or config is known to its reader, to the schema of editors and to `fmt` alike."""

import json
import re
from pathlib import Path

import pytest

from reconciler.cli.options import Planning
from reconciler.config import file as config_file
from reconciler.config import owners_section, target, windows_section
from reconciler.model.operators import _ALL, OPERATORS
from reconciler.model.plan import Mode
from reconciler.project.plans import Plan
from reconciler.report.formats import FORMATS
from reconciler.specs.reading import cases, document, ignore, select
from reconciler.yaml.layout import KEY_ORDER

ROOT = Path(__file__).parent.parent.parent


def schema(name):
    return json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text("utf-8"))


README = (ROOT / "README.md").read_text("utf-8")
SPEC, CONFIG = schema("spec"), schema("config")
READ = [
    pytest.param(document._ALL_KEYS, SPEC, id="a spec"),
    pytest.param(cases._KEYS, SPEC["$defs"]["case"], id="a case"),
    pytest.param(ignore._KEYS, SPEC["$defs"]["ignoreRule"], id="an ignore rule"),
    pytest.param(select._KEYS, SPEC["properties"]["select"], id="a selection"),
    pytest.param(config_file._KEYS, CONFIG, id="the config"),
    pytest.param(target._KEYS, CONFIG["$defs"]["target"], id="a target"),
    pytest.param(windows_section._KEYS, CONFIG["$defs"]["window"], id="a window"),
    pytest.param(owners_section._KEYS, CONFIG["$defs"]["ownerRule"], id="a rule of owners"),
]
LAID_OUT = [
    pytest.param(document._ALL_KEYS, (), id="a spec"),
    pytest.param(config_file._KEYS, (), id="the config"),
    pytest.param(cases._KEYS, ("cases", "*"), id="a case"),
    pytest.param(ignore._KEYS, ("ignore", "*"), id="an ignore rule"),
]


@pytest.mark.parametrize(("keys", "described"), READ)
def test_an_editor_knows_the_keys_that_are_read(keys, described):
    assert set(described["properties"]) == set(keys)


@pytest.mark.parametrize(("keys", "way"), LAID_OUT)
def test_fmt_has_a_place_for_each_of_them(keys, way):
    assert set(keys) <= set(KEY_ORDER[way])


def test_no_operator_takes_the_place_of_another():
    assert len(OPERATORS) == len(_ALL)


def test_every_mode_can_be_typed_and_is_described():
    [option] = [one for one in Planning._declared["mode"].parameters("mode") if one.name == "mode"]
    assert list(option.type.choices) == [str(mode) for mode in Mode]
    described = re.findall(r"^\| `(\w+)`(?: \(default\))? \|", README, re.M)
    assert {str(mode) for mode in Mode} <= set(described)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_reports_is_described(name):
    assert re.search(rf"^\| .*`{name}`.* \| ", README.partition("### Reports")[2], re.M)
    assert re.search(rf"\b{name}\b", Plan.render.__doc__)
