"""A disk that fills up while an apply runs: no write is repeated or lost, and nothing is untrue."""

import json
import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from reconciler.files.schema_check import schema_errors
from tests.e2e.receipts import cases_of

CASES = 12
FULL = "No space left on device"


class Disk:
    """Folders that take only so many bytes more; everything else has room."""

    def __init__(self, monkeypatch) -> None:
        self.room = 10**9
        self.folders: tuple[Path, ...] = ()
        self._write = os.write
        monkeypatch.setattr(os, "write", self.write)

    def write(self, handle, data):
        place = Path(f"/proc/self/fd/{handle}").readlink()
        if not any(place.is_relative_to(folder) for folder in self.folders):
            return self._write(handle, data)
        taken = self._write(handle, bytes(data)[: self.room])
        self.room -= taken
        if not taken:
            raise OSError(28, FULL)
        return taken


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


@pytest.fixture
def planned(world, monkeypatch):
    """A saved plan, and a temporary folder to fall back on."""
    elsewhere = world.folder / "tmp"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    world.cases = cases_of(world, CASES)
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: agreed}}}}\n" for one in world.cases)
    world.spec("cases:\n" + lines)
    assert world.run("plan", "--out", "plan.json").status == 0
    world.calls()
    world.state = world.folder / ".reconcile"
    return world


def written(world):
    return {one for one in world.cases if world.held(one, "Root cause") == ["agreed"]}


def outcomes(receipt):
    assert schema_errors("receipt", receipt) == ()
    changes = [change for target in receipt["targets"] for change in target["changes"]]
    return {change["case_id"]: change["outcome"]["event"] for change in changes}


def the_receipt(world, ran):
    """Out of the file that stderr names, else out of stdout."""
    for line in ran.err.splitlines():
        if line.startswith("receipt "):
            return json.loads(Path(line.removeprefix("receipt ")).read_text(encoding="utf-8"))
    assert "no folder takes the receipt, so it follows on stdout" in ran.err
    return json.loads(ran.out[ran.out.index("{\n") :])


@pytest.mark.parametrize(
    ("mode", "left", "room"),
    [
        *(("balanced", "a-temporary-folder", room) for room in (500, 700, 3000, 4500)),
        *(("bulk", "a-temporary-folder", room) for room in (500, 1500, 3000)),
        ("balanced", "this-folder", 1500),
        ("balanced", "stdout-alone", 1500),
        ("bulk", "stdout-alone", 3000),
    ],
)
def test_what_is_in_flight_is_finished_and_the_receipt_is_kept(planned, disk, room, left, mode):
    world = planned
    if mode == "bulk":
        assert world.run("plan", "--mode", "bulk", "--out", "plan.json").status == 0
        world.calls()
    disk.room = room
    disk.folders = {
        "a-temporary-folder": (world.state,),
        "this-folder": (world.state, world.folder / "tmp"),
        "stdout-alone": (world.folder,),
    }[left]
    ran = world.run("apply", "plan.json")
    done, calls = written(world), world.calls()
    assert ran.status == 4
    assert "Traceback" not in ran.text
    assert f".jsonl: cannot be written: {FULL}" in ran.err
    found = outcomes(the_receipt(world, ran))
    assert {one for one, word in found.items() if word == "Applied"} == done
    assert Counter(found.values()) == Counter(
        {"Applied": len(done), "NotAttempted": CASES - len(done)} if done else ["NotAttempted"] * 12
    )
    if done != set(world.cases):
        assert f"the journal cannot be kept: {FULL}" in ran.out
    disk.room = 10**9
    again = world.run("apply", "plan.json")
    assert again.status == 0, again.text
    assert written(world) == set(world.cases)
    sent = calls.get("UpdateCase", 0) + world.calls().get("UpdateCase", 0)
    assert mode == "bulk" or sent == CASES


@pytest.mark.parametrize("room", [0, 50, 300])
def test_a_disk_that_is_full_at_once_is_an_error_before_any_write(planned, disk, room):
    disk.room, disk.folders = room, (planned.state,)
    ran = planned.run("apply", "plan.json")
    assert ran.status == 1
    assert f".jsonl: cannot be written: {FULL}; so no case was written" in ran.err
    assert written(planned) == set()
    assert list(planned.state.glob("runs/*")) == []


def test_a_receipt_alone_that_cannot_be_kept_is_4_although_all_is_written(planned, disk):
    disk.room, disk.folders = 6200, (planned.state,)
    ran = planned.run("apply", "plan.json")
    assert ran.status == 4
    assert "Apply complete: 12 applied." in ran.out
    assert "error: the receipt cannot be kept there: " in ran.err
    assert set(outcomes(the_receipt(planned, ran)).values()) == {"Applied"}


def test_the_command_that_is_told_tries_the_rest_from_where_the_receipt_is(planned, disk):
    disk.room, disk.folders = 1500, (planned.state,)
    ran = planned.run("apply", "plan.json")
    [told] = [line for line in ran.err.splitlines() if line.startswith("to try again")]
    disk.room = 10**9
    words = told.partition(": reconcile ")[2].split()
    assert planned.run(*words).status == 0
    assert written(planned) == set(planned.cases)


@pytest.mark.parametrize("command", ["apply", "rollback"])
@pytest.mark.parametrize("room", [700, 3000])
def test_a_rollback_ends_as_truly_as_an_apply(planned, disk, command, room):
    world = planned
    assert world.run("apply", "plan.json").status == 0
    [receipt] = world.state.glob("runs/*.receipt.json")
    assert world.run("rollback", str(receipt), "--out", "undo.json").status == 0
    disk.room, disk.folders = room, (world.state,)
    arguments = ["apply", "undo.json"] if command == "apply" else ["rollback", receipt, "--yes"]
    ran = world.run(*arguments)
    assert ran.status == 4
    found = outcomes(the_receipt(world, ran))
    left = {one for one, word in found.items() if word == "NotAttempted"}
    assert written(world) == left


# -- other ways in which a run breaks off ----------------------------------------------------


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(), KeyError("our mistake")])
def test_a_run_that_breaks_off_leaves_its_receipt_and_ends_with_4(planned, monkeypatch, error):
    from reconciler.apply.one_case import CaseRun

    whole = CaseRun.outcome

    def breaks(self):
        if self._change.case_id == planned.cases[7]:
            raise error
        return whole(self)

    with monkeypatch.context() as broken:
        broken.setattr(CaseRun, "outcome", breaks)
        ran = planned.run("apply", "plan.json")
    done = written(planned)
    assert ran.status == 4
    assert "Traceback" not in ran.text
    found = outcomes(the_receipt(planned, ran))
    assert {one for one, word in found.items() if word == "Applied"} == done
    assert found[planned.cases[7]] == "NotAttempted"
    assert f"the run broke off: {type(error).__name__}" in ran.out
    assert done
    again = planned.run("apply", "plan.json")
    assert again.status == 0, again.text


def test_a_write_that_was_on_its_way_when_the_run_broke_off_is_unknown(planned, monkeypatch):
    from reconciler.service.aws.cases import AwsCaseWriter

    def breaks(self, case_id, *_):
        raise MemoryError

    monkeypatch.setattr(AwsCaseWriter, "update_case", breaks)
    ran = planned.run("apply", "plan.json")
    assert ran.status == 4
    words = Counter(outcomes(the_receipt(planned, ran)).values())
    assert words["Unknown"] >= 1
    assert set(words) <= {"Unknown", "NotAttempted"}


# -- trouble at the very end ------------------------------------------------------------------


@pytest.mark.parametrize("place", ["/dev/full", "gone/report", "specs"])
def test_a_report_that_fails_after_the_writes_is_4_and_a_summary_a_note(
    planned, monkeypatch, place
):
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.setenv(name, str(planned.folder / place))
    assert planned.run("apply", "plan.json").status == 0
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: b}}}}\n" for one in planned.cases)
    planned.spec("cases:\n" + lines)
    ran = planned.run("apply", "--yes", "--report", "json=/dev/full", "--report", "text=t.txt")
    assert ran.status == 4
    assert "error: /dev/full: cannot be written" in ran.err
    assert "12 applied" in (planned.folder / "t.txt").read_text()
    assert "receipt " in ran.err


def test_a_report_that_cannot_be_written_is_known_before_the_first_write(planned):
    ran = planned.run("apply", "plan.json", "--report", "json=plan.json/below")
    assert ran.status == 1
    assert "cannot be written: Not a directory" in ran.err
    assert written(planned) == set()
    assert planned.calls().get("GetCase", 0) <= CASES  # those of this test


def test_a_plan_that_cannot_be_saved_is_told_before_any_call(planned):
    (planned.folder / "file").touch()
    for option in ("--out", "--report"):
        place = "file/plan.json" if option == "--out" else "json=file/plan.json"
        assert planned.run("plan", option, place).status == 1
    assert planned.calls() == {}
