"""Apply a plan: check that it still fits, lock, journal, write, and hand out every outcome."""

import getpass
import os
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from reconciler import __version__
from reconciler.adapters.journal_file import JournalFile, journals, read_journal
from reconciler.adapters.plan_file import explain, open_plan
from reconciler.adapters.run_lock import run_lock
from reconciler.adapters.seal_key import seal_key
from reconciler.engine.event_data import event_data, event_from
from reconciler.engine.guard import Allowances, objections
from reconciler.engine.plan_data import canonical, changes_digest, digest_of, to_data
from reconciler.engine.plan_parsing import from_data
from reconciler.engine.resume import done_before
from reconciler.engine.sealing import Sealer
from reconciler.engine.tally import counted
from reconciler.errors import Blocked, PlanMisfit, ReconcilerError
from reconciler.model.catalog import Catalog
from reconciler.model.config import Config, Target
from reconciler.model.event import Event, Outcome, RunFinished, RunStarted
from reconciler.model.plan import Plan, Sealed, TargetPlan
from reconciler.model.value import FieldId, Value, spelled
from reconciler.wiring.connections import Connections
from reconciler.wiring.inputs import load_specs
from reconciler.workflow.apply import apply_plan, check_vault
from reconciler.workflow.plan import read_vault, sensitive_ids
from reconciler.workflow.run import ApplyAccess, ApplyOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyRequest:
    """What the options of `apply` say, beside those about planning."""

    allowed: Allowances = field(default_factory=Allowances)
    empty_allowed: bool = False
    limit: int | None = None
    max_failures: int | None = None


def saved_plan(path: Path) -> Plan:
    """The plan in a file, whole and unedited; PlanMisfit otherwise.

    Reading it and writing it again must give the same data: that proves its shape without the
    schema, which is asked only to explain what is wrong.
    """
    data = open_plan(path)
    try:
        plan = from_data(data)
        datetime.fromisoformat(plan.expires_at)
        again = to_data(plan)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        misfit = explain(path, data)
        raise misfit or PlanMisfit(f"{path}: is no plan that this program made: {error}") from error
    if canonical(again) == canonical(data):
        return plan
    if misfit := explain(path, data):
        raise misfit
    if digest_of(data) != data["digest"]:
        raise PlanMisfit(
            f"{path}: was changed after it was made (its digest does not fit); "
            "make a new one with `reconcile plan --out FILE`"
        )
    raise PlanMisfit(f"{path}: holds something that this version does not know; plan again")


def check_fits(plan: Plan, config: Config, now: datetime) -> None:
    """A saved plan must be young enough, and its targets must still be in the config."""
    expires = datetime.fromisoformat(plan.expires_at)
    if now >= expires:
        raise PlanMisfit(
            f"the plan expired at {plan.expires_at}; make a new one with `reconcile plan`"
        )
    for target in plan.targets:
        if target.name not in config.targets:
            raise PlanMisfit(f'the plan is for target "{target.name}", which reconcile.yaml lacks')


def check_guards(plan: Plan, config: Config, request: ApplyRequest) -> None:
    """Guards again, on the plan that is about to be applied; raises Blocked with all objections."""
    found = [
        objection
        for target in plan.targets
        for objection in (
            *objections(target, config.targets[target.name].limits, request.allowed),
            *(one for one in target.blocked_by if one.guard == "no-specs"),
        )
        if not (objection.guard == "no-specs" and request.empty_allowed)
    ]
    if found:
        lines = [f"  {one.message}; to allow it: {one.override}" for one in found]
        raise Blocked("refused by a guard, nothing was written:\n" + "\n".join(lines))


def vault_for(plan: Plan, config: Config, connections: Connections) -> Mapping[str, Value]:
    """The sensitive values that a saved plan's seals stand for, from the specs it was made from."""
    sealed = any(
        isinstance(entry.after, Sealed)
        for target in plan.targets
        for change in target.changes
        for entry in change.fields
    )
    if not sealed:
        return {}
    specs = load_specs(config, [config.root / name for name in plan.spec_files], ())
    if specs.digest != plan.spec_digest:
        raise PlanMisfit(
            "the plan holds sensitive values, which apply takes from the specs, and the specs are "
            "not those that were planned; check out the planned commit, or plan again"
        )
    accesses = [connections.plan_access(config.targets[target.name]) for target in plan.targets]
    return read_vault(specs, accesses, config.default_target)


class Apply:
    """One apply of one plan."""

    def __init__(
        self,
        plan: Plan,
        vault: Mapping[str, Value],
        config: Config,
        request: ApplyRequest,
        connections: Connections,
    ) -> None:
        self._plan = plan
        self._vault = vault
        self._config = config
        self._request = request
        self._connections = connections
        self._digest = str(to_data(plan)["digest"])
        self.journal = Path()
        self.resumed = 0

    def run(self, stop: threading.Event) -> Iterator[Outcome]:
        """Every outcome as it happens; when the iterator ends, the journal is closed."""
        check_guards(self._plan, self._config, self._request)
        clock = self._connections.clock
        runs = self._connections.state / "runs"
        done = self._done_before(runs)
        self.resumed = len(done)
        order = ApplyOrder(
            plan=self._plan,
            vault=self._vault,
            performed_by=performed_by(self._digest, self._plan.git.commit),
            plan_digest=self._digest,
            done_before=done,
            limit=self._request.limit,
            max_failures=self._request.max_failures,
        )
        check_vault(order)
        with ExitStack() as stack:
            for target in self._plan.targets:
                lock = self._connections.state / f"apply-{target.domain_id}.lock"
                stack.enter_context(run_lock(lock, _owner(clock.now())))
            accesses = {target.name: self._access(target) for target in self._plan.targets}
            started = clock.now()
            # To the microsecond: the newest journal is the one whose name sorts last.
            run_id = f"{started:%Y%m%dT%H%M%S.%fZ}-{self._digest[:8]}-{secrets.token_hex(2)}"
            self.journal = runs / f"{run_id}.jsonl"
            file = JournalFile(self.journal)
            stack.callback(file.close)

            def record(event: Event) -> None:
                data = event_data(event)
                data["time"] = spelled(clock.now())
                file.append(data)

            record(self._run_started(run_id, spelled(started)))
            outcomes: list[Outcome] = []
            for outcome in apply_plan(order, accesses, record, stop, clock):
                outcomes.append(outcome)
                yield outcome
            if not stop.is_set():
                record(RunFinished(counts=counted(outcomes), at=spelled(clock.now())))

    def _done_before(self, runs: Path) -> frozenset[tuple[str, str]]:
        """What the newest run of this very plan did, if it was cut short."""
        for path in journals(runs):
            events = [event for line in read_journal(path) if (event := event_from(line))]
            first = events[0] if events else None
            if isinstance(first, RunStarted) and first.plan_digest == self._digest:
                return done_before(events, self._digest)
        return frozenset()

    def _access(self, planned: TargetPlan) -> ApplyAccess:
        target = self._config.targets[planned.name]
        domain = self._connections.open(target).domain
        found = (domain.id, domain.account, domain.region)
        if found != (planned.domain_id, planned.account, planned.region):
            raise PlanMisfit(
                f"target {planned.name}: the plan was made for domain {planned.domain_id} "
                f"(account {planned.account}, {planned.region}), and the target is now domain "
                f"{domain.id} (account {domain.account}, {domain.region}); nothing was written"
            )
        return self._connections.apply_access(target, self._sealer(target, planned))

    def _sealer(self, target: Target, planned: TargetPlan) -> Any:
        sealed = frozenset(
            entry.id for change in planned.changes for entry in change.fields if entry.sensitive
        )

        def make(catalog: Catalog) -> Sealer:
            secret: frozenset[FieldId] = sealed | sensitive_ids(
                target.sensitive, catalog, target.name
            )
            key = seal_key(self._connections.state) if secret else b""
            return Sealer(key, secret)

        return make

    def _run_started(self, run_id: str, at: str) -> RunStarted:
        return RunStarted(
            run_id=run_id,
            plan_digest=self._digest,
            changes_digest=changes_digest(self._plan),
            commit=self._plan.git.commit,
            actor=actor(),
            mode=str(self._plan.mode),
            tool_version=__version__,
            cases=self._plan.changed_cases,
            at=at,
        )


def performed_by(digest: str, commit: str) -> str:
    """The stamp in the case's audit history: which plan, from which commit."""
    return f"reconcile:{digest[:12]}:{commit[:12] or 'none'}"


def actor() -> str:
    """Who runs this, as far as CI or the machine says."""
    for variable in ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "RECONCILE_ACTOR"):
        if os.environ.get(variable):
            return os.environ[variable]
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _owner(now: datetime) -> str:
    return f"process {os.getpid()} of {actor()} on {socket.gethostname()}, since {now:%H:%M:%SZ}"


def check_expected(plan: Plan, expected: str) -> None:
    """Refuse unless the changes are the reviewed ones, named by digest or by their plan file."""
    ours = changes_digest(plan)
    path = Path(expected)
    if path.is_file():
        reviewed = saved_plan(path)
        if changes_digest(reviewed) == ours:
            return
        from reconciler.engine.compare import differences  # deepdiff costs much to import

        lines = "\n".join(f"  {line}" for line in differences(reviewed, plan))
        raise PlanMisfit(f"the changes are not the reviewed ones in {path}:\n{lines}")
    if len(expected) < 12 or not all(character in "0123456789abcdef" for character in expected):
        raise ReconcilerError(
            f"--expect {expected}: is neither a plan file nor a changes_digest "
            "(at least its first 12 characters)"
        )
    if not ours.startswith(expected):
        raise PlanMisfit(
            f"the changes are not the reviewed ones: expected {expected}, and now {ours} "
            f"({plan.changed_fields} fields on {plan.changed_cases} cases); "
            "review the new plan, and give its digest"
        )
