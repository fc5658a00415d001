"""Reach the targets: a client, a pace and the pins of each, opened on demand."""

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.apply.run import ApplyAccess
from reconciler.clock import Clock, SystemClock
from reconciler.config.model import Config, Target
from reconciler.errors import Blocked, ReconcilerError
from reconciler.model.calls import CallCounts
from reconciler.model.system_fields import UPDATED_AT, UPDATED_BY
from reconciler.parallel import Lanes
from reconciler.read.preparing import PlanAccess, Unreached, reached
from reconciler.service.calling import Caller, Paces
from reconciler.service.catalog import find_domain
from reconciler.service.lanes import Lane, is_paced, lane_of, lanes_of
from reconciler.service.patient import PatientAudit, PatientCatalog, PatientReader, PatientWriter
from reconciler.service.ports import CatalogReader, DomainFacts

if TYPE_CHECKING:
    from reconciler.service.aws.service import Service
    from reconciler.service.ports import HistoryAccess
    from reconciler.state.bucket import BucketStore
    from reconciler.state.keeper import Keeper
    from reconciler.state.store import Store


@dataclass(frozen=True, slots=True)
class Connection:
    """One target, reached and checked against its pins."""

    target: Target
    domain: DomainFacts
    catalog: CatalogReader
    caller: Caller
    service: "Service"
    lane: Lane


class Connections:
    """Opens targets on demand, and closes what it opened (the embedded sandbox) at the end."""

    def __init__(
        self,
        config: Config,
        stop: threading.Event,
        tell: Callable[[str], None] = lambda _: None,
        clock: Clock | None = None,
        clients: Mapping[str, Any] | None = None,
    ) -> None:
        """`tell` is told of calls that take long because they are tried again.

        `clients` are those of targets that somebody else has reached, by name.
        """
        self._tell = tell
        self._clients = clients or {}
        self._environment = config.environment
        self.folder = config.root
        self.clock = clock or SystemClock()
        self.counts = CallCounts(began=self.clock.monotonic())
        self.state = config.state
        self._state_bucket = config.state_bucket
        self._bucket: BucketStore | None = None
        self._stop = stop
        self._stack = ExitStack()
        self._lanes = lanes_of(config.targets.values())
        for name in self._lanes:
            self.counts.of(name)  # in the config's order, whoever is first
        self._lock = threading.Lock()  # lanes are reached at the same time
        self._counting = threading.Lock()
        self._paces: dict[str | tuple[str, str], Paces] = {}
        self._open: dict[str, Connection] = {}

    def __enter__(self) -> "Connections":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open(self, target: Target) -> Connection:
        """The target, its account pin checked before anything of it is read."""
        if target.name not in self._open:
            self._open[target.name] = self._connect(target)
        return self._open[target.name]

    def _connect(self, target: Target) -> Connection:
        service = self._service(target)
        name = lane_of(target)
        paced = is_paced(target)
        lane = self._lanes[name] if paced else lanes_of([target])[name]
        paces = self._shared(name, lane) if paced else Paces(self.clock, None, lane.share)
        counts = self.counts.of(name)
        caller = Caller(self.clock, paces, self._stop, counts, self._tell, self._counting)
        # Before anything is read: the wrong account's cases are nobody's business here.
        _check_account(target, service, caller)
        catalog = PatientCatalog(service.catalog(), caller)
        # By name or id; from here on everything goes by the id.
        domain = find_domain(target, catalog)
        if target.account is not None and domain.account:
            _pinned(target, "account of the domain", target.account, domain.account)
        if target.region is not None and domain.region:
            _pinned(target, "Region of the domain", target.region, domain.region)
        if paced:  # where the config does not say what lives together, the domains do
            with self._lock:
                caller.paces = self._paces.setdefault((domain.account, domain.region), paces)
        return Connection(target, domain, catalog, caller, service, lane)

    def _shared(self, name: str, lane: Lane) -> Paces:
        """The one pace of a lane."""
        with self._lock:
            if name not in self._paces:
                self._paces[name] = Paces(self.clock, lane.quotas, lane.share)
            return self._paces[name]

    def _service(self, target: Target) -> "Service":
        from reconciler.service.aws.service import AwsService, given_service
        from reconciler.service.aws.session import AwsSession

        if target.name in self._clients:
            return given_service(self._clients[target.name], target.name)
        endpoint, region = None, ""
        if target.sandbox is not None:
            endpoint, region = self._sandbox(target, target.sandbox)
        return AwsService(AwsSession(target, endpoint, region, environment=self._environment))

    def _sandbox(self, target: Target, database: Path) -> tuple[str, str]:
        """Where it answers, and in which Region the target's domain is."""
        from reconciler.sandbox.api import Embedded, SandboxError

        if not database.exists():
            raise ReconcilerError(
                f"there is no sandbox database at {database}; make one with",
                f"  reconcile sandbox seed --db {database}",
            )
        try:
            account, region = target.account or "", target.region or ""
            server = Embedded(database, fast=True, account=account, region=region)
        except SandboxError as error:
            raise ReconcilerError(str(error)) from error
        self._stack.callback(server.close)
        return str(server.url), str(server.region_of(target.domain))

    def plan_access(self, target: Target) -> PlanAccess:
        """The target for planning: nothing in it can write."""
        connection = self.open(target)
        reader = connection.service.reader(connection.domain.id)
        return PlanAccess(
            target=replace(target, share=connection.lane.share),
            domain=connection.domain,
            catalog=connection.catalog,
            reader=PatientReader(reader, connection.caller),
            quotas=connection.lane.quotas,
            seal_key=self.seal_key() if target.sensitive else b"",
            history=lambda: self.history_access(target),
        )

    def keeper(self) -> "Keeper":
        """What an apply does with the state; a bucket is opened when something is to be written."""
        from reconciler.state.keeper import Keeper

        return Keeper(self.state, self.bucket if self._state_bucket else None, self.clock)

    def bucket(self) -> "BucketStore":
        """The state in S3, opened once; by the run's own credentials, never by a target's role."""
        if self._bucket is None:
            if self._state_bucket is None:
                raise AssertionError("the state is a folder")
            from reconciler.state.bucket import open_bucket

            self._bucket = open_bucket(
                self._state_bucket, self._environment, self.clock, self._tell
            )
        return self._bucket

    def store(self) -> "Store":
        """Where the runs of this and other machines are."""
        if self._state_bucket is not None:
            return self.bucket()
        from reconciler.state.folder import open_folder

        return open_folder(self.state)

    def lanes(self, most: int | None) -> Lanes:
        """So many lanes at once; all where None."""
        self.counts.lanes_at_once = most
        return Lanes(most, self._stop)

    def seal_key(self) -> bytes:
        """The key that sensitive values are sealed with."""
        from reconciler.secrets.key import seal_key

        with self._lock:
            return seal_key(self.state, environment=self._environment)

    def try_to_plan(self, target: Target) -> PlanAccess | Unreached:
        """The target for planning, or why it cannot be reached; the others do not care."""
        return reached(target, self.plan_access)

    def history_access(self, target: Target) -> "HistoryAccess":
        """The histories of the target's cases, and of the specs around the config."""
        from reconciler.git.specs import GitSpecs
        from reconciler.service.ports import HistoryAccess

        connection = self.open(target)
        reader = connection.service.audit(connection.domain.id)
        return HistoryAccess(PatientAudit(reader, connection.caller), GitSpecs(self.folder))

    def apply_access(self, target: Target, make_sealer: Callable[..., Any]) -> ApplyAccess:
        """The target for applying; its fields are read once more, its pins checked again."""
        from reconciler.service.catalog import read_fields

        connection = self.open(target)
        # Credentials may have been renewed, as another account's, since the plan was shown.
        _check_account(target, connection.service, connection.caller)
        catalog = read_fields(connection.domain, connection.catalog)
        reader, writer, audit = connection.service.for_writing(connection.domain.id)
        return ApplyAccess(
            # Histories settle writes whose reply was lost, also when the run is asked to stop.
            audit=PatientAudit(audit, connection.caller, finish=True),
            catalog=catalog.by_id,
            reader=PatientReader(reader, connection.caller),
            writer=PatientWriter(writer, connection.caller),
            sealer=make_sealer(catalog),
            attribution=tuple(
                catalog.by_id[key] for key in (UPDATED_AT, UPDATED_BY) if key in catalog.by_id
            ),
        )


def _check_account(target: Target, service: "Service", caller: Caller) -> None:
    """The account pin, by STS; asked as patiently as everything else."""
    if target.account is not None:
        account = caller.call("GetCallerIdentity", service.account)
        if account:
            _pinned(target, "account", target.account, account)


def _pinned(target: Target, what: str, pinned: str, found: str) -> None:
    if pinned != found:
        raise Blocked(
            f"target {target.name} is pinned to {what.split(' ')[0]} {pinned}, and the {what} is "
            f"{found}; nothing was read or written",
            "use the credentials of the right account, or correct reconcile.yaml",
        )
