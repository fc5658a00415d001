"""What an export keeps of a case is what was read of it."""

from hypothesis import given
from hypothesis import strategies as st

from reconciler.edit.kept import Kept
from tests.builders import live

TEXTS = st.text(st.characters(), max_size=20)  # half characters too, which a live value may hold
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.dictionaries(st.sampled_from("abc"), TEXTS | NUMBERS | st.booleans())


@given(st.dictionaries(st.text(min_size=1, max_size=5), VALUES, max_size=5))
def test_cases_come_back_by_id_with_their_values_and_template(cases):
    kept = Kept(live(key, f"tpl-{key}", **values) for key, values in cases.items())
    assert [(one.case_id, one.template_id, one.values) for one in kept] == [
        (key, f"tpl-{key}", cases[key]) for key in sorted(cases)
    ]
    assert len(kept) == len(cases)
    assert kept.held == {field for values in cases.values() for field in values}


def test_a_case_that_is_dropped_is_not_there_and_one_that_is_read_again_counts_anew():
    kept = Kept([live("c1", note="old"), live("c2")])
    kept.drop("c2")
    kept.drop("c3")
    kept.add(live("c1", note="new"))
    assert [(one.case_id, one.values) for one in kept] == [("c1", {"note": "new"})]
