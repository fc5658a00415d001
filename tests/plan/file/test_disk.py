"""Only a whole, unedited plan of a known format is opened."""

import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Exit, PlanMisfit
from reconciler.files.canonical import canonical, digest_of, laid_out
from reconciler.model.plan import Sealed, UnreadableCase
from reconciler.plan.file.data import to_data
from reconciler.plan.file.disk import open_plan, save_plan
from reconciler.plan.file.saved import saved_plan
from tests.builders import AT, a_plan, case_change, field_change, target_plan
from tests.plan.file.test_data import edited, leaves

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text()
DATA = st.recursive(
    SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(), one, max_size=3)
)
SMALL = a_plan(case_change("c1", field_change("note", "alt", "neu…")))
PLAN = a_plan(
    target_plan(
        case_change("c1", field_change("score", 1.0, 2.5), field_change("vip", None, True)),
        case_change("c2", field_change("note", Sealed("ab" * 32), None)),
        unreadable=(UnreadableCase("c3", "not-found", "gone", AT),),
    )
)


def refused(path, content, match=None):
    path.write_bytes(content)
    with pytest.raises(PlanMisfit, match=match) as raised:
        saved_plan(path)
    assert raised.value.status is Exit.MISFIT
    assert str(path) in str(raised.value)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "plan.json"


def test_a_saved_plan_is_opened_as_it_was(path):
    save_plan(to_data(PLAN), path)
    assert saved_plan(path) == PLAN


def test_a_plan_file_is_private(path):
    save_plan(to_data(PLAN), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_each_case_is_one_line_of_the_file(path):
    save_plan(to_data(PLAN), path)
    lines = path.read_text(encoding="utf-8").splitlines()
    [first] = [line for line in lines if '"case_id":"c1"' in line]
    assert json.loads(first.rstrip(",")) == to_data(PLAN)["targets"][0]["changes"][0]


@given(DATA)
def test_a_file_is_laid_out_without_changing_what_it_says(data):
    assert canonical(json.loads(laid_out(data))) == canonical(data)


def test_a_plan_file_is_sorted_and_ends_with_a_line(path):
    save_plan(to_data(PLAN), path)
    text = path.read_text(encoding="utf-8")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert text.endswith("}\n")
    assert "\n " in text


def test_the_same_plan_is_the_same_bytes():
    assert laid_out(to_data(PLAN)) == laid_out(json.loads(canonical(to_data(PLAN))))


def test_a_plan_file_may_be_laid_out_anew_by_another_program(path):
    path.write_bytes(json.dumps(to_data(PLAN)).encode())
    assert saved_plan(path) == PLAN


def test_a_plan_cut_short_at_any_byte_is_refused(path):
    whole = canonical(to_data(SMALL))
    for length in range(len(whole)):
        refused(path, whole[:length])
    path.write_bytes(whole)
    assert saved_plan(path) == SMALL


@pytest.mark.parametrize(
    "spot", list(leaves(to_data(PLAN))), ids=lambda spot: ".".join(map(str, spot))
)
def test_a_plan_with_any_leaf_edited_is_refused(path, spot):
    refused(path, laid_out(edited(to_data(PLAN), spot)))


def test_an_edit_with_a_digest_that_fits_is_still_checked(path):
    data = to_data(PLAN)
    field = data["targets"][0]["changes"][0]["fields"][0]
    field["action"] = "clear"
    data["digest"] = digest_of(data)
    refused(path, laid_out(data), "fields\\[0\\].action: found the text 'clear', expected set")


@pytest.mark.parametrize(
    ("spot", "value"),
    [
        pytest.param(("targets", 0, "estimate", "seconds"), "1e999", id="too-large"),
        pytest.param(("targets", 0, "estimate", "seconds"), "NaN", id="nan"),
        pytest.param(("targets", 0, "estimate", "seconds"), "-Infinity", id="infinity"),
        pytest.param(
            ("targets", 0, "changes", 0, "fields", 0, "after"), "1" + "0" * 5_000, id="digits"
        ),
    ],
)
def test_numbers_that_are_no_json_numbers_are_refused(path, spot, value):
    data = to_data(PLAN)
    part = data
    for key in spot[:-1]:
        part = part[key]
    part[spot[-1]] = "HERE"
    refused(path, laid_out(data).replace(b'"HERE"', value.encode()))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(("before",), 2.5, id="a-change-that-changes-nothing"),
    ],
)
def test_a_plan_that_could_not_have_been_made_is_refused(path, before, after):
    data = to_data(PLAN)
    data["targets"][0]["changes"][0]["fields"][0][before[0]] = after
    data["digest"] = digest_of(data)
    refused(path, laid_out(data))


@pytest.mark.parametrize(
    ("content", "match"),
    [
        pytest.param(b"", "not a whole plan file", id="empty"),
        pytest.param(b"{}", "not a plan of this program", id="another-object"),
        pytest.param(b"[]", "not a plan of this program", id="a-list"),
        pytest.param(b"5", "not a plan of this program", id="a-number"),
        pytest.param(b"null", "not a plan of this program", id="null"),
        pytest.param(
            b'{"format_version": "2.0"}', "found no `changes_digest`", id="only-a-version"
        ),
        pytest.param(
            b'{"format_version": "2.2", "terraform_version": "1"}',
            "found no `changes_digest`",
            id="foreign",
        ),
        pytest.param(b'{"format_version": "3.0"}', "plan format 3.0, .*reads 2.x", id="newer"),
        pytest.param(
            b'{"format_version": "1.0"}',
            "plan format 1.0, which was never released, .*reads 2.x",
            id="never-released",
        ),
        pytest.param(b'{"format_version": 1}', "plan format 1,", id="a-number-for-a-version"),
        pytest.param(b'{"format_version": [[1]]}', "that is no text", id="a-list-for-a-version"),
        pytest.param(b'{"format_version": "2.0", "format_version": "2.0"}', "twice", id="twice"),
        pytest.param(b"\xff\xfe{", "not a whole plan file", id="not-text"),
        pytest.param(b"kind: Cases", "not a whole plan file", id="yaml"),
        pytest.param(b"[" * 100_000, "not a whole plan file", id="deep"),
    ],
)
def test_what_is_no_plan_is_refused_and_says_so(path, content, match):
    refused(path, content, match)


def test_a_key_that_stands_twice_anywhere_is_refused(path):
    data = laid_out(to_data(PLAN)).replace(b'"dirty": false', b'"dirty": true, "dirty": false')
    refused(path, data, "twice")


def test_a_key_that_this_version_does_not_know_is_refused(path):
    data = {**to_data(PLAN), "novelty": 1}
    data["digest"] = digest_of(data)
    refused(path, laid_out(data), "novelty")


def test_a_plan_that_expires_on_a_day_that_is_none_is_refused(path):
    data = {**to_data(PLAN), "expires_at": "2026-99-99T09:00:00Z"}
    data["digest"] = digest_of(data)
    refused(path, laid_out(data), "expires_at: found the text .*, expected a time in UTC")


def test_a_file_that_is_not_there_is_refused(path):
    with pytest.raises(PlanMisfit, match="cannot be read"):
        open_plan(path)


def test_half_a_surrogate_pair_does_not_keep_a_plan_from_being_saved(path):
    plan = a_plan(case_change("c1", field_change("note", "a\ud83d", "b")))
    save_plan(to_data(plan), path)
    path.read_text(encoding="utf-8")
    assert saved_plan(path) == plan
