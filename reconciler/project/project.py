"""The front door: one project, and everything that can be done with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from reconciler.project.editing import Editing
from reconciler.project.looking_back import LookingBack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reconciler.model.event import StageEvent
    from reconciler.model.history import CaseHistory
    from reconciler.project.changes import LaneTargets
    from reconciler.project.limits import Limits
    from reconciler.project.plans import Plan
    from reconciler.project.running import Receipt, Run

    Names = str | Sequence[str] | None
    Paths = str | Path | Sequence[str | Path] | None


# Of how many differing cases the histories are read; 96 take a minute at the default quotas.
HISTORIES = 100
HISTORIES_OF_DRIFT = 1_000  # where telling drift apart is what the call is for


class Project(Editing, LookingBack):
    """A config with its specs and targets, ready to be planned and applied.

    One belongs to one thread; any number of them may be at work at once.

    Example:
        >>> with Project.load(folder / "reconcile.yaml") as project:
        ...     project.plan().changed_cases
        2
    """

    def plan(  # noqa: PLR0913  (one parameter a way of narrowing)
        self,
        *,
        targets: Names = None,
        cases: Names = None,
        fields: Names = None,
        specs: Names = None,
        policies: Names = None,
        paths: Paths = None,
        mode: str = "balanced",
        by_field: bool = False,
        limits: Limits | None = None,
        life: timedelta = timedelta(hours=24),
        catalog: str | Path | None = None,
        histories: int = HISTORIES,
        applied: bool = True,
        parallel: int | None = None,
    ) -> Plan:
        """Read the live cases, and decide what an apply would change. Nothing is written.

        Args:
            targets, cases, fields, specs, policies: the part that is meant, by name or id; each
                None for all, and together they narrow each other.
            paths: spec files or folders; None for all of the project's.
            mode: strict, balanced or bulk.
            by_field: in bulk mode, write many different changes a few fields at a time.
            limits: guards lifted; those that are not lifted stand in the plan, and block it.
            life: how long a saved plan may be applied.
            catalog: a saved catalog, to check names with before any call.
            histories: of how many differing cases of a target the history is read.
            applied: whether this plan is applied by this project, which then tells conflicts of
                the rest too; False for one that is only shown or saved.
            parallel: how many lanes (account and Region) are read at once; None for all.

        Raises:
            AuthorErrors: specs are wrong; `problems` has each with its place.
            WrongArgument, ReconcilerError: a name stands for nothing; no target can be reached.

        Example:
            >>> plan = project.plan(mode="strict")
            >>> plan.targets[0].changes[0].fields[0].after
            'high'
        """
        from reconciler.project.calls import Asking, plan_of, selectors

        about = {"targets": targets, "cases": cases, "fields": fields, "specs": specs}
        return plan_of(self._home, selectors(**about, policies=policies), Asking(
            paths=paths, mode=mode, by_field=by_field, limits=limits, life=life,
            catalog=catalog, histories=histories, applied=applied, parallel=parallel,
        ))  # fmt: skip

    def drift(  # noqa: PLR0913  (one parameter a way of narrowing)
        self,
        *,
        targets: Names = None,
        cases: Names = None,
        fields: Names = None,
        specs: Names = None,
        policies: Names = None,
        paths: Paths = None,
        mode: str = "balanced",
        limits: Limits | None = None,
        catalog: str | Path | None = None,
        histories: int = HISTORIES_OF_DRIFT,
        parallel: int | None = None,
    ) -> Plan:
        """Find where live cases have left their specs. The plan that says so cannot be applied.

        Args:
            targets, cases, fields, specs, policies, paths, mode, limits, catalog, histories,
                parallel: as for `plan`.

        Raises:
            AuthorErrors, WrongArgument, ReconcilerError: as `plan`.

        Example:
            >>> project.drift().changed_cases
            2
        """
        from reconciler.project.calls import Asking, plan_of, selectors

        only = selectors(
            targets=targets, cases=cases, fields=fields, specs=specs, policies=policies
        )
        return plan_of(self._home, only, Asking(
            paths=paths, mode=mode, limits=limits, catalog=catalog,
            histories=histories, for_drift=True, parallel=parallel,
        ))  # fmt: skip

    def apply(  # noqa: PLR0913  (one parameter a way of narrowing)
        self,
        plan: Plan,
        *,
        limits: Limits | None = None,
        targets: Names = None,
        cases: Names = None,
        fields: Names = None,
        specs: Names = None,
        policies: Names = None,
        expect: str | Path | Plan | None = None,
        first: int | None = None,
        max_failures: int | None = None,
        stages: str | Sequence[int | str] = (),
        pause: float = 0.0,
        windows: Names = None,
        parallel: int | None = None,
        skip_after: bool = False,
        before_stage: Callable[[int, int, int], bool] | None = None,
        on_stage: Callable[[StageEvent], None] | None = None,
    ) -> Run:
        """Carry out a plan; writing begins when the run is iterated.

        Args:
            plan: of `plan`, `rollback`, `rest` or `Plan.load`.
            limits, targets, cases, fields, specs, policies: guards lifted; the part that is meant.
            expect: refuse unless the changes are these: a digest, a plan, or the path of one.
            first, max_failures: write so many cases of each target only; stop after so many fail.
            stages: how far each stage of a target goes from its first case: "1%,100%", or [5, 50].
            pause, windows: seconds between two stages; names of change windows to pass over.
            parallel: how many lanes (account and Region) are written at once; None for all.
            skip_after: begin targets whatever becomes of those that they come `after`.
            before_stage, on_stage: asked to go on (number, of how many, cases); told of each.

        Raises:
            Blocked, PlanMisfit: a guard or window refuses (`refusals`); too old, edited, elsewhere.

        Example:
            >>> with project.apply(project.plan(), limits=Limits(cases=250)) as run:
            ...     print(sorted(type(outcome).__name__ for outcome in run))
            ['Applied', 'Applied']
        """
        from reconciler.project.calls import Carrying, run_of, selectors

        about = {"targets": targets, "cases": cases, "fields": fields, "specs": specs}
        return run_of(self._home, plan, selectors(**about, policies=policies), Carrying(
            limits=limits, expect=expect, first=first, max_failures=max_failures,
            stages=stages, pause=pause, windows=windows, before_stage=before_stage,
            on_stage=on_stage, parallel=parallel, skip_after=skip_after,
        ))  # fmt: skip

    def rest(self, receipt: Receipt | str | Path) -> Plan:
        """What an apply left undone, as a plan to apply; conflicts need a new plan instead.

        Raises:
            PlanMisfit: the file is no whole receipt.

        Example:
            >>> with project.apply(project.plan(), first=1) as run:
            ...     done = list(run)
            >>> project.rest(run.receipt).changed_cases
            1
        """
        from reconciler.project.calls import plan_to_retry

        return plan_to_retry(self._home, receipt)

    def rollback(  # noqa: PLR0913  (one parameter a way of narrowing)
        self,
        receipt: Receipt | str | Path,
        *,
        targets: Names = None,
        cases: Names = None,
        fields: Names = None,
        specs: Names = None,
        policies: Names = None,
        limits: Limits | None = None,
        life: timedelta = timedelta(hours=24),
        parallel: int | None = None,
    ) -> Plan:
        """A plan that undoes an apply where nobody else has written since; apply it to do so.

        Args:
            receipt: of the run, its file, the run's name, or "last": the last apply that was no
                rollback.
            targets, cases, fields, specs, policies: the part that is meant.
            limits, life, parallel: as for `plan`.

        Raises:
            PlanMisfit: the receipt does not fit: edited, or of another domain.

        Example:
            >>> with project.apply(project.plan()) as run:
            ...     done = list(run)
            >>> project.rollback(run.receipt).changed_cases
            2
        """
        from reconciler.project.calls import rollback_of, selectors

        only = selectors(
            targets=targets, cases=cases, fields=fields, specs=specs, policies=policies
        )
        return rollback_of(self._home, receipt, only, limits, life, parallel)

    def targets(self, *, changed_since: str | None = None) -> tuple[LaneTargets, ...]:
        """The targets by lane (account and Region); lanes that an order joins stand together.

        Args:
            changed_since: a commit; only targets that a change since then is about, of the config
                or of the specs as they are in the working tree. None for all.

        Raises:
            ReconcilerError: git does not know the commit.

        Example:
            >>> [(one.lane, one.targets) for one in project.targets()]
            [('unpinned', ('demo',))]
        """
        from reconciler.project.calls import targets_of

        return targets_of(self._home, changed_since)

    def history(
        self, case_id: str, *, target: str | None = None, field: str | None = None
    ) -> CaseHistory:
        """Who changed which field of a case, when, and by which commit; the newest first.

        Args:
            case_id: the case's id, or its reference number.
            target: of the config; None for the default one.
            field: only this one, by id or name.

        Raises:
            ReconcilerError: there is no such case, field or target.

        Example:
            >>> project.history(case_id).events[-1].kind
            'Case.Created'
        """
        from reconciler.project.calls import history_of

        return history_of(self._home, case_id, target, field)
