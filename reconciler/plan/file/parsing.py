"""Plain data as a plan again: the way back from `plan_data`."""

from collections.abc import Mapping
from typing import Any

from reconciler.files.canonical import Data
from reconciler.model.diagnostic import Source
from reconciler.model.plan import (
    Blocker,
    CaseChange,
    ChangeClass,
    Estimate,
    FieldChange,
    Git,
    IgnoredField,
    LastChange,
    Mode,
    Plan,
    Sealed,
    Shown,
    TargetPlan,
    UnreadableCase,
    Wanted,
)
from reconciler.model.value import CaseId, FieldId, FieldType, TemplateId


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
        rollback_of=data["rollback_of"],
        part_of=data.get("part_of", ""),
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
        error=data.get("error"),
        unconfirmed=data["unconfirmed"],
        policy_limits=data["policy_limits"],
        option_names=data["option_names"],
        changes=tuple(_change_from(entry) for entry in data["changes"]),
        unreadable=tuple(
            UnreadableCase(
                entry["case"],
                entry["reason"],
                entry["detail"],
                Source(**entry["source"]),
                tuple(Wanted(**one) for one in entry.get("wanted", ())),
            )
            for entry in data["unreadable"]
        ),
        blocked_by=tuple(Blocker(**entry) for entry in data["blocked_by"]),
        estimate=_estimate_from(data["estimate"]),
        bulk_estimate=_estimate_from(data["bulk_estimate"]) if data["bulk_estimate"] else None,
        ignored=tuple(
            IgnoredField(**{**entry, "source": Source(**entry["source"])})
            for entry in data["ignored"]
        ),
    )


def _estimate_from(data: Data) -> Estimate:
    return Estimate(data["calls"], data["seconds"])


def _change_from(data: Data) -> CaseChange:
    return CaseChange(
        case_id=CaseId(data["case_id"]),
        title=data["title"],
        template_id=TemplateId(data["template_id"]),
        observed_at=data["observed_at"],
        fields=tuple(_field_from(entry) for entry in data["fields"]),
    )


def _field_from(data: Data) -> FieldChange:
    field_type = FieldType(data["type"])
    return FieldChange(
        id=FieldId(data["id"]),
        name=data["name"],
        type=field_type,
        before=_shown(data, "before", field_type),
        after=_shown(data, "after", field_type),
        source=Source(**data["source"]),
        overrides=data["overrides"],
        policy=data["policy"],
        spec=data["spec"],
        owner=data["owner"],
        change_class=ChangeClass(data["class"]),
        last_change=_last_change_from(data["last_change"], field_type),
    )


def _last_change_from(data: Data | None, field_type: FieldType) -> LastChange | None:
    if data is None:
        return None
    return LastChange(
        by=data["by"],
        principal=data["principal"],
        at=data["at"],
        before=_shown(data, "before", field_type),
        after=_shown(data, "after", field_type),
        commit=data["commit"],
    )


def _shown(data: Data, key: str, field_type: FieldType) -> Shown:
    if f"{key}_digest" in data:
        return Sealed(data[f"{key}_digest"])
    value: Shown = data[key]
    if field_type == FieldType.NUMBER and value is not None:
        return float(value)  # type: ignore[arg-type]
    return value
