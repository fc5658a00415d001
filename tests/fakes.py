"""A whole Cases domain in memory, with a clock that the test moves and faults that it scripts."""

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from reconciler.apply.run import ApplyAccess
from reconciler.errors import NotFound
from reconciler.model.audit import AuditEvent, RecordedChange
from reconciler.model.calls import CallCounts
from reconciler.model.case import LiveCase
from reconciler.model.value import spelled
from reconciler.secrets.sealing import Sealer
from reconciler.service.calling import Caller, Paces
from reconciler.service.patient import PatientAudit, PatientReader, PatientWriter
from reconciler.service.ports import BatchReply, CasePage, DomainFacts, Page, SearchPage
from reconciler.specs.selection import holds
from tests.builders import BY_ID, DOMAIN, FIELDS, OPTIONS, TEMPLATES, live

NOW = datetime(2026, 12, 1, 9, 0, 0, tzinfo=UTC)


class FakeClock:
    """Time that passes only when somebody sleeps, or when the test says so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.seconds = 0.0
        self.sleeps: list[float] = []
        self.while_asleep: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float, stop: threading.Event | None = None) -> None:
        with self._lock:
            self.sleeps.append(seconds)
        self.while_asleep()
        if stop is None or not stop.is_set():
            with self._lock:
                self.seconds += seconds


@dataclass
class Fault:
    """What one call meets; with `took_effect` a write is done before its reply is lost."""

    error: Exception
    took_effect: bool = False


@dataclass
class FakeWorld:
    """The reader, the writer and the catalog of one domain.

    `index` replaces what a search shows of a case (None hides it), which is how an index lags.
    `log` has every call and every recorded event, in order. A `dated` world keeps times of the
    last update and an audit history, as the service does.
    """

    cases: dict[str, LiveCase] = field(default_factory=dict)
    domains: tuple[DomainFacts, ...] = (DOMAIN,)
    fields: tuple = FIELDS
    options: dict = field(default_factory=lambda: dict(OPTIONS))
    templates: tuple = TEMPLATES
    page_size: int = 100
    index: dict[str, LiveCase | None] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    histories: dict[str, list] = field(default_factory=dict)
    dated: bool = False

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._faults: dict[tuple[str, str], deque[Fault]] = {}
        self._hooks: dict[tuple[str, str], deque[Callable[[], None]]] = {}
        self._tokens: dict[str, BatchReply] = {}
        self.batch_failures: dict[str, list[str]] = {}
        self.log: list[tuple] = []
        self.writes: list[tuple[str, dict, str]] = []
        self.filters: list = []
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.clock = FakeClock()
        self.stop = threading.Event()
        self.counts = CallCounts()

    # -- what the test arranges ------------------------------------------------------------

    @classmethod
    def holding(cls, *cases: LiveCase, **more) -> "FakeWorld":
        """A domain with these cases."""
        return cls({case.case_id: case for case in cases}, **more)

    def fail(self, api: str, *errors: Exception | Fault, on: str = "") -> None:
        """Make the next calls of an API (about one case, when `on` names it) fail."""
        script = self._faults.setdefault((api, on), deque())
        script.extend(one if isinstance(one, Fault) else Fault(one) for one in errors)

    def before(self, api: str, do: Callable[[], None], on: str = "") -> None:
        """Do something right before the next call of an API."""
        self._hooks.setdefault((api, on), deque()).append(do)

    def edit(self, case_id: str, by: str = "arn:jane", **values) -> None:
        """Somebody else changes a case."""
        if self.dated:
            self._audit(case_id, by, values)
            values = {**values, "last_updated_datetime": spelled(self.clock.now())}
        held = {**self.cases[case_id].values, **values}
        held = {key: value for key, value in held.items() if value is not None}
        self.cases[case_id] = replace(self.cases[case_id], values=held)

    def _audit(self, case_id: str, by: str, values: dict) -> None:
        held = self.cases[case_id].values
        event = AuditEvent(
            event_id=f"e{len(self.histories.setdefault(case_id, []))}",
            kind="Case.Updated",
            at=spelled(self.clock.now()),
            by=by,
            principal="",
            changes=tuple(RecordedChange(key, held.get(key), values[key]) for key in values),
        )
        self.histories[case_id].append(event)

    # -- what the test looks at ------------------------------------------------------------

    def calls(self, api: str = "") -> list[tuple]:
        """The calls, in order."""
        return [one for one in self.log if one[0] != "record" and api in ("", one[0])]

    @property
    def count(self) -> Counter:
        """Calls by API."""
        return Counter(one[0] for one in self.calls())

    @property
    def journal(self) -> list:
        """What was recorded, in order."""
        return [one[1] for one in self.log if one[0] == "record"]

    def record(self, event: object) -> None:
        """The Record port."""
        with self._lock:
            self.log.append(("record", event))

    # -- the ports -------------------------------------------------------------------------

    def _met(self, api: str, about: str) -> Fault | None:
        with self._lock:
            hook = self._next(self._hooks, api, about)
        if hook is not None:
            hook()
        with self._lock:
            self.log.append((api, about))
            return self._next(self._faults, api, about)

    def _next(self, scripts, api, about):
        for key in ((api, about), (api, "")):
            if scripts.get(key):
                return scripts[key].popleft()
        return None

    def _read(self, api: str, about: str) -> None:
        fault = self._met(api, about)
        if fault is not None:
            raise fault.error

    def _page(self, items, token: str):
        at = int(token or 0)
        more = at + self.page_size < len(items)
        return tuple(items[at : at + self.page_size]), str(at + self.page_size) if more else ""

    def get_domain(self, domain_id):
        self._read("GetDomain", domain_id)
        for domain in self.domains:
            if domain.id == domain_id:
                return domain
        raise NotFound("no such domain", code="ResourceNotFoundException")

    def list_domains(self, token):
        self._read("ListDomains", "")
        return Page(*self._page(self.domains, token))

    def list_fields(self, domain_id, token):
        self._read("ListFields", domain_id)
        return Page(*self._page(self.fields, token))

    def list_field_options(self, domain_id, field_id, token):
        self._read("ListFieldOptions", field_id)
        return Page(*self._page(self.options[field_id], token))

    def list_templates(self, domain_id, token):
        self._read("ListTemplates", domain_id)
        return Page(*self._page([replace(one, required=None) for one in self.templates], token))

    def get_template(self, domain_id, template_id):
        self._read("GetTemplate", template_id)
        return next(one for one in self.templates if one.id == template_id)

    def get_case(self, case_id, fields, token):
        self._read("GetCase", case_id)
        with self._lock:
            self.asked.append((case_id, tuple(one.id for one in fields)))
            case = self.cases.get(case_id)
        if case is None:
            raise NotFound(f"no case {case_id}", code="ResourceNotFoundException")
        ids, more = self._page([one.id for one in fields], token)
        return CasePage(replace(_only(case, ids), read_at=spelled(self.clock.now())), more)

    def search_cases(self, wanted, fields, token, order=None):
        self._read("SearchCases", "")
        with self._lock:
            self.filters.append(wanted)
            self.asked.append(("", tuple(one.id for one in fields)))
        shown = [self.index.get(key, self.cases[key]) for key in sorted(self.cases)]
        found = [case for case in shown if case is not None and _matches(case, wanted)]
        cases, more = self._page(found, token)
        ids = [one.id for one in fields]
        readable = tuple(
            replace(_only(one, ids), read_at=spelled(self.clock.now()))
            for one in cases
            if one.case_id not in self.unreadable
        )
        hidden = {key: why for key, why in self.unreadable.items() if key in _ids(cases)}
        return SearchPage(readable, more, hidden, len(found))

    def get_case_audit_events(self, case_id, fields, token):
        self._read("GetCaseAuditEvents", case_id)
        return Page(*self._page(self.histories.get(case_id, ()), token))

    def update_case(self, case_id, values, performed_by):
        fault = self._met("UpdateCase", case_id)
        if fault is not None and not fault.took_effect:
            raise fault.error
        with self._lock:
            given = {one.id: value for one, value in values}
            self.writes.append((case_id, given, performed_by))
            self.edit(case_id, **self._signed(performed_by), **given)
        if fault is not None:
            raise fault.error
        return f"request-{len(self.writes)}"

    def batch_update_cases(self, case_ids, values, performed_by, client_token):
        """Each case on its own; `batch_failures` says what becomes of one, once each."""
        fault = self._met("BatchUpdateCase", ",".join(case_ids))
        if fault is not None and not fault.took_effect:
            raise fault.error
        given = {one.id: value for one, value in values}
        failed = {}
        with self._lock:
            if client_token not in self._tokens:
                for case_id in case_ids:
                    if self.batch_failures.get(case_id):
                        failed[case_id] = (self.batch_failures[case_id].pop(0), "because")
                    else:
                        self.writes.append((case_id, given, performed_by))
                        self.edit(case_id, **self._signed(performed_by), **given)
                self._tokens[client_token] = BatchReply(f"batch-{len(self._tokens) + 1}", failed)
            reply = self._tokens[client_token]
        if fault is not None:
            raise fault.error
        return reply

    def _signed(self, performed_by):
        return {"by": performed_by} if self.dated else {}

    # -- ready to use ----------------------------------------------------------------------

    def caller(self, quotas=None, share: float = 1.0) -> Caller:
        """A caller on this world's clock; no quota unless given."""
        return Caller(self.clock, Paces(self.clock, quotas, share), self.stop, self.counts)

    def apply_access(self, sealer: Sealer | None = None, caller: Caller | None = None):
        """This domain as applying sees it."""
        caller = caller or self.caller()
        return ApplyAccess(
            reader=PatientReader(self, caller),
            writer=PatientWriter(self, caller),
            sealer=sealer or Sealer(b"", frozenset()),
            audit=PatientAudit(self, caller, finish=True),
            catalog=BY_ID,
            attribution=(BY_ID["last_updated_datetime"], BY_ID["last_updated_user"]),
        )


def world_of(count: int, **values) -> FakeWorld:
    """Cases c000, c001, ... that all hold the same."""
    return FakeWorld.holding(*(live(f"c{number:03}", **values) for number in range(count)))


def _ids(cases) -> set[str]:
    return {case.case_id for case in cases}


def _only(case: LiveCase, ids) -> LiveCase:
    values = {key: value for key, value in case.values.items() if key in ids}
    return replace(case, values=values)


def _matches(case: LiveCase, wanted) -> bool:
    if wanted is None:
        return True
    tagged = all(case.tags.get(key) == value for key, value in wanted.tags)
    whole = replace(case, values={"case_id": case.case_id, **case.values})
    return tagged and (wanted.rule is None or holds(wanted.rule, whole))
