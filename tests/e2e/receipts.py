"""What an apply left in .reconcile/runs, and who wrote last by the service's own history."""

import json
from pathlib import Path
from typing import Any


def receipts(world: Any) -> list[Path]:
    """Every receipt, the oldest first."""
    return sorted((world.folder / ".reconcile" / "runs").glob("*.receipt.json"))


def newest(world: Any) -> str:
    """The path of the newest receipt, as a command takes it."""
    return str(receipts(world)[-1])


def read(path: Path | str) -> dict[str, Any]:
    """A receipt as data."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def journal_of(path: Path | str) -> list[dict[str, Any]]:
    """The events of the journal beside a receipt."""
    journal = Path(str(path).replace(".receipt.json", ".jsonl"))
    return [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]


def cases_of(world: Any, most: int) -> list[str]:
    """The ids of the first cases of the domain."""
    found = world.client.search_cases(domainId=world.domain, maxResults=100)["cases"]
    return sorted(case["caseId"] for case in found)[:most]


def writers(world: Any, case_id: str, name: str) -> list[str]:
    """Who wrote a field of a case, the newest first: a stamp, or nothing for anybody else."""
    field, token, found = world.field_id(name), None, []
    while True:
        more = {"nextToken": token} if token else {}
        reply = world.client.get_case_audit_events(domainId=world.domain, caseId=case_id, **more)
        found += [
            event["performedBy"].get("user", {}).get("customEntity", "")
            for event in reply["auditEvents"]
            if any(entry["eventFieldId"] == field for entry in event["fields"])
        ]
        token = reply.get("nextToken")
        if not token:
            return found
