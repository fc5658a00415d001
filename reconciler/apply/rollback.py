"""Plan the way back from an apply: read each case it may have written, and that case's history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from reconciler.apply.inverse import Undone, possibly_written, undone
from reconciler.clock import Clock
from reconciler.config.model import Rate, Target
from reconciler.errors import CallError, Unauthenticated
from reconciler.history.attribution import read_history
from reconciler.history.stamp import stamp
from reconciler.model.catalog import Catalog
from reconciler.model.plan import CaseChange, TargetPlan, UnreadableCase
from reconciler.model.plural import plural
from reconciler.model.progress import Progress
from reconciler.model.receipt import Receipt
from reconciler.model.system_fields import UPDATED_AT
from reconciler.model.value import Value, spelled
from reconciler.parallel import ALL_AT_ONCE, Lanes, in_order
from reconciler.plan.assembling import estimate, offers
from reconciler.plan.guard import Allowances, blockers
from reconciler.plan.planning import Planned
from reconciler.read.case import ReadFailure, try_read
from reconciler.secrets.sealing import Sealer
from reconciler.service.lanes import lane_of
from reconciler.service.ports import AuditReader, CaseReader


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackAccess:
    """One target as a rollback's planning sees it: readers only."""

    target: Target
    reader: CaseReader
    audit: AuditReader
    catalog: Catalog
    sealer: Sealer
    quotas: Mapping[str, Rate]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackOrder:
    """What is asked: the apply to undo, by its receipt and its plan's digest."""

    receipt: Receipt
    digest: str
    tool_version: str
    life: timedelta
    allowed: Allowances
    progress: Progress
    lanes: Lanes = ALL_AT_ONCE

    @property
    def stamp(self) -> str:
        """What that apply signed its writes with."""
        plan = self.receipt.plan
        return stamp(self.digest, plan.git.commit, rollback=bool(plan.rollback_of))


def plan_rollback(
    order: RollbackOrder, accesses: Mapping[str, RollbackAccess], clock: Clock
) -> Planned:
    """The inverse plan, and the sensitive values that it restores."""
    vault: dict[str, Value] = {}
    written = possibly_written(order.receipt.outcomes)
    now = clock.now().replace(microsecond=0)
    found = [
        (target, [one for one in target.changes if (target.name, one.case_id) in written])
        for target in order.receipt.plan.targets
    ]

    def inverse(one: tuple[TargetPlan, list[CaseChange]]) -> tuple[TargetPlan, Mapping[str, Value]]:
        target, changes = one
        return _Undoing(order, accesses[target.name], written).target(target, changes, spelled(now))

    made = order.lanes.each(
        inverse,
        [one for one in found if one[1]],
        lambda one: lane_of(accesses[one[0].name].target),
    )
    for _, values in made:
        vault.update(values)
    plan = replace(
        order.receipt.plan,
        tool_version=order.tool_version,
        created_at=spelled(now),
        expires_at=spelled(now + order.life),
        targets=tuple(target for target, _ in made),
        rollback_of=order.digest,
    )
    return Planned(plan, vault)


class _Undoing:
    """One target's way back."""

    def __init__(
        self,
        order: RollbackOrder,
        access: RollbackAccess,
        written: Mapping[tuple[str, str], bool],
    ) -> None:
        self._order = order
        self._access = access
        self._written = written

    def target(
        self, target: TargetPlan, changes: Sequence[CaseChange], read_at: str
    ) -> tuple[TargetPlan, Mapping[str, Value]]:
        """The inverse of what was done to the target."""
        back: list[CaseChange] = []
        unreadable: list[UnreadableCase] = []
        found: list[Undone] = []
        for number, one in enumerate(in_order(self._undone, changes), 1):
            self._order.progress("reading histories", number, len(changes))
            if isinstance(one, UnreadableCase):
                unreadable.append(one)
                continue
            change, way_back = one
            found.append(way_back)
            if way_back.fields:
                back.append(replace(change, fields=way_back.fields))
        plan = replace(
            target,
            read_at=read_at,
            read_by=f"GetCase and GetCaseAuditEvents for {plural(len(changes), 'case')} "
            "that the apply may have written",
            cases_in_sync=max(
                0, target.cases_managed - len(unreadable) - sum(map(_differs, found))
            ),
            changes=tuple(back),
            unreadable=tuple(unreadable),
            unconfirmed=0,
            ignored=tuple(entry for one in found for entry in one.left),
        )
        vault = {digest: value for one in found for digest, value in one.vault.items()}
        return self._judged(plan), vault

    def _judged(self, plan: TargetPlan) -> TargetPlan:
        applied, access = self._order.receipt.plan, self._access
        asked = (plan.changes, applied.mode, access.quotas, access.target.share)
        bulk, parts = offers(*asked, by_field=applied.by_field)
        return replace(
            plan,
            estimate=estimate(*asked, by_field=applied.by_field),
            bulk_estimate=bulk,
            by_field_estimate=parts,
            blocked_by=blockers(
                plan,
                replace(access.target.limits, unclassified=None),
                self._order.allowed,
                vouched=self._order.receipt.plan.vouched,
            ),
        )

    def _undone(self, change: CaseChange) -> tuple[CaseChange, Undone] | UnreadableCase:
        access, at = self._access, change.fields[0].source
        by_id = access.catalog.by_id
        gone = [entry.name for entry in change.fields if entry.id not in by_id]
        if gone:
            detail = f"the domain has no field {', '.join(gone)} any more"
            return UnreadableCase(change.case_id, "unknown-field", detail, at)
        ids = dict.fromkeys([*(entry.id for entry in change.fields), UPDATED_AT])
        live = try_read(access.reader, change.case_id, [by_id[one] for one in ids if one in by_id])
        if isinstance(live, ReadFailure):
            return UnreadableCase(change.case_id, live.reason, live.detail, at)
        try:
            # After the case itself: an edit between the two is then seen here.
            events = read_history(access.audit, change.case_id, by_id)
        except Unauthenticated:
            raise
        except CallError as error:
            return UnreadableCase(change.case_id, error.code, str(error), at)
        found = undone(change, live, events, self._order.stamp, access.sealer)
        if not self._written[access.target.name, change.case_id]:
            found = replace(found, left=())  # it was in conflict: not ours, and told already
        observed = str(live.value_of(UPDATED_AT) or "")
        return replace(change, observed_at=observed), found


def _differs(found: Undone) -> bool:
    return bool(found.fields or found.left)
