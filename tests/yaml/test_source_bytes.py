"""How the bytes of a spec reach the parser, and what identifies them."""

import io
import json
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.yaml.source_bytes import FileBytes, json_as_yaml
from tests.specs.texts import good, read_text, refused

_CASE = {"id": "a", "fields": {"note": "x"}}
_SPEC = {
    "apiVersion": "reconcile/v1",
    "cases": [_CASE],
    "defaults": {"priority": "High"},
    "kind": "Cases",
    "metadata": {"name": "n"},
}


def value_of(spec) -> str:
    (case,) = spec.cases
    return {field.name: field.value.text for field in case.fields}["note"]


def with_note(note: str) -> dict:
    return _SPEC | {"cases": [{"id": "a", "fields": {"note": note}}]}


def test_surrogate_pairs_of_json_are_one_character(tmp_path):
    text = json.dumps(with_note("\U0001f600 \\ud83d\\ude00 \U0001f600\U0001f601"))
    assert "\\ud83d\\ude00" in text
    spec = good(tmp_path, text, "a.json")
    assert value_of(spec) == "\U0001f600 \\ud83d\\ude00 \U0001f600\U0001f601"


def test_what_follows_a_surrogate_pair_keeps_its_column(tmp_path):
    text = '{"apiVersion": "\\uD83D\\uDE00", "kind": 1}'
    _, problems = read_text(tmp_path, text, "a.json")
    assert ("unknown-kind", text.index("1}") + 1) in [(p.code, p.at.column) for p in problems]


def test_half_a_surrogate_pair_is_refused(tmp_path):
    code, line, *_ = refused(tmp_path, '{\n"a": "\\ud83d"}', "a.json")
    assert (code, line) == ("yaml-syntax", 2)


def test_json_may_be_indented_with_tabs(tmp_path):
    spec = good(tmp_path, "\t" + json.dumps(_SPEC, indent="\t") + "\n\t\n", "a.json")
    assert value_of(spec) == "x"


def test_json_may_stand_on_one_line(tmp_path):
    assert value_of(good(tmp_path, json.dumps(_SPEC, separators=(",", ":")), "a.json")) == "x"


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1), st.sampled_from([None, 2, "\t"]))
def test_any_json_text_comes_back_as_it_was_written(tmp_path_factory, text, indent):
    folder = tmp_path_factory.getbasetemp()
    text = text.encode("utf-8", "replace").decode()
    spec = good(folder, json.dumps(with_note(text), indent=indent), "a.json")
    assert value_of(spec) == text


@given(st.binary())
def test_respelling_json_moves_no_byte_that_needs_no_change(data):
    assert len(json_as_yaml(data)) == len(data)


def test_the_digest_is_that_of_the_whole_file_however_little_was_read():
    data = b"x" * 1_000_000
    pieces = FileBytes(io.BytesIO(data), is_json=False)
    assert pieces.read(10)
    assert pieces.digest() == sha256(data).hexdigest()
