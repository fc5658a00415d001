"""What spreadsheets write: understood where there is one meaning, refused where there are two."""

import pytest

from reconciler.model.fieldtypes.table import TYPES
from reconciler.model.value import FieldType
from reconciler.tables.values import typed
from tests.builders import a_catalog, cases_spec, spec_case, written


def check(sensitive=frozenset(), **fields):
    """The fields' texts, and code and message of each problem."""
    spec, problems = typed(cases_spec(spec_case("c1", **fields)), a_catalog(), sensitive)
    texts = {one.name: one.value.text for one in spec.cases[0].fields}
    return texts, [(one.code, one.message, one.hint) for one in problems]


@pytest.mark.parametrize(
    "text", ["1,5", "1.234,5", "1,234", "1 234,5", "-1,5", "1'234,50", "1,234.5"]
)
def test_a_number_with_a_comma_is_never_guessed(text):
    _, [(code, message, hint)] = check(score=text)
    assert code in ("ambiguous-value", "not-a-number")
    assert message.startswith("Score (Number): ")
    assert "write" in hint


@pytest.mark.parametrize("text", ["01/02/2026", "1.2.2026", "2/1/26 09:00", "01-02-2026"])
def test_a_date_in_a_countrys_order_is_never_guessed(text):
    _, [(code, _, hint)] = check(due=text)
    assert (code, hint) == (
        "ambiguous-value",
        "write year, month, day and an offset, such as 2026-02-01T09:00:00Z",
    )


def test_an_iso_date_without_an_offset_is_refused_for_that():
    _, [(code, _, _)] = check(due="2026-02-01 09:00")
    assert code == "not-a-date-time"


def test_a_spreadsheets_truth_is_a_truth():
    assert check(vip="TRUE") == ({"vip": "true"}, [])
    assert check(vip="FALSE", note="TRUE") == ({"vip": "false", "note": "TRUE"}, [])


@pytest.mark.parametrize("type", [FieldType.TEXT, FieldType.URL, FieldType.SINGLE_SELECT])
@pytest.mark.parametrize("text", ["1,5", "01/02/2026"])
def test_in_a_text_nothing_is_ambiguous(type, text):
    assert TYPES[type].ambiguity(text) == ""


@pytest.mark.parametrize("text", ["5", "-1.5", "1e3", "0.125"])
def test_a_plain_number_is_sure(text):
    assert check(score=text) == ({"score": text}, [])


def test_everything_wrong_is_found_at_once_each_at_its_cell():
    _, problems = typed(
        cases_spec(
            spec_case(
                "c1",
                score=written("1,5", line=3, column=2),
                due=written("01/02/2026", line=3, column=3),
                priority=written("Hihg", line=3, column=4),
                nota=written("x", line=3, column=5),
            )
        ),
        a_catalog(),
        frozenset(),
    )
    assert sorted(one.code for one in problems) == [
        "ambiguous-value",
        "ambiguous-value",
        "unknown-field",
        "unknown-option",
    ]
    assert {str(one.at) for one in problems if one.code == "ambiguous-value"} == {
        "specs/a.yaml:3:2",
        "specs/a.yaml:3:3",
    }


def test_a_sensitive_value_is_not_shown():
    _, problems = check(frozenset({"score", "due"}), score="1,51", due="soon")
    assert len(problems) == 2
    assert "1,51" not in str(problems)
    assert "soon" not in str(problems)
