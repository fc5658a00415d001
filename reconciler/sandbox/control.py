"""The sandbox's own addresses, where a running one is looked at and changed: `/_sandbox/...`."""

from dataclasses import asdict
from typing import Any

from reconciler.sandbox.calls import CallLog
from reconciler.sandbox.errors import SandboxError, ServiceError
from reconciler.sandbox.faults import Faults, parse_rules
from reconciler.sandbox.switches import Switches
from reconciler.sandbox.wire import Reply, decode, error_reply, ok_reply

PREFIX = "/_sandbox/"


class Control:
    """Answers requests for the sandbox itself; none of them counts as a call."""

    def __init__(self, *, faults: Faults, switches: Switches, calls: CallLog) -> None:
        self._faults = faults
        self._switches = switches
        self._calls = calls

    @staticmethod
    def is_control(target: str) -> bool:
        """Whether a target is one of the sandbox's own addresses."""
        return target.startswith(PREFIX)

    def handle(self, method: str, target: str, body: bytes) -> Reply:
        """Answer one request."""
        name = target.removeprefix(PREFIX).partition("?")[0]
        answers = {
            "faults": self._on_faults,
            "switches": self._on_switches,
            "calls": self._on_calls,
        }
        try:
            if name not in answers:
                raise ServiceError("NotFound", f"there is {', '.join(answers)}", 404)
            return ok_reply(answers[name](method, body))
        except SandboxError as error:
            return error_reply(ServiceError("BadRequest", str(error)))
        except ServiceError as error:
            return error_reply(error)

    def _on_faults(self, method: str, body: bytes) -> dict[str, Any]:
        if method == "PUT":
            self._faults.set(parse_rules(decode(body)))
        elif method == "DELETE":
            self._faults.clear()
        elif method != "GET":
            raise _not_allowed(method)
        return {"faults": self._faults.as_list()}

    def _on_switches(self, method: str, body: bytes) -> dict[str, Any]:
        if method == "PUT":
            chosen = decode(body)
            if not isinstance(chosen, dict):
                raise SandboxError("switches are a mapping of names to values")
            self._switches.update(chosen)
        elif method != "GET":
            raise _not_allowed(method)
        return {"switches": self._switches.as_mapping()}

    def _on_calls(self, method: str, body: bytes) -> dict[str, Any]:
        del body
        if method == "DELETE":
            self._calls.clear()
        elif method != "GET":
            raise _not_allowed(method)
        records = [asdict(record) for record in self._calls.records]
        return {"counts": dict(self._calls.counts), "calls": records}


def _not_allowed(method: str) -> ServiceError:
    return ServiceError("MethodNotAllowed", f"{method} means nothing here", 405)
