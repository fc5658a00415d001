"""What a plan file must be to the letter, before any of it is believed.

Its digest proves nothing against somebody who can make it again, so that every type, every value
and everything that must stand in it once is looked at here, in time linear to its length.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from reconciler.files.shapes import (
    Misshapen,
    Shape,
    count,
    each,
    expected,
    mapped,
    matching,
    number,
    one_of,
    optional,
    place,
    record,
    text,
    truth,
)
from reconciler.files.value_shape import check_value
from reconciler.model.plan import ChangeClass, Mode
from reconciler.model.system_fields import READ_ONLY
from reconciler.model.value import FieldType, instant
from reconciler.plan.file.once import same

MOST_FIELDS = 500  # of a domain, and so of a case

_DIGEST = "[0-9a-f]{64}"
digest = matching(_DIGEST, "64 hex digits")
_name = matching(r"(?s).{1,500}", "a name")
_case_id = matching(r"[A-Za-z0-9\-._/:#=+]{1,500}", "a case id")
_clock = matching(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z", "a time in UTC")
_commit = matching("[0-9a-f]{0,64}", "a commit")


def _moment(value: Any) -> None:
    _clock(value)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise expected(value, "a time in UTC") from None


def _moment_or_none(value: Any) -> None:
    if value != "":
        _moment(value)


def _seen_at(value: Any) -> None:
    if type(value) is not str or (value and instant(value) != value):
        raise expected(value, "a time in UTC, or an empty text")


_sealable = {"before_digest": digest, "after_digest": digest}


def _any(_: Any) -> None:
    """Looked at with its neighbours."""


def _field_rule(entry: dict[str, Any]) -> None:
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
    sealed = "before_digest" in entry or "after_digest" in entry
    if entry["sensitive"] is not sealed:
        raise expected(entry["sensitive"], str(sealed).lower()).within("sensitive")
    action = "clear" if entry["after"] is None else "set"
    if entry["action"] != action:
        raise expected(entry["action"], action).within("action")


def _values(entry: Mapping[str, Any], kind: str) -> None:
    for side in ("before", "after"):
        check_value(entry, side, kind)


def _essence(entry: Mapping[str, Any], side: str) -> object:
    return entry.get(f"{side}_digest"), entry[side]


def _change_rule(change: dict[str, Any]) -> None:
    fields = change["fields"]
    if not 1 <= len(fields) <= MOST_FIELDS:
        raise Misshapen(f"found {len(fields)} fields, expected 1 to {MOST_FIELDS}").within("fields")
    if twice := _repeated(entry["id"] for entry in fields):
        raise Misshapen(f"found the field {twice!a} twice in one case").within("fields")


def _target_rule(target: dict[str, Any]) -> None:
    if target["error"] is not None and target["changes"]:
        raise Misshapen("found changes of a target that could not be planned").within("changes")


def _repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if (spelling := same(name)) in seen:
            return name
        seen.add(spelling)
    return ""


_source = record({"file": text, "line": place, "column": place})
_calls = record({"calls": mapped(count, "a number for each operation"), "seconds": number})
_last_change = record(
    {
        "by": text,
        "principal": text,
        "at": text,
        "before": _any,
        "after": _any,
        "commit": text,
    },
    may_have=_sealable,
)
_field = record(
    {
        "id": _name,
        "name": text,
        "type": one_of(FieldType),
        "action": text,
        "before": _any,
        "after": _any,
        "source": _source,
        "overrides": text,
        "policy": text,
        "spec": text,
        "owner": text,
        "sensitive": truth,
        "class": one_of(ChangeClass),
        "last_change": optional(_last_change),
    },
    may_have=_sealable,
    rule=_field_rule,
)
_CHANGE: Mapping[str, Shape] = {
    "case_id": _case_id,
    "title": text,
    "template_id": text,
    "observed_at": _seen_at,
    "fields": each(_field, "fields"),
}
_wanted = record({"field": _name, "spec": text, "policy": text})
_unreadable = record(
    {"case": text, "reason": text, "detail": text, "source": _source},
    may_have={"wanted": each(_wanted, "fields")},
)
_ignored = record(
    {
        "case_id": text,
        "id": text,
        "name": text,
        "reason": text,
        "until": text,
        "rule": text,
        "source": _source,
    }
)
_blocker = record(
    {
        "guard": text,
        "scope": text,
        "found": number,
        "limit": number,
        "override": text,
        "message": text,
    }
)


def target_shape(**of_change: Shape) -> Shape:
    """A target's part of a plan; in a receipt its changes have more keys."""
    return record(
        {
            "name": _name,
            "account": text,
            "region": text,
            "domain_id": text,
            "domain_name": text,
            "read_at": _moment_or_none,
            "read_by": text,
            "cases_managed": count,
            "cases_in_sync": count,
            "error": optional(text),
            "unconfirmed": count,
            "policy_limits": mapped(count, "a number for each policy"),
            "option_names": mapped(mapped(text, "a name for each value"), "names for each field"),
            "changes": each(record({**_CHANGE, **of_change}, rule=_change_rule), "changes"),
            "unreadable": each(_unreadable, "unreadable cases"),
            "ignored": each(_ignored, "ignored fields"),
            "blocked_by": each(_blocker, "blockers"),
            "estimate": _calls,
            "bulk_estimate": optional(_calls),
        },
        rule=_target_rule,
    )


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


HEAD: Mapping[str, Shape] = {
    "tool_version": text,
    "created_at": _moment,
    "expires_at": _moment,
    "mode": one_of(Mode),
    "rollback_of": matching(f"({_DIGEST})?", "64 hex digits, or an empty text"),
}
SHARED: Mapping[str, Shape] = {
    "changes_digest": digest,
    "git": record({"commit": _commit, "branch": text, "dirty": truth}),
    "spec_digest": digest,
    "spec_files": each(text, "files"),
}
_TOTALS = (
    "cases_managed",
    "cases_in_sync",
    "cases_to_change",
    "fields_to_change",
    "clears",
    "ignored",
    "unreadable",
)
_summary = record(
    {
        **dict.fromkeys(_TOTALS, count),
        "classes": record(dict.fromkeys(map(str, ChangeClass), count)),
        "blocked": truth,
    }
)
_plan = record(
    {
        "format_version": text,
        **HEAD,
        **SHARED,
        "digest": digest,
        "targets": each(target_shape(), "targets"),
        "summary": _summary,
    }
)


def check_plan(data: Any) -> None:
    """Raises Misshapen at the first thing that no plan of this program holds."""
    _plan(data)
    once_each(data["targets"])
