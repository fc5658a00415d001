"""The service's own words about a search repeat no sensitive operand."""

import pytest

from reconciler.errors import Refused
from reconciler.model.filter import Check, Every, Selection, Some, Unless
from reconciler.secrets.redacting import redacting, secrets
from reconciler.specs.resolve import Resolution, ResolvedPolicy
from tests.builders import AT, BY_ID

NOTE, SCORE = BY_ID["note"], BY_ID["score"]
RULE = Every(
    (
        Check(NOTE, "equals", ("red",)),
        Some((Check(NOTE, "in", ("green", "greenish", "")), Check(SCORE, "at_least", (4.5,)))),
        Unless(Check(NOTE, "contains", ("blue",))),
        Check(NOTE, "empty", ()),
    )
)
WISHES = Resolution((), (ResolvedPolicy("p", AT, Selection(rule=RULE), (), None),))


def test_every_operand_of_a_sensitive_field_is_a_secret_the_longest_first():
    assert secrets(WISHES, frozenset({"note"})) == ("greenish", "green", "blue", "red")


def test_other_fields_have_none():
    assert secrets(WISHES, frozenset()) == ()
    assert secrets(WISHES, frozenset({"score"})) == ("4.5",)


def test_an_error_keeps_its_kind_and_code_and_loses_the_secret():
    with (
        pytest.raises(Refused, match=r"^bad \(sensitive\), not \(sensitive\)$") as caught,
        redacting(("greenish", "green")),
    ):
        raise Refused("bad greenish, not green", code="ValidationException")
    assert caught.value.code == "ValidationException"
