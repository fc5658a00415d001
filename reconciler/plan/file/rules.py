"""What must hold between the parts of a plan file, beside what each part is.

Its digest proves nothing against somebody who can make it again, so that whatever must stand in it
once, or follow from something else, is looked at, in time linear to its length.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.files.misshapen import Misshapen, expected
from reconciler.files.records import Rule
from reconciler.files.value_shape import check_value
from reconciler.model.plan import CaseChange, FieldChange, Mode, Plan, TargetPlan
from reconciler.model.system_fields import READ_ONLY
from reconciler.plan.file.once import same

MOST_FIELDS = 500  # of a domain, and so of a case


def _field(entry: Mapping[str, Any]) -> None:
    _values(entry, entry["type"])
    if entry["last_change"] is not None:
        try:
            _values(entry["last_change"], entry["type"])
        except Misshapen as wrong:
            raise wrong.within("last_change") from None
    if _essence(entry, "before") == _essence(entry, "after"):
        raise expected(entry["after"], "another value than `before`").within("after")
    if entry["id"].casefold() in READ_ONLY:
        raise Misshapen(f"found {entry['id']}, a field that only the service writes").within("id")


def _values(entry: Mapping[str, Any], kind: str) -> None:
    for side in ("before", "after"):
        check_value(entry, side, kind)


def _essence(entry: Mapping[str, Any], side: str) -> object:
    return entry.get(f"{side}_digest"), entry[side]


def _change(change: Mapping[str, Any]) -> None:
    fields = change["fields"]
    if not 1 <= len(fields) <= MOST_FIELDS:
        raise Misshapen(f"found {len(fields)} fields, expected 1 to {MOST_FIELDS}").within("fields")
    if twice := _repeated(entry["id"] for entry in fields):
        raise Misshapen(f"found the field {twice!a} twice in one case").within("fields")


def _target(target: Mapping[str, Any]) -> None:
    if target["error"] is not None and target["changes"]:
        raise Misshapen("found changes of a target that could not be planned").within("changes")


def _repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if (spelling := same(name)) in seen:
            return name
        seen.add(spelling)
    return ""


def once_each(targets: Iterable[Mapping[str, Any]]) -> None:
    """A target stands in a plan once, and in it a case once."""
    names: set[str] = set()
    for index, target in enumerate(targets):
        if target["name"] in names:
            raise Misshapen(f"found the target {target['name']!a} twice").within(
                f"targets[{index}]"
            )
        names.add(target["name"])
        if twice := _repeated(change["case_id"] for change in target["changes"]):
            raise Misshapen(f"found the case {twice} twice").within(f"targets[{index}]")


def bulk_by_field(plan: Plan) -> None:
    """A plan goes by field only where it goes in bulk."""
    if plan.by_field and plan.mode is not Mode.BULK:
        raise expected(str(plan.mode), "bulk, since the plan goes by field").within("mode")


_EMPTY_IF_CLEARED = {
    "if": {"properties": {"action": {"const": "clear"}}},
    "then": {"properties": {"after": {"type": "null"}}},
    "else": {"properties": {"after": {"not": {"type": "null"}}}},
}
RULES: Mapping[type, Rule] = {
    FieldChange: Rule(_field, {"allOf": [_EMPTY_IF_CLEARED]}),
    CaseChange: Rule(_change, {"properties": {"fields": {"minItems": 1, "maxItems": MOST_FIELDS}}}),
    TargetPlan: Rule(_target),
}
