"""Change a case as an agent would, without a server: for trying out what drift looks like."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.sandbox.calls import CallLog
from reconciler.sandbox.clock import SystemClock
from reconciler.sandbox.core import Core, Parts
from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.faults import Faults
from reconciler.sandbox.quotas import Quotas
from reconciler.sandbox.store import Store
from reconciler.sandbox.switches import Switches

Json = dict[str, Any]


def edit(db: Path, case_id: str, values: Mapping[str, str], by: str) -> None:
    """Set fields, by id or display name, in one UpdateCase; an empty text clears.

    `by` is the agent's name, which the case's history shows as the end of a user ARN.
    """
    if not db.exists():
        raise SandboxError(f"there is no sandbox database {db}; make it with `sandbox seed`")
    store = Store(db)
    try:
        _Agent(store).update(case_id, values, by)
    finally:
        store.close()


class _Agent:
    """Sends requests straight to the sandbox's core, in its wire form."""

    def __init__(self, store: Store) -> None:
        self._core = Core(
            Parts(
                store=store,
                clock=SystemClock(),
                switches=Switches(None),
                faults=Faults(),
                quotas=Quotas(None),
                calls=CallLog(),
            )
        )

    def update(self, case_id: str, values: Mapping[str, str], by: str) -> None:
        [domain, *_] = self._ask("POST", "/domains-list")["domains"]
        home = f"/domains/{domain['domainId']}"
        known = {
            name.casefold(): entry
            for entry in self._ask("POST", f"{home}/fields-list?maxResults=100")["fields"]
            for name in (entry["name"], entry["fieldId"])
        }
        unknown = sorted(name for name in values if name.casefold() not in known)
        if unknown:
            names = ", ".join(sorted({entry["name"] for entry in known.values()}))
            raise SandboxError(f"no field is named {', '.join(unknown)}; there are: {names}")
        chosen = [(known[name.casefold()], text) for name, text in values.items()]
        fields = [
            {"id": entry["fieldId"], "value": self._union(home, entry, text)}
            for entry, text in chosen
        ]
        arn = domain["domainArn"].replace(":cases:", ":connect:").split(":domain/")[0]
        performed_by = {"userArn": f"{arn}:instance/{domain['domainId']}/agent/{by}"}
        body = {"fields": fields, "performedBy": performed_by}
        self._ask("PUT", f"{home}/cases/{case_id}", body)

    def _union(self, home: str, entry: Json, text: str) -> Json:
        if entry["type"] == "SingleSelect":
            target = f"{home}/fields/{entry['fieldId']}/options-list?maxResults=100"
            options = self._ask("POST", target)["options"]
            text = next((one["value"] for one in options if one["name"] == text), text)
        return _union(entry["type"], text)

    def _ask(self, method: str, target: str, body: Json | None = None) -> Json:
        headers = {"content-type": "application/json"} if body else {}
        data = json.dumps(body).encode() if body else b""
        reply = self._core.handle(method, target, headers, data)
        answer: Json = json.loads(reply.body) if reply.body else {}
        if reply.status >= 400:
            raise SandboxError(f"the service refused: {answer.get('message', reply.status)}")
        return answer


def _union(kind: str, text: str) -> Json:
    if not text:
        return {"emptyValue": {}}
    if kind == "Boolean":
        return {"booleanValue": text == "true"}
    if kind == "Number":
        try:
            return {"doubleValue": float(text)}
        except ValueError as error:
            raise SandboxError(f"{text} is no number") from error
    return {"userArnValue" if kind == "User" else "stringValue": text}
