"""Apply a plan: lock, journal, write, hand out every outcome, and leave a receipt."""

import os
import socket
import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from reconciler.apply.applying import apply_plan, check_vault
from reconciler.apply.earlier import earlier_applies
from reconciler.apply.run import ApplyAccess, ApplyOrder
from reconciler.apply.stages import Gate, StageEnd
from reconciler.apply.turns import Ask, Turns
from reconciler.config.model import Config
from reconciler.history.stamp import stamp
from reconciler.model.argument import as_names
from reconciler.model.catalog import Catalog
from reconciler.model.event import Outcome, RunFinished, RunStarted, StageStarted
from reconciler.model.plan import Plan, TargetPlan
from reconciler.model.receipt import Receipt
from reconciler.model.value import Value, spelled
from reconciler.plan.classifying import Classifier
from reconciler.plan.file.data import identity
from reconciler.plan.guard import Allowances
from reconciler.project.admission import (
    as_named,
    check_domain,
    check_guards,
    check_windows,
    closed_window_lines,
    conflicts_of,
)
from reconciler.project.connections import Connections
from reconciler.project.observing import StageObserver
from reconciler.project.ordering import held_by_earlier, receipts_of, skipped, turns_of, unfinished
from reconciler.project.reaching import reach
from reconciler.project.run_facts import run_facts, run_started
from reconciler.project.vault import sealer_for
from reconciler.secrets.key import Use, shared_key
from reconciler.secrets.sealing import Sealer
from reconciler.service.lanes import lane_of
from reconciler.state.ci_facts import actor
from reconciler.state.receipts import Left, leave_receipt
from reconciler.state.record import RunRecord
from reconciler.state.tally import by_target, counted, is_complete, written_unclassified


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyRequest:
    """What the options of `apply` say, beside those about planning.

    `pause_seconds` is waited between stages; `asks` instead asks the observer there. `retried` is
    the receipt of the apply whose rest this is.
    """

    allowed: Allowances = field(default_factory=Allowances)
    limit: int | None = None
    max_failures: int | None = None
    stages: tuple[StageEnd, ...] = ()
    pause_seconds: float = 0.0
    asks: bool = False
    overridden_windows: tuple[str, ...] = ()
    retried: Receipt | None = None
    parallel: int | None = None
    skip_after: bool = False


class Apply:
    """One apply of one plan."""

    def __init__(
        self,
        plan: Plan,
        vault: Mapping[str, Value],
        config: Config,
        request: ApplyRequest,
        connections: Connections,
        classifiers: Mapping[str, Classifier] | None = None,
    ) -> None:
        self.plan = plan
        self.conflicts = conflicts_of(plan, config, request.allowed, classifiers or {})
        self.failed: dict[str, str] = {}
        self._vault = vault
        self._config = config
        self.request = request
        self._connections = connections
        self._digest = identity(plan)
        self._keeper = connections.keeper()
        self._skipped = skipped(plan, config) if request.skip_after else ()
        self.journal = Path()
        self.record: RunRecord | None = None
        self.receipt: Left | None = None
        self.resumed = 0
        self.outcomes: list[Outcome] = []
        self.facts: Receipt | None = None

    def run(
        self, stop: threading.Event, observer: StageObserver | None = None
    ) -> Generator[Outcome, None, None]:
        """Every outcome as it happens; at the end the journal is closed and a receipt is left."""
        self.check()
        clock = self._connections.clock
        observer = observer or StageObserver()
        keeper, request = self._keeper, self.request
        started = run_started(
            self.plan,
            self._config,
            clock.now(),
            retry_of=request.retried.run.run_id if request.retried else "",
            overridden=request.overridden_windows,
        )
        with ExitStack() as stack:
            order = self._order(stack, started, stop, observer)
            accesses = self._accesses()
            check_vault(order)
            self.journal = keeper.runs / f"{started.run_id}.jsonl"
            record = self.record = RunRecord(self.journal, clock, observer.tell)
            stack.callback(record.close)
            record.started(started)
            keeper.follow(started.run_id, self.journal)
            told = self._told(apply_plan(order, accesses, record, stop, clock), record)
            try:
                yield from self._finishing(told, stop)
            finally:
                if not stop.is_set():
                    counts = counted(self.outcomes)
                    record.finished(RunFinished(counts=counts, at=spelled(clock.now())))
                self.facts = self._receipt(started)
                self.receipt = leave_receipt(self.facts, keeper.runs, self._config)
                keeper.leave(started.run_id, self.journal, self.receipt.content)

    def _order(
        self, stack: ExitStack, started: RunStarted, stop: threading.Event, observer: StageObserver
    ) -> ApplyOrder:
        """What is asked of this apply, once no other one is at work on the same domains.

        What earlier ones did is looked up after that, so that nothing of them can be missing.
        """
        request, keeper = self.request, self._keeper
        domains = {target.domain_id for target in self.plan.targets if target.error is None}
        who = (self._owner(self._connections.clock.now()), started.run_id)
        keeper.hold(stack, domains, who, stop, observer.note)
        tried = (
            (request.retried.run.run_id, request.retried.run.retry_of) if request.retried else ()
        )
        keeper.fetch(self._digest, filter(None, tried))
        shared_key(Use.FILES, self._config.environment)  # the receipt needs it, when it is too late
        earlier = earlier_applies(keeper.runs, self._digest, request.retried, observer.note)
        self.resumed = earlier.unfinished
        if self._skipped:
            observer.note(f"begun whatever becomes of those before: {', '.join(self._skipped)}")
        return ApplyOrder(
            plan=self.plan,
            vault=self._vault,
            performed_by=stamp(
                self._digest, self.plan.git.commit, rollback=bool(self.plan.rollback_of)
            ),
            run_id=started.run_id,
            earlier=earlier,
            limit=request.limit,
            max_failures=request.max_failures,
            stages=request.stages,
            gate=self._gate(stop, observer),
            progress=observer.progress,
            conflicts=self.conflicts.planned(),
            conflict=self.conflicts.met,
            failed=self.failed,
            lost=keeper.reason,
            turns=self._turns(),
        )

    def _turns(self) -> Turns:
        """Which target comes when, and what was before this run that holds one back."""
        request = self.request
        turns = turns_of(
            self.plan, self._config, parallel=request.parallel, skip_after=request.skip_after
        )
        receipts = receipts_of(self._connections, self._config)
        return replace(
            turns,
            held=held_by_earlier(self.plan, turns, receipts, request.retried),
            undone=unfinished(self.plan, request.retried),
        )

    def _told(self, outcomes: Iterator[Outcome], record: RunRecord) -> Iterator[Outcome]:
        """Every outcome, kept; where the run breaks off, what is known of the rest."""
        try:
            for outcome in outcomes:
                self.outcomes.append(outcome)
                yield outcome
        except Exception as error:  # noqa: BLE001 - it is told with what is left
            for outcome in record.left(self.plan, tuple(self.outcomes), error):
                self.outcomes.append(outcome)
                yield outcome

    def _finishing(self, outcomes: Iterator[Outcome], stop: threading.Event) -> Iterator[Outcome]:
        """The outcomes; whoever leaves early has what is in flight finished, and begins no more."""
        for outcome in outcomes:
            try:
                yield outcome
            except GeneratorExit:
                # As Ctrl-C does: nothing more is begun.
                stop.set()
                for _ in outcomes:  # each is recorded and kept on its way
                    continue
                raise

    @property
    def begun(self) -> bool:
        """Whether a write may have been sent."""
        return self.record is not None and self.record.begun

    @property
    def crash(self) -> Exception | None:
        """What broke the run off, if anything did."""
        return self.record.crash if self.record is not None else None

    @property
    def record_errors(self) -> tuple[str, ...]:
        """What could not be kept where it belongs."""
        journal = self.record.errors if self.record is not None else ()
        receipt = self.receipt.errors if self.receipt is not None else ()
        return (
            *(f"the journal cannot be kept: {one}" for one in journal),
            *(f"the receipt cannot be kept there: {one}" for one in receipt),
            *self._keeper.errors,
        )

    def check(self) -> None:
        """Guards and change windows, looked at again; Blocked says what refuses."""
        request = self.request
        check_guards(self.plan, self._config, request.allowed)
        now = self._connections.clock.now()
        check_windows(self.plan, self._config, request.overridden_windows, now)

    def _gate(self, stop: threading.Event, observer: StageObserver) -> Gate:
        """Between two stages: wait or ask, and look at the change windows once more."""
        request, clock = self.request, self._connections.clock

        def gate(target: TargetPlan, due: StageStarted, ask: Ask) -> str:
            if request.asks and not ask(partial(observer.asked, due)):
                return f"stopped by hand before stage {due.stage} of {due.stages}"
            clock.sleep(request.pause_seconds, stop)
            overridden, part = request.overridden_windows, replace(self.plan, targets=(target,))
            closed = closed_window_lines(part, self._config, overridden, clock.now())
            return as_names("; ".join(closed))

        return gate

    def _accesses(self) -> dict[str, ApplyAccess]:
        """Every target that can be reached."""
        lanes = self._connections.lanes(self.request.parallel)
        targets = self._config.targets
        found = reach(self.plan, self._access, lanes, lambda one: lane_of(targets[one.name]))
        self.failed.update(found.failed)
        return found.accesses

    def _access(self, planned: TargetPlan) -> ApplyAccess:
        check_domain(planned, self._config, self._connections)
        target = self._config.targets[planned.name]

        def sealer(catalog: Catalog) -> Sealer:
            named = as_named(planned, catalog)
            # Names in a plan may be made up; limits on fields go by the names that the domain has.
            check_guards(replace(self.plan, targets=(named,)), self._config, self.request.allowed)
            return sealer_for(target, planned, catalog, self._connections)

        return self._connections.apply_access(target, sealer)

    def _receipt(self, started: RunStarted) -> Receipt:
        outcomes = by_target(self.plan, self.outcomes)
        return Receipt(
            run=run_facts(
                started,
                self._config,
                self._connections.clock.now(),
                complete=is_complete(self.plan.with_failed(self.failed), outcomes),
                skipped_after=self._skipped,
            ),
            plan=self.plan,
            outcomes=outcomes,
            unclassified_written=written_unclassified(self.conflicts.as_known(), outcomes),
        )

    def _owner(self, now: datetime) -> str:
        who = actor(self._config.environment)
        return f"process {os.getpid()} of {who} on {socket.gethostname()}, since {now:%H:%M:%SZ}"
