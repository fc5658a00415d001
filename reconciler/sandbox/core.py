"""Answer one request, whatever carried it: the whole sandbox without its transport."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import format_datetime
from uuid import uuid4

from reconciler.sandbox.arns import Place
from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.calls import CallLog, CallRecord
from reconciler.sandbox.catalog import Catalogs
from reconciler.sandbox.clock import Clock, timestamp
from reconciler.sandbox.control import Control
from reconciler.sandbox.errors import ServiceError, internal, throttled, validation
from reconciler.sandbox.faults import Faults, Verdict, fault_error
from reconciler.sandbox.identity import caller_identity, is_identity_request
from reconciler.sandbox.operations.table import OPERATIONS
from reconciler.sandbox.quotas import Quotas
from reconciler.sandbox.routes import Match, Routes, bind
from reconciler.sandbox.search.results import ResultCache
from reconciler.sandbox.service_model import load
from reconciler.sandbox.shapes import Reader, Shapes
from reconciler.sandbox.store import Store
from reconciler.sandbox.switches import Switches
from reconciler.sandbox.wire import Cut, Reply, decode, error_reply, ok_reply, proxy_reply

logger = logging.getLogger(__name__)
_SCOPE = re.compile(r"Credential=[^/,]*/\d{8}/([^/,]+)/")


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a running sandbox is made of."""

    store: Store
    clock: Clock
    switches: Switches
    faults: Faults
    quotas: Quotas
    calls: CallLog
    latency_seconds: float = 0.0
    on_call: Callable[[CallRecord], None] | None = None


class Core:
    """The sandbox: raw requests in, replies out."""

    def __init__(self, parts: Parts) -> None:
        model = load()
        self._parts = parts
        self._model = model
        self._routes = Routes(model)
        self._shapes = Shapes(model["shapes"])
        self._catalogs = Catalogs(parts.store)
        self._results = ResultCache()
        self._control = Control(faults=parts.faults, switches=parts.switches, calls=parts.calls)

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request; the names of the headers are in lower case."""
        if Control.is_control(target):
            return self._control.handle(method, target, body)
        started = self._parts.clock.monotonic()
        visit = _Visit(request_id=str(uuid4()), region=_region_of(headers))
        try:
            reply = self._reply(visit, method, target, headers, body)
        except ServiceError as error:
            visit.error = error.code
            reply = error_reply(error)
        except Exception:
            logger.exception("the sandbox failed on %s %s", method, visit.operation)
            visit.error = "InternalServerException"
            reply = error_reply(internal())
        if visit.proxy_status:
            reply = proxy_reply(visit.proxy_status)
        else:
            reply = replace(reply, headers={**reply.headers, "x-amzn-RequestId": visit.request_id})
        date = format_datetime(self._parts.clock.now(), usegmt=True)
        reply = replace(
            reply,
            headers={**reply.headers, "Date": date},
            delay_seconds=visit.delay_seconds + self._parts.latency_seconds,
            cut=visit.cut,
        )
        self._record(visit, reply, started)
        return reply

    def _reply(
        self, visit: "_Visit", method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        if is_identity_request(method, target, headers):
            visit.operation = "GetCallerIdentity"
            return caller_identity(body, self._place(visit), visit.request_id)
        match = self._routes.match(method, target)
        visit.operation = match.operation
        visit.case_id = match.labels.get("caseId")
        operation = OPERATIONS.get(match.operation)
        if operation is None:
            message = f"the sandbox does not implement {match.operation}"
            raise ServiceError("UnsupportedOperation", message, 501)
        self._take_quota(visit)
        verdict = self._judge(visit, body)
        visit.suffer(verdict)
        if verdict.kind in ("cut-before", "proxy-before"):
            return Reply(status=0, body=b"")
        self._raise_fault(visit, verdict)
        params = self._params(match, body)
        return ok_reply(operation(self._call(visit), params))

    def _take_quota(self, visit: "_Visit") -> None:
        place = self._place(visit)
        key = (place.account, place.region, visit.operation)
        batch = self._parts.switches.settings.batch_quota
        if not self._parts.quotas.take(key, batch, self._parts.clock.monotonic()):
            raise throttled(visit.operation)

    def _judge(self, visit: "_Visit", body: bytes) -> Verdict:
        batch = visit.operation == "BatchUpdateCase"
        cases = _batch_cases(body) if batch else [visit.case_id] if visit.case_id else []
        return self._parts.faults.judge(visit.operation, cases, batch=batch)

    def _raise_fault(self, visit: "_Visit", verdict: Verdict) -> None:
        if verdict.rule is not None:
            resource = visit.case_id or visit.operation
            principal = self._place(visit).principal
            error = fault_error(verdict.rule, visit.operation, resource, principal)
            if error is not None:
                raise error

    def _params(self, match: Match, body: bytes) -> Json:
        shape = self._model["operations"][match.operation]["input"]["shape"]
        members = self._model["shapes"][shape]["members"]
        bound = bind(match, members, decode(body), self._model["shapes"])
        try:
            params: Json = self._reader(shape)(bound, "")
        except RecursionError:
            raise validation("The request is nested too deeply.") from None
        return params

    def _reader(self, shape: str) -> Reader:
        return self._shapes.reader(shape)

    def _call(self, visit: "_Visit") -> Call:
        place = self._place(visit)

        def fault_on_case(case_id: str) -> ServiceError | None:
            rule = self._parts.faults.judge_case(visit.operation, case_id)
            if rule is None:
                return None
            return fault_error(rule, visit.operation, case_id, place.principal)

        return Call(
            store=self._parts.store,
            catalogs=self._catalogs,
            results=self._results,
            settings=self._parts.switches.settings,
            operation=visit.operation,
            region=visit.region,
            place=place,
            now=self._parts.clock.now(),
            fault_on_case=fault_on_case,
        )

    def _place(self, visit: "_Visit") -> Place:
        return Place.of("", visit.region or "", self._parts.store.told)

    def _record(self, visit: "_Visit", reply: Reply, started: float) -> None:
        clock = self._parts.clock
        took = clock.monotonic() - started + reply.delay_seconds
        record = CallRecord(
            time=timestamp(clock.now()),
            operation=visit.operation,
            case_id=visit.case_id,
            status=reply.status,
            error=visit.error,
            milliseconds=round(took * 1000, 3),
            request_id=visit.request_id,
        )
        self._parts.calls.add(record)
        if self._parts.on_call is not None:
            self._parts.on_call(record)


@dataclass(slots=True, kw_only=True)
class _Visit:
    """What becomes known about one request while it is answered."""

    request_id: str
    region: str | None
    operation: str = "Unknown"
    case_id: str | None = None
    error: str | None = None
    delay_seconds: float = 0.0
    cut: Cut = Cut.NONE
    proxy_status: int = 0

    def suffer(self, verdict: Verdict) -> None:
        """Note what a fault does to the reply."""
        self.delay_seconds = verdict.delay_seconds
        if verdict.kind in ("cut-before", "cut-after"):
            self.error, self.cut = verdict.kind, Cut.RESET
        elif verdict.kind == "half-body":
            self.error, self.cut = verdict.kind, Cut.HALF
        elif verdict.rule is not None and verdict.kind in ("proxy-before", "proxy-after"):
            self.error, self.proxy_status = verdict.kind, verdict.rule.status or 502


def _region_of(headers: Mapping[str, str]) -> str | None:
    """The Region the request was signed for; None when it was not signed."""
    found = _SCOPE.search(headers.get("authorization", ""))
    return found.group(1) if found else None


def _batch_cases(body: bytes) -> list[str]:
    """The case ids of a BatchUpdateCase request that may yet turn out to be malformed."""
    try:
        items = decode(body)["cases"]
        return [
            item["caseIdentifier"]["caseId"] for item in items if "caseId" in item["caseIdentifier"]
        ]
    except (ServiceError, KeyError, TypeError):
        return []
