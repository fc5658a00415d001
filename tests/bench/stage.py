"""What the benchmarks share: a seeded service in its own process, specs about its cases, clocks."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3

BIN = Path(sys.executable).parent
RECONCILE = BIN / "reconcile"
FIELDS = ("Country", "Order number", "Root cause", "VIP", "Score")


@dataclass
class Used:
    """What one run of a program took."""

    status: int
    cpu: float
    wall: float
    peak_kb: int
    out: str
    err: str


def environment() -> dict[str, str]:
    """This environment, with compiled modules kept as everywhere else."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "RECONCILE_CONFIG")
    return {name: value for name, value in os.environ.items() if name not in left_out}


# A small process in between: a child's peak memory is at least what its parent held at the fork.
_BETWEEN = """
import json, os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
used = [os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime,
        time.perf_counter() - began, usage.ru_maxrss]
open(sys.argv[1], "w").write(json.dumps(used))
"""


def timed(*command: Any, cwd: Path | None = None) -> Used:
    """Run a program to its end, with the operating system's own account of it."""
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
        tempfile.NamedTemporaryFile("r") as account,
    ):
        arguments = [sys.executable, "-c", _BETWEEN, account.name, *map(str, command)]
        subprocess.run(arguments, cwd=cwd, stdout=out, stderr=err, env=environment(), check=True)
        status, cpu, wall, peak_kb = json.loads(account.read())
        out.seek(0)
        err.seek(0)
        return Used(status, cpu, wall, peak_kb, out.read(), err.read())


@dataclass
class Service:
    """A sandbox in its own process; `span` is from the first to the last of the calls counted."""

    url: str
    span: float = 0.0

    def client(self, **config: Any) -> Any:
        """A plain boto3 client."""
        return boto3.client(
            "connectcases",
            endpoint_url=self.url,
            region_name="us-west-2",
            aws_access_key_id="bench",
            aws_secret_access_key="bench",
            **config,
        )

    def calls(self) -> tuple[dict[str, int], int]:
        """Calls by API since the last time, and how many of them were throttled."""
        with urllib.request.urlopen(f"{self.url}/_sandbox/calls") as reply:
            data = json.load(reply)
        times = [datetime.fromisoformat(call["time"]) for call in data["calls"]]
        self.span = (times[-1] - times[0]).total_seconds() if times else 0.0
        request = urllib.request.Request(f"{self.url}/_sandbox/calls", method="DELETE")
        urllib.request.urlopen(request).close()
        return data["counts"], sum(call["status"] == 429 for call in data["calls"])


@contextmanager
def service(database: Path, *options: str) -> Iterator[Service]:
    """Serve a database while the block runs."""
    log = database.with_suffix(".log")
    process = subprocess.Popen(
        [RECONCILE, "sandbox", "serve", "--db", database, "--log", log, *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Service(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait(20)


def seeded(folder: Path, cases: int) -> Path:
    """A database with this many cases."""
    database = folder / f"cases-{cases}.db"
    subprocess.run(
        [RECONCILE, "sandbox", "seed", "--db", database, "--cases", str(cases)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return database


def held(client: Any, most: int) -> list[tuple[str, dict[str, Any]]]:
    """The first cases of the domain with the five fields that the specs are about."""
    domain = domain_of(client)
    found = client.list_fields(domainId=domain, maxResults=100)["fields"]
    names = {field["fieldId"]: field["name"] for field in found if field["name"] in FIELDS}
    cases: list[tuple[str, dict[str, Any]]] = []
    token = None
    while len(cases) < most:
        more = {"nextToken": token} if token else {}
        reply = client.search_cases(
            domainId=domain, maxResults=100, fields=[{"id": one} for one in names], **more
        )
        for case in reply["cases"]:
            values = {names[f["id"]]: next(iter(f["value"].values())) for f in case["fields"]}
            cases.append((case["caseId"], values))
        token = reply.get("nextToken")
        if not token:
            break
    return cases[:most]


def domain_of(client: Any) -> str:
    """The id of the only domain."""
    return str(client.list_domains()["domains"][0]["domainId"])


def write_specs(
    folder: Path, cases: list[tuple[str, dict[str, Any]]], per_file: int, prefix: str = "s"
) -> None:
    """Specs that want these values, so many cases to a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for at in range(0, len(cases), per_file):
        lines = [
            "apiVersion: reconcile/v1",
            "kind: Cases",
            f"metadata: {{name: {prefix}{at}}}",
            "cases:",
        ]
        for case_id, values in cases[at : at + per_file]:
            lines.append(f"  - id: {case_id}")
            lines.append("    fields:")
            for name, value in values.items():
                lines.append(f"      {name}: {json.dumps(value, ensure_ascii=False)}")
        (folder / f"{prefix}{at:07d}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def wanted_as_held(cases: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """All five fields of each case, empty ones as null: everything is in sync."""
    return [(one, {name: values.get(name) for name in FIELDS}) for one, values in cases]


def configure(folder: Path, url: str, target: str = "") -> None:
    """A config for a served database."""
    (folder / "reconcile.yaml").write_text(
        "apiVersion: reconcile/v1\nkind: Config\ntargets:\n  bench:\n"
        f"    endpoint_url: {url}\n    region: us-west-2\n    domain: support\n"
        f"    limits: {{cases: 1000000, clears: 1000000}}\n{target}"
    )


def unpaced() -> str:
    """Quotas that never make anybody wait."""
    rows = "".join(
        f"      {api}: {{rate: 1000000, burst: 1000000}}\n"
        for api in (
            "GetCase",
            "UpdateCase",
            "SearchCases",
            "ListFields",
            "ListFieldOptions",
            "GetCaseAuditEvents",
            "ListDomains",
        )
    )
    return f"    quotas:\n{rows}"


def quick_confirms() -> str:
    """Reading each case itself looks slow to the planner, but for the 200 that are confirmed."""
    return unpaced().replace(
        "GetCase: {rate: 1000000, burst: 1000000}", "GetCase: {rate: 200, burst: 260}"
    )


def cpu_now() -> float:
    """This process's CPU seconds."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
