"""Pages lead to an end, or are no answer at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import CallError
from reconciler.service.paging import CODE, Paging


def read(paging, tokens):
    """How many pages are read that bring these tokens."""
    for number, token in enumerate(tokens, 1):
        if not paging.goes_on(token):
            return number
    return None


@given(st.lists(st.text(min_size=1), unique=True, max_size=20))
def test_pages_are_read_up_to_the_first_without_a_token(tokens):
    assert read(Paging("ListFields", 21), [*tokens, "", "never"]) == len(tokens) + 1


@given(st.lists(st.text(min_size=1), unique=True, min_size=1, max_size=9), st.data())
def test_a_token_that_comes_again_ends_it_wherever_it_comes(tokens, data):
    again = data.draw(st.sampled_from(tokens))
    with pytest.raises(CallError, match=r"^ListFields: pages repeat") as raised:
        read(Paging("ListFields", 99), [*tokens, again])
    assert raised.value.code == CODE


@pytest.mark.parametrize(("count", "ends"), [(2, True), (3, False)])
def test_more_pages_than_there_can_be_end_it(count, ends):
    tokens = [*map(str, range(count)), ""]
    if ends:
        assert read(Paging("ListFields", 3), tokens) == 3
    else:
        with pytest.raises(CallError, match="ListFields does not end; stopped after 3 pages"):
            read(Paging("ListFields", 3), tokens)


def test_asked_in_another_way_the_same_tokens_may_come_and_every_page_still_counts():
    paging = Paging("ListFields", 3)
    paging.goes_on("a")
    paging.ask_anew()
    assert paging.goes_on("a")
    paging.ask_anew()
    with pytest.raises(CallError, match="does not end"):
        paging.goes_on("a")
