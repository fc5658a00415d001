"""Play a schedule of faults: the real program, real HTTP, a service that keeps count of everything.

Time is the service's own, moved by hand: a little with each call, and by as much as the program
waits, so that no schedule waits for real. With one hand a schedule is the same each time; with
more the threads take turns as they please, and what must hold holds all the same.
"""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import seed as seed_jitter
from typing import Any
from unittest.mock import patch

import boto3
import botocore.loaders

from reconciler.cli.main import run
from reconciler.clock import SystemClock
from reconciler.sandbox.api import Embedded, ManualClock, seed
from reconciler.sandbox.clock import MANUAL_START
from reconciler.sandbox.faults import Verdict
from reconciler.sandbox.wire import Cut, Reply
from reconciler.state.journal_file import JournalFile, read_journal
from tests.e2e.fault_schedules import UNMANAGED, Edit, Kill, Schedule
from tests.e2e.world import QUOTAS, Ran, copy_database, union

CASES = 20  # of the seeded database; no schedule is about all of them
CALL_SECONDS = 0.005  # what a call takes on the service's clock
SCALE = 0.0002  # of each wait that is really waited, so that other threads get their turn
LONGEST = 0.005
SETTLE_SECONDS = 0.1  # for what a killed process had sent already to be carried out
KILLED = -9
EVERYTHING = "      BatchUpdateCase: {rate: 100000, burst: 100000}"
GONE = Reply(status=0, body=b"", cut=Cut.RESET)

Values = dict[str, Any]


class Killed(BaseException):
    """The end of a process, as near as a thread can come to it: nothing catches this."""


class Time(ManualClock):
    """The service's clock, which several threads move."""

    def __init__(self, start: datetime = MANUAL_START) -> None:
        super().__init__(start)
        self._lock = threading.Lock()

    def advance(self, seconds: float) -> None:
        with self._lock:
            super().advance(seconds)


class RealTime(Time):
    """A clock that also goes on by itself, for a process of its own under the computer's clock.

    It begins as long ago as it will be moved by hand before there is a plan.
    """

    def __init__(self, moved: float) -> None:
        super().__init__(datetime.now(UTC) - timedelta(seconds=moved))
        self._began = time.monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=time.monotonic() - self._began)

    def monotonic(self) -> float:
        return super().monotonic() + time.monotonic() - self._began


@dataclass(frozen=True)
class Write:
    """A change of one case that took effect; `values` are as the plan file shows them."""

    case: str
    values: Values
    ours: bool
    by: str


@dataclass
class Seen:
    """One call that reached the service, in the order in which it was carried out."""

    number: int
    run: int
    ours: bool
    operation: str
    cases: tuple[str, ...]
    began: float
    ended: float = 0.0
    status: int = 0
    whole: bool = False
    shown: frozenset[str] = frozenset()
    landed: tuple[Write, ...] = ()


@dataclass
class Apply:
    """One apply: what it said, and what its journal holds."""

    run: int
    ran: Ran
    journal: list[dict[str, Any]] | None
    journal_name: str = ""

    @property
    def killed(self) -> bool:
        return self.ran.status == KILLED

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """Every event that is about the end of a case."""
        beside = ("RunStarted", "Started", "PartWritten", "RunFinished")
        return [event for event in self.journal or () if event["event"] not in beside]


@dataclass
class Story:
    """Everything that happened in one schedule."""

    schedule: Schedule
    plan: dict[str, Any]
    cases: list[str]
    before: dict[str, Values]
    after: dict[str, Values] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    applies: list[Apply] = field(default_factory=list)
    held_at: float = 0.0
    trouble: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    windows: list[tuple[str, float]] = field(default_factory=list)


class Stage:
    """The service with somebody between it and the program, who watches and interferes."""

    def __init__(self, schedule: Schedule, service: Embedded, time: Time) -> None:
        self.service = service
        self.time = time
        self.schedule = schedule
        self.run = 0
        self.killed = False
        self.process: subprocess.Popen[str] | None = None
        self.seen: list[Seen] = []
        self.met: Counter[str] = Counter()
        self.trouble: list[str] = []
        self.journal: Callable[[], Path | None] = lambda: None
        self._core = service._server._core
        self._handle = self._core.handle
        self._judge = service.faults.judge
        self._judge_case = service.faults.judge_case
        self._connection = service._store.connection
        self._spared = False
        self._reached = Counter[tuple[str, str]]()
        self._calls = 0
        # The last change in the history that has been seen.
        self._last = self._connection.execute("SELECT max(key) FROM audit").fetchone()[0] or 0
        [(self.domain,)] = self._connection.execute("SELECT domain_id FROM domains")
        self.ids = dict(
            self._connection.execute("SELECT name, field_id FROM fields WHERE deleted = 0")
        )
        rows = self._connection.execute("SELECT case_id FROM cases ORDER BY case_id")
        self.cases = [case_id for (case_id,) in rows][: len(schedule.held)]
        setattr(self._core, "handle", self._between)  # noqa: B010
        setattr(service.faults, "judge", self._drawn)  # noqa: B010
        setattr(service.faults, "judge_case", self._drawn_for_case)  # noqa: B010

    # -- faults ----------------------------------------------------------------------------

    def arm(self) -> None:
        """Let the drawn faults happen from now on."""
        rules = []
        for drawn in self.schedule.rules:
            rule = {name: value for name, value in drawn.items() if value is not None}
            if "case" in rule:
                rule["case"] = self.cases[rule["case"]]
            rules.append(rule)
        self.service.faults.set(rules)

    def _drawn(self, operation: str, cases: Any, *, batch: bool = False) -> Verdict:
        if self._spared:
            return Verdict()
        verdict = self._judge(operation, cases, batch=batch)
        if verdict.kind:
            self.met[f"fault {verdict.kind}"] += 1
        if verdict.delay_seconds:
            self.met["fault delay"] += 1
        return verdict

    def _drawn_for_case(self, operation: str, case_id: str) -> Any:
        rule = None if self._spared else self._judge_case(operation, case_id)
        if rule is not None:
            self.met[f"fault {rule.kind} in a batch"] += 1
        return rule

    # -- calls -----------------------------------------------------------------------------

    def _between(self, method: str, target: str, headers: Any, body: bytes) -> Reply:
        try:
            if "Credential=sandbox/" in headers.get("authorization", ""):
                return self._ours(method, target, headers, body)
            return self._carried_out(False, method, target, headers, body)
        except Exception as error:  # noqa: BLE001 - a mistake of this file must not look like a 500
            self.trouble.append(f"the harness failed: {error!r}")
            return GONE

    def _ours(self, method: str, target: str, headers: Any, body: bytes) -> Reply:
        if self.killed and self.process is None:
            return GONE
        kill = self.schedule.kill if self.run == 1 else None
        self._calls += self.run == 1
        if kill is not None and kill.at in ("call", "signal") and self._calls == kill.number:
            self._kill(kill)
            if not kill.answered:
                return GONE
        match = self._core._routes.match(method, target)
        cases = self._named(match.labels.get("caseId"), body)
        self._interfere("before", match.operation, cases)
        reply = self._carried_out(True, method, target, headers, body)
        self._interfere("after", match.operation, cases)
        return GONE if self.killed else reply

    def _kill(self, kill: Kill) -> None:
        self.killed = True
        self.met[f"kill by {kill.at}"] += 1
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)

    def _named(self, case_id: str | None, body: bytes) -> tuple[str, ...]:
        if case_id is not None:
            return (case_id,)
        text = body.decode()
        return tuple(case_id for case_id in self.cases if case_id in text)

    def _carried_out(
        self, ours: bool, method: str, target: str, headers: Any, body: bytes
    ) -> Reply:
        match = self._core._routes.match(method, target)
        self.time.advance(CALL_SECONDS)
        call = Seen(
            number=len(self.seen),
            run=self.run,
            ours=ours,
            operation=match.operation,
            cases=self._named(match.labels.get("caseId"), body),
            began=self.time.monotonic(),
        )
        if ours and match.operation in ("UpdateCase", "BatchUpdateCase"):
            self._announced(call)
        reply = self._handle(method, target, headers, body)
        call.ended = self.time.monotonic()
        call.status = reply.status
        call.whole = reply.status == 200 and reply.cut is Cut.NONE and not self.killed
        if call.operation == "SearchCases" and call.whole:
            call.shown = frozenset(case["caseId"] for case in json.loads(reply.body)["cases"])
        if call.operation == "GetCase" and call.whole:
            call.shown = frozenset(call.cases)
        call.landed = tuple(self._news(ours))
        self.seen.append(call)
        return reply

    def _announced(self, call: Seen) -> None:
        """A write is on record before it is sent: as many lines as sends."""
        path = self.journal()
        events = list(read_journal(path)) if path is not None else []
        started = Counter(one["case_id"] for one in events if one["event"] == "Started")
        sent = Counter(
            case_id
            for one in [*self.seen, call]
            if one.ours and one.run == call.run and one.operation.endswith("UpdateCase")
            for case_id in one.cases
        )
        for case_id in call.cases:
            if started[case_id] < sent[case_id]:
                self.trouble.append(f"{call.operation} of {case_id} was sent before its line")

    def _news(self, ours: bool) -> Iterator[Write]:
        rows = self._connection.execute(
            "SELECT audit.key, case_id, event FROM audit JOIN cases ON cases.key = cases_key"
            " WHERE audit.key > ? ORDER BY audit.key",
            (self._last,),
        ).fetchall()
        for key, case_id, text in rows:
            self._last = key
            event = json.loads(text)
            by = event["performedBy"].get("user", {}).get("customEntity", "")
            if ours != by.startswith("reconcile:"):
                self.trouble.append(f"a write to {case_id} is signed {by!r}")
            changes = {one["eventFieldId"]: plain(one["newValue"]) for one in event["fields"]}
            yield Write(case_id, changes, ours, by)

    # -- somebody else ---------------------------------------------------------------------

    def _interfere(self, moment: str, operation: str, cases: tuple[str, ...]) -> None:
        if self.run != 1 or self.killed:
            return
        if moment == "before":
            for case_id in cases:
                self._reached[operation, case_id] += 1
        for edit in self.schedule.edits:
            case_id = self.cases[edit.case]
            if edit.moment != moment or operation not in edit.calls or case_id not in cases:
                continue
            if edit.nth == sum(self._reached[name, case_id] for name in edit.calls):
                self.edit(edit)

    def edit(self, edit: Edit, client: Any = None) -> None:
        """Change a case as somebody else: by a client, or, between two calls, without one."""
        self.met[f"foreign edit {edit.moment} {'/'.join(edit.calls)}".strip()] += 1
        fields = [
            {"id": self.ids[name], "value": union(value)} for name, value in edit.values.items()
        ]
        case_id = self.cases[edit.case]
        if client is not None:
            client.update_case(domainId=self.domain, caseId=case_id, fields=fields)
            return
        self.put(case_id, fields)

    def put(self, case_id: str, fields: list[dict[str, Any]]) -> None:
        """One UpdateCase past the wire, so that it comes at an exact moment."""
        self._spared = True
        try:
            body = json.dumps({"fields": fields}).encode()
            target = f"/domains/{self.domain}/cases/{case_id}"
            reply = self._carried_out(False, "PUT", target, {}, body)
        finally:
            self._spared = False
        if reply.status != 200:
            self.trouble.append(f"the harness cannot edit: {reply.body!r}")

    def live(self) -> dict[str, Values]:
        """Every value of every case, as the database holds it."""
        rows = self._connection.execute("SELECT case_id, live FROM cases").fetchall()
        return {
            case_id: {name: plain(value) for name, value in json.loads(live)[0].items()}
            for case_id, live in rows
        }


def plain(value: dict[str, Any]) -> Any:
    """A raw value as the plan file shows it; empty is None."""
    if "emptyValue" in value or not value:
        return None
    [inner] = value.values()
    if isinstance(inner, float) and inner.is_integer():
        return int(inner)
    return None if inner == "" else inner


# -- the program -----------------------------------------------------------------------------


class Program:
    """The program in one folder, in this process or in one of its own."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder
        self._lines = 0
        self._lock = threading.Lock()
        self._known: set[Path] = set()
        stage.journal = self._newest

    def write(self, schedule: Schedule) -> None:
        """The config and the specs."""
        quotas = "" if schedule.paced else f"    quotas:\n{QUOTAS}\n{EVERYTHING}\n"
        (self._folder / "reconcile.yaml").write_text(
            "apiVersion: reconcile/v1\nkind: Config\ntargets:\n  demo:\n"
            f"    endpoint_url: {self._stage.service.url}\n    region: us-west-2\n"
            f"    domain: support\n    limits: {{cases: 1000, clears: 1000}}\n{quotas}"
        )
        cases = [
            {"id": case_id, "fields": wanted}
            for case_id, wanted in zip(self._stage.cases, schedule.wanted, strict=True)
        ]
        document = {"apiVersion": "reconcile/v1", "kind": "Cases", "metadata": {"name": "faults"}}
        (self._folder / "specs").mkdir()
        (self._folder / "specs" / "faults.json").write_text(
            json.dumps({**document, "cases": cases})
        )

    def plan(self, schedule: Schedule) -> dict[str, Any]:
        """The saved plan as data."""
        self._known = self._journals()
        more = ("--by-field",) if schedule.by_field else ()
        ran = self._here("plan", "--mode", schedule.mode, *more, "--out", "plan.json")
        assert ran.status == 0, ran.text
        data: dict[str, Any] = json.loads((self._folder / "plan.json").read_text())
        return data

    def apply(self, *, alone: bool = False) -> Apply:
        """Apply the saved plan; `alone`: in a process of its own."""
        self._known = self._journals()
        arguments = ("apply", "plan.json")
        ran = self._apart(*arguments) if alone else self._here(*arguments)
        path = self._newest()
        journal = list(read_journal(path)) if path is not None else None
        return Apply(self._stage.run, ran, journal, path.name if path is not None else "")

    def _journals(self) -> set[Path]:
        return set((self._folder / ".reconcile" / "runs").glob("*.jsonl"))

    def _newest(self) -> Path | None:
        fresh = self._journals() - self._known
        return next(iter(fresh), None)

    def _here(self, command: str, *arguments: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        config = str(self._folder / "reconcile.yaml")
        given = [str(self._folder / one) if one.endswith(".json") else one for one in arguments]
        with redirect_stdout(out), redirect_stderr(err), self._patched():
            try:
                status = run([command, *given, "--config", config])
            except Killed:
                status = KILLED
        if self._stage.killed and status != KILLED:
            self._stage.trouble.append(f"a killed program went on to its end with {status}")
        self._stage.killed = False
        return Ran(int(status), out.getvalue(), err.getvalue())

    def _apart(self, *arguments: str) -> Ran:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "-m", "reconciler", *arguments],
            cwd=self._folder,
            env={
                **kept,
                "NO_COLOR": "1",
                "PYTHONUTF8": "1",
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._stage.process = process
        out, err = process.communicate(timeout=120)
        time.sleep(SETTLE_SECONDS)
        self._stage.process, self._stage.killed = None, False
        status = KILLED if process.returncode == -signal.SIGKILL else process.returncode
        return Ran(status, out, err)

    @contextmanager
    def _patched(self) -> Iterator[None]:
        """The program's clock is the service's, and its journal is where it may die."""
        stage, append = self._stage, JournalFile.append

        def sleep(_: Any, seconds: float, stop: threading.Event | None = None) -> None:
            if stage.killed:
                raise Killed
            stage.time.advance(seconds)
            time.sleep(min(LONGEST, seconds * SCALE))

        def journalled(file: JournalFile, data: Any) -> None:
            with self._lock:
                if stage.killed:
                    raise Killed
                size = file.path.stat().st_size
                append(file, data)
                self._lines += stage.run == 1
                kill = stage.schedule.kill
                if kill is None or kill.at != "line" or stage.run != 1:
                    return
                if self._lines == kill.number:
                    line = file.path.stat().st_size - size
                    os.truncate(file.path, size + round(line * kill.share))
                    stage._kill(kill)
                    raise Killed

        with ExitStack() as stack:
            for owner, name, ours in (
                (SystemClock, "sleep", sleep),
                (SystemClock, "now", lambda _: stage.time.now()),
                (SystemClock, "monotonic", lambda _: stage.time.monotonic()),
                (JournalFile, "append", journalled),
            ):
                stack.enter_context(patch.object(owner, name, ours))
            stack.enter_context(patch("reconciler.apply.applying.WORKERS", stage.schedule.hands))
            # The SDK's data about the service, read once for all schedules.
            stack.enter_context(patch("botocore.session.create_loader", _loader))
            yield


@cache
def _loader(_: Any = None) -> botocore.loaders.Loader:
    return botocore.loaders.create_loader()


@cache
def _session() -> boto3.Session:
    return boto3.Session(
        aws_access_key_id="someone", aws_secret_access_key="else", region_name="us-west-2"
    )


# -- a schedule from its beginning to its end ------------------------------------------------


def database(folder: Path) -> Path:
    """The database that every schedule starts from a copy of."""
    path = folder / "seeded.db"
    seed(path, cases=CASES)
    Embedded(path, fast=True).close()  # folds the write-ahead log into the file
    return path


def play(schedule: Schedule, seeded: Path, folder: Path) -> Story:
    """Plan without faults, apply with them, apply again without, and once more to see silence."""
    real = schedule.kill is not None and schedule.kill.at == "signal"
    clock = RealTime(schedule.pauses["held"]) if real else Time()
    seed_jitter(schedule.seed)
    folder.mkdir()
    path = copy_database(seeded, folder / "cases.db")
    with Embedded(path, fast=True, clock=clock) as service:
        stage = Stage(schedule, service, clock)
        client = _session().client("connectcases", endpoint_url=service.url)
        try:
            return _play(schedule, stage, Program(stage, folder), client)
        finally:
            client.close()


def _play(schedule: Schedule, stage: Stage, program: Program, client: Any) -> Story:
    for case_id, held in zip(stage.cases, schedule.held, strict=True):
        named = {**held, UNMANAGED: None}
        stage.put(
            case_id,
            [{"id": stage.ids[name], "value": union(value)} for name, value in named.items()],
        )
    held_at = stage.time.monotonic()
    stage.time.advance(schedule.pauses["held"])
    stage.seen.clear()
    program.write(schedule)
    plan = program.plan(schedule)
    stage.service.switches.set("index_lag", str(schedule.lag))
    story = Story(schedule, plan, stage.cases, stage.live(), held_at=held_at)
    story.seen, story.met, story.trouble = stage.seen, stage.met, stage.trouble

    def meanwhile(moment: str) -> None:
        for edit in schedule.edits:
            if edit.moment == moment:
                stage.edit(edit, client)
        stage.time.advance(schedule.pauses[moment])

    meanwhile("planned")
    stage.run = 1
    stage.arm()
    story.applies.append(
        program.apply(alone=schedule.kill is not None and schedule.kill.at == "signal")
    )
    stage.service.faults.clear()
    if story.applies[0].ran.status != 0:
        stage.run = 0
        meanwhile("between")
        stage.run = 2
        story.applies.append(program.apply())
    stage.run = 0
    meanwhile("again")  # after which the index shows everything
    stage.run = 3
    story.applies.append(program.apply())
    story.after = stage.live()
    return story
