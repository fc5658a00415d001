"""Say in words how two plans differ (deepdiff's one door)."""

from typing import Any

from deepdiff import DeepDiff

from reconciler.files.canonical import plain
from reconciler.model.plan import CaseChange, FieldChange, Plan

_SAID = {
    "dictionary_item_added": "only now",
    "dictionary_item_removed": "no longer",
    "values_changed": "changed",
    "type_changes": "changed",
}


def differences(reviewed: Plan, now: Plan) -> list[str]:
    """One line a case or field that differs; empty when the changes are equal."""
    # Threshold 0: also plans that have nothing in common are told apart case by case.
    tree = DeepDiff(_changes(reviewed), _changes(now), view="tree", threshold_to_diff_deeper=0)
    lines: list[str] = []
    for kind in sorted(tree):
        for level in tree[kind]:
            path = level.path(output_format="list")
            lines.append(f"{_SAID.get(kind, kind)}: {_sentence(path, level.t1, level.t2)}")
    return sorted(lines)


def _changes(plan: Plan) -> dict[str, dict[str, str]]:
    return {
        _seen(f"{target.name} case {change.case_id}"): {
            _name(entry, change): f"{plain(entry.before)!r} -> {plain(entry.after)!r}"
            for entry in change.fields
        }
        for target in plan.targets
        for change in target.changes
    }


def _name(entry: FieldChange, change: CaseChange) -> str:
    """The field's name, with its id where another field of the case has the same name."""
    # Display names are not unique in a domain.
    alike = sum(other.name == entry.name for other in change.fields)
    return _seen(entry.name if alike == 1 else f"{entry.name} ({entry.id})")


def _seen(text: str) -> str:
    """Nothing invisible, as in the values."""
    return text if text.isprintable() else repr(text)[1:-1]


def _sentence(path: list[Any], old: Any, new: Any) -> str:
    where = ", ".join(str(step) for step in path)
    if isinstance(old, str) and isinstance(new, str):
        return f"{where}: {old}; now {new}"
    there = new if isinstance(new, str | dict) else old
    if isinstance(there, dict):
        return f"{where}: " + "; ".join(f"{name} {change}" for name, change in there.items())
    return f"{where}: {there}"
