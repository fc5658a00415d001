"""Say in words how two plans differ (deepdiff's one door)."""

from typing import Any

from deepdiff import DeepDiff

from reconciler.engine.plan_data import plain
from reconciler.model.plan import Plan

_SAID = {
    "dictionary_item_added": "only now",
    "dictionary_item_removed": "no longer",
    "values_changed": "changed",
    "type_changes": "changed",
}


def differences(reviewed: Plan, now: Plan) -> list[str]:
    """One line a case or field that is not in both plans alike; empty when the changes are equal."""
    tree = DeepDiff(_changes(reviewed), _changes(now), view="tree")
    lines: list[str] = []
    for kind in sorted(tree):
        for level in tree[kind]:
            path = level.path(output_format="list")
            lines.append(f"{_SAID.get(kind, kind)}: {_sentence(path, level.t1, level.t2)}")
    return sorted(lines)


def _changes(plan: Plan) -> dict[str, dict[str, str]]:
    return {
        f"{target.name} case {change.case_id}": {
            entry.name: f"{plain(entry.before)!r} -> {plain(entry.after)!r}"
            for entry in change.fields
        }
        for target in plan.targets
        for change in target.changes
    }


def _sentence(path: list[Any], old: Any, new: Any) -> str:
    where = ", ".join(str(step) for step in path)
    if isinstance(old, str) and isinstance(new, str):
        return f"{where}: {old}; now {new}"
    there = new if isinstance(new, str | dict) else old
    if isinstance(there, dict):
        return f"{where}: " + "; ".join(f"{name} {change}" for name, change in there.items())
    return f"{where}: {there}"
