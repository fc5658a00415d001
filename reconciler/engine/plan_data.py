"""A plan as plain data and back, and its digests: the one place that knows the file's shape."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from reconciler.model.diagnostic import Location
from reconciler.model.plan import (
    FORMAT_VERSION,
    CaseChange,
    Estimate,
    FieldChange,
    Git,
    Mode,
    Objection,
    Plan,
    Sealed,
    Shown,
    TargetPlan,
    UnknownCase,
)
from reconciler.model.value import CaseId, FieldId, FieldType, TemplateId

Data = dict[str, Any]


def canonical(data: object) -> bytes:
    """JSON with sorted keys and no spare space: the bytes that digests are made of.

    Half a surrogate pair, which no UTF-8 can hold, is written as JSON's own escape.
    """
    text = json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8", "backslashreplace")


def digest_of(data: Mapping[str, Any]) -> str:
    """The sha256 of a plan's data without the digest itself."""
    return _sha256({key: value for key, value in data.items() if key != "digest"})


def changes_digest(plan: Plan) -> str:
    """The sha256 of the changes alone.

    The same changes have the same digest whenever, and from whichever commit, they were planned:
    places in files, titles and times are left out.
    """
    return _sha256(
        [
            [
                target.domain_id,
                [
                    [change.case_id, [_essence(entry) for entry in change.fields]]
                    for change in target.changes
                ],
            ]
            for target in sorted(plan.targets, key=lambda target: target.domain_id)
        ]
    )


def _essence(entry: FieldChange) -> list[object]:
    return [entry.id, *(_essential(value) for value in (entry.before, entry.after))]


def _essential(value: Shown) -> object:
    return {"sealed": value.digest} if isinstance(value, Sealed) else plain(value)


def _sha256(data: object) -> str:
    return hashlib.sha256(canonical(data)).hexdigest()


def plain(value: Shown) -> object:
    """A value as JSON shows it: whole numbers without a fraction, seals as their tag."""
    if isinstance(value, Sealed):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def to_data(plan: Plan) -> Data:
    """The whole plan file, digests included."""
    data: Data = {
        "format_version": FORMAT_VERSION,
        "tool_version": plan.tool_version,
        "created_at": plan.created_at,
        "expires_at": plan.expires_at,
        "changes_digest": changes_digest(plan),
        "git": {"commit": plan.git.commit, "branch": plan.git.branch, "dirty": plan.git.dirty},
        "spec_digest": plan.spec_digest,
        "spec_files": list(plan.spec_files),
        "mode": str(plan.mode),
        "targets": [_target_data(target) for target in plan.targets],
        "summary": summary(plan),
    }
    data["digest"] = digest_of(data)
    return data


def summary(plan: Plan) -> Data:
    """The totals that people and programs look at first."""
    return {
        "cases_managed": sum(target.cases_managed for target in plan.targets),
        "cases_in_sync": sum(target.cases_in_sync for target in plan.targets),
        "cases_to_change": plan.changed_cases,
        "fields_to_change": plan.changed_fields,
        "clears": sum(
            entry.clears
            for target in plan.targets
            for change in target.changes
            for entry in change.fields
        ),
        "unknown": plan.unknown_cases,
        "blocked": plan.blocked,
    }


def _target_data(target: TargetPlan) -> Data:
    return {
        "name": target.name,
        "account": target.account,
        "region": target.region,
        "domain_id": target.domain_id,
        "domain_name": target.domain_name,
        "read_at": target.read_at,
        "read_by": target.read_by,
        "cases_managed": target.cases_managed,
        "cases_in_sync": target.cases_in_sync,
        "unconfirmed": target.unconfirmed,
        "policy_limits": dict(target.policy_limits),
        "changes": [_change_data(change) for change in target.changes],
        "unknown": [
            {
                "case": entry.case,
                "reason": entry.reason,
                "detail": entry.detail,
                "source": _place(entry.source),
            }
            for entry in target.unknown
        ],
        "blocked_by": [
            {
                "guard": entry.guard,
                "scope": entry.scope,
                "found": entry.found,
                "limit": entry.limit,
                "override": entry.override,
                "message": entry.message,
            }
            for entry in target.blocked_by
        ],
        "estimate": _estimate_data(target.estimate),
        "bulk_estimate": _estimate_data(target.bulk_estimate) if target.bulk_estimate else None,
    }


def _estimate_data(estimate: Estimate) -> Data:
    return {"calls": dict(estimate.calls), "seconds": estimate.seconds}


def _estimate_from(data: Data) -> Estimate:
    return Estimate(data["calls"], data["seconds"])


def _change_data(change: CaseChange) -> Data:
    return {
        "case_id": change.case_id,
        "title": change.title,
        "template_id": change.template_id,
        "observed_at": change.observed_at,
        "fields": [_field_data(entry) for entry in change.fields],
    }


def _field_data(entry: FieldChange) -> Data:
    data: Data = {
        "id": entry.id,
        "name": entry.name,
        "type": str(entry.type),
        "action": "clear" if entry.clears else "set",
        "before": plain(entry.before),
        "after": plain(entry.after),
        "source": _place(entry.source),
        "overrides": entry.overrides,
        "policy": entry.policy,
        "sensitive": entry.sensitive,
    }
    for key, value in (("before_digest", entry.before), ("after_digest", entry.after)):
        if isinstance(value, Sealed):
            data[key] = value.digest
    return data


def _place(at: Location) -> Data:
    return {"file": at.file, "line": at.line, "column": at.column}


def from_data(data: Mapping[str, Any]) -> Plan:
    """The plan that `to_data` wrote; the data has passed its schema and its digest."""
    git = data["git"]
    return Plan(
        tool_version=data["tool_version"],
        created_at=data["created_at"],
        expires_at=data["expires_at"],
        git=Git(git["commit"], git["branch"], git["dirty"]),
        spec_digest=data["spec_digest"],
        spec_files=tuple(data["spec_files"]),
        mode=Mode(data["mode"]),
        targets=tuple(_target_from(entry) for entry in data["targets"]),
    )


def _target_from(data: Data) -> TargetPlan:
    return TargetPlan(
        name=data["name"],
        account=data["account"],
        region=data["region"],
        domain_id=data["domain_id"],
        domain_name=data["domain_name"],
        read_at=data["read_at"],
        read_by=data["read_by"],
        cases_managed=data["cases_managed"],
        cases_in_sync=data["cases_in_sync"],
        unconfirmed=data["unconfirmed"],
        policy_limits=data["policy_limits"],
        changes=tuple(_change_from(entry) for entry in data["changes"]),
        unknown=tuple(
            UnknownCase(
                entry["case"], entry["reason"], entry["detail"], Location(**entry["source"])
            )
            for entry in data["unknown"]
        ),
        blocked_by=tuple(Objection(**entry) for entry in data["blocked_by"]),
        estimate=_estimate_from(data["estimate"]),
        bulk_estimate=_estimate_from(data["bulk_estimate"]) if data["bulk_estimate"] else None,
    )


def _change_from(data: Data) -> CaseChange:
    return CaseChange(
        case_id=CaseId(data["case_id"]),
        title=data["title"],
        template_id=TemplateId(data["template_id"]),
        observed_at=data["observed_at"],
        fields=tuple(_field_from(entry) for entry in data["fields"]),
    )


def _field_from(data: Data) -> FieldChange:
    return FieldChange(
        id=FieldId(data["id"]),
        name=data["name"],
        type=FieldType(data["type"]),
        before=_shown(data, "before"),
        after=_shown(data, "after"),
        source=Location(**data["source"]),
        overrides=data["overrides"],
        policy=data["policy"],
    )


def _shown(data: Data, key: str) -> Shown:
    if f"{key}_digest" in data:
        return Sealed(data[f"{key}_digest"])
    value: Shown = data[key]
    if data["type"] == FieldType.NUMBER and value is not None:
        return float(value)  # type: ignore[arg-type]
    return value
