"""A plan as plain data, and its digests; `plan_parsing` is the way back."""

from reconciler.files.canonical import Data, _sha256, digest_of, plain
from reconciler.model.diagnostic import Source
from reconciler.model.plan import (
    FORMAT_VERSION,
    CaseChange,
    Estimate,
    FieldChange,
    IgnoredField,
    LastChange,
    Plan,
    Sealed,
    Shown,
    TargetPlan,
    UnreadableCase,
)


def changes_digest(plan: Plan) -> str:
    """The sha256 of the changes alone.

    The same changes have the same digest whenever, and from whichever commit, they were planned:
    places in files, titles, times, classes, and targets without changes are left out.
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
            if target.changes
        ]
    )


def _essence(entry: FieldChange) -> list[object]:
    return [entry.id, *(_essential(value) for value in (entry.before, entry.after))]


def _essential(value: Shown) -> object:
    return {"sealed": value.digest} if isinstance(value, Sealed) else plain(value)


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
        "rollback_of": plan.rollback_of,
        "targets": [_target_data(target) for target in plan.targets],
        "summary": summary(plan),
    }
    if plan.part_of:
        data["part_of"] = plan.part_of
    data["digest"] = digest_of(data)
    return data


def identity(plan: Plan) -> str:
    """The digest by which stamps and journals know a plan: a part's is that of the whole."""
    return plan.part_of or str(to_data(plan)["digest"])


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
        "classes": dict(plan.classes),
        "ignored": sum(len(target.ignored) for target in plan.targets),
        "unreadable": plan.unreadable_cases,
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
        "error": target.error,
        "unconfirmed": target.unconfirmed,
        "policy_limits": dict(target.policy_limits),
        "option_names": {key: dict(names) for key, names in target.option_names.items()},
        "changes": [_change_data(change) for change in target.changes],
        "unreadable": [_unreadable_data(entry) for entry in target.unreadable],
        "ignored": [
            _placed(entry, "case_id", "id", "name", "reason", "until", "rule")
            for entry in target.ignored
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


def _placed(entry: UnreadableCase | IgnoredField, *names: str) -> Data:
    return {name: getattr(entry, name) for name in names} | {"source": _place(entry.source)}


def _unreadable_data(entry: UnreadableCase) -> Data:
    data = _placed(entry, "case", "reason", "detail")
    return data | ({"wanted": [one._asdict() for one in entry.wanted]} if entry.wanted else {})


def _estimate_data(estimate: Estimate) -> Data:
    return {"calls": dict(estimate.calls), "seconds": estimate.seconds}


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
        "spec": entry.spec,
        "owner": entry.owner,
        "sensitive": entry.sensitive,
        "class": str(entry.change_class),
        "last_change": _last_change_data(entry.last_change) if entry.last_change else None,
    }
    return data | _seals(entry.before, entry.after)


def _last_change_data(last: LastChange) -> Data:
    data: Data = {
        "by": last.by,
        "principal": last.principal,
        "at": last.at,
        "before": plain(last.before),
        "after": plain(last.after),
        "commit": last.commit,
    }
    return data | _seals(last.before, last.after)


def _seals(before: Shown, after: Shown) -> Data:
    return {
        key: value.digest
        for key, value in (("before_digest", before), ("after_digest", after))
        if isinstance(value, Sealed)
    }


def _place(at: Source) -> Data:
    return {"file": at.file, "line": at.line, "column": at.column}
