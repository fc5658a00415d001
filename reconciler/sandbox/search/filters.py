"""Compile a search filter into a test of one case.

A comparison with a field that has no value is neither true nor false, so that the switch
`not_matches_empty` can decide what `not` makes of it; a case is found when the whole is true.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from reconciler.sandbox.case import Case
from reconciler.sandbox.catalog import Domain, Field
from reconciler.sandbox.errors import validation
from reconciler.sandbox.search.ordering import comparable
from reconciler.sandbox.switches import Settings
from reconciler.sandbox.system_fields import CASE_ID
from reconciler.sandbox.values import check_member, is_empty

Json = dict[str, Any]
Test = Callable[[Case], bool | None]

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equalTo": operator.eq,
    "greaterThan": operator.gt,
    "greaterThanOrEqualTo": operator.ge,
    "lessThan": operator.lt,
    "lessThanOrEqualTo": operator.le,
}


def compile_filter(domain: Domain, settings: Settings, part: Json, depth: int = 0) -> Test:
    """The test that a filter stands for; `depth` counts the not, andAll and orAll around it."""
    ((kind, content),) = part.items()
    if kind == "field":
        return _field_test(domain, settings, content)
    if kind == "tag":
        return _tag_test(content)
    depth += 1
    if settings.nesting_depth and depth > settings.nesting_depth:
        raise validation(f"A filter has at most {settings.nesting_depth} levels of nesting.")
    if kind == "not":
        return _negation(compile_filter(domain, settings, content, depth))
    tests = [compile_filter(domain, settings, item, depth) for item in content]
    if kind == "andAll":
        return _all_of(tests)
    return _one_of_values(domain, settings, content) or _any_of(tests)


def compile_term(term: str) -> Test:
    """The test of a search term: some value of the case holds it, letters' case aside."""
    wanted = term.casefold()

    def test(case: Case) -> bool:
        for value in case.values.values():
            (content,) = value.values()
            if isinstance(content, str) and wanted in content.casefold():
                return True
            if isinstance(content, float) and wanted in f"{content:g}":
                return True
        return False

    return test


def _negation(inner: Test) -> Test:
    def test(case: Case) -> bool | None:
        result = inner(case)
        return None if result is None else not result

    return test


def _all_of(tests: list[Test]) -> Test:
    def test(case: Case) -> bool | None:
        outcome: bool | None = True
        for inner in tests:
            result = inner(case)
            if result is False:
                return False
            if result is None:
                outcome = None
        return outcome

    return test


def _any_of(tests: list[Test]) -> Test:
    def test(case: Case) -> bool | None:
        outcome: bool | None = False
        for inner in tests:
            result = inner(case)
            if result:
                return True
            if result is None:
                outcome = None
        # An empty list asks for nothing, and so leaves nothing out.
        return outcome if tests else True

    return test


def _one_of_values(domain: Domain, settings: Settings, content: list[Json]) -> Test | None:
    """A quick test for many values of one field; None when the alternatives are of other kinds."""
    leaves = [item.get("field", {}).get("equalTo") for item in content]
    if len(leaves) < 2 or not all(leaves) or any(is_empty(leaf["value"]) for leaf in leaves):
        return None
    field_id = leaves[0]["id"]
    if any(leaf["id"] != field_id for leaf in leaves):
        return None
    field = domain.fields[field_id]
    targets = frozenset(comparable(field, leaf["value"]) for leaf in leaves)
    missing = False if settings.not_matches_empty else None

    def test(case: Case) -> bool | None:
        value = case.values.get(field_id)
        return missing if value is None else comparable(field, value) in targets

    return test


def _field_test(domain: Domain, settings: Settings, content: Json) -> Test:
    ((name, wanted),) = content.items()
    field = domain.fields.get(wanted["id"])
    if field is None:
        raise validation(f"Field {wanted['id']} does not exist in the domain.")
    if field.field_id == CASE_ID and not settings.case_id_filter:
        raise validation("Cases cannot be filtered on case_id.")
    check_member(field, wanted["value"])
    if is_empty(wanted["value"]):
        return _emptiness(field, name, settings)
    missing = False if settings.not_matches_empty else None
    if name == "contains":
        return _containing(field, wanted["value"], missing)
    if name != "equalTo" and field.type == "Boolean":
        raise validation(f"Field {field.field_id} is of type Boolean and has no {name}.")
    compare = _COMPARISONS[name]
    target = comparable(field, wanted["value"])
    field_id = field.field_id

    def test(case: Case) -> bool | None:
        value = case.values.get(field_id)
        return missing if value is None else compare(comparable(field, value), target)

    return test


def _emptiness(field: Field, name: str, settings: Settings) -> Test:
    if name != "equalTo" or not settings.empty_filter:
        raise validation(f"Field {field.field_id} cannot be compared with an empty value.")
    field_id = field.field_id
    return lambda case: field_id not in case.values


def _containing(field: Field, value: Mapping[str, Any], missing: bool | None) -> Test:
    ((member, text),) = value.items()
    if not isinstance(text, str):
        raise validation(f"Field {field.field_id} is of type {field.type} and has no contains.")
    wanted = text.casefold()
    field_id = field.field_id

    def test(case: Case) -> bool | None:
        held = case.values.get(field_id)
        return missing if held is None else wanted in held[member].casefold()

    return test


def _tag_test(content: Json) -> Test:
    wanted = content.get("equalTo", {})
    key, value = wanted.get("key"), wanted.get("value")
    if key is None:
        raise validation("A tag filter must have a key.")

    def test(case: Case) -> bool:
        return key in case.tags and (value is None or case.tags[key] == value)

    return test
