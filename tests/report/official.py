"""Read a report as its readers do: with a real parser, and held against the published schema."""

import json
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from jsonschema.validators import validator_for
from lxml import etree

SCHEMAS = Path(__file__).parent.parent / "data" / "schemas"

# Drawn often, since each of these means something to some reader.
NASTY = [
    *"\x00\x07\x08\t\n\x0b\x0c\r\x1b\x7f\x85\u200b\u200d\u202e\u2066\u2028\ufeff\ufffe\ufffe",
    *("\ud800", "\udcff", "\udfff", "\U000e0041", "\U0010ffff"),
    *"<>&'\"[](){}%\\/:;,#|`*_~$@=+- ",
    *("]]>", "<!--", "{0}", "[x](1)", "[[ATTACHMENT|x]]", "&#0;", "%0A", "::error::", "../"),
]
hostile_texts = st.lists(st.sampled_from(NASTY) | st.characters(), min_size=1, max_size=12).map(
    "".join
)


@cache
def _schema(name):
    path = SCHEMAS / name
    if path.suffix == ".xsd":
        return etree.XMLSchema(etree.parse(path))
    data = json.loads(path.read_text(encoding="utf-8"))
    return validator_for(data)(data)


def junit_of(text):
    """The root element of JUnit XML that both of Jenkins' schemas accept."""
    root = etree.fromstring(text.encode("utf-8"))
    for name in ("junit-10.xsd", "junit-4.xsd"):
        schema = _schema(name)
        assert schema.validate(root), f"{name}: {schema.error_log}"
    return root


def json_of(text, name):
    """The data of JSON that the schema accepts."""
    data = json.loads(text)
    faults = [fault.message for fault in _schema(name).iter_errors(data)]
    assert faults == []
    return data
