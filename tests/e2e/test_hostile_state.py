"""Nothing that lies in `.reconcile` stops an apply, is written through, or is believed."""

import os

import pytest

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
SPEC = f"cases:\n  - {{id: {A}, fields: {{country: NO}}}}\n"


@pytest.fixture
def planned(world):
    """A world with a saved plan of one change."""
    world.spec(SPEC)
    assert world.run("plan", "--out", "plan.json").status == 0
    (world.folder / ".reconcile" / "runs").mkdir(parents=True, exist_ok=True)
    return world


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[" * 100_000 + b"\n", id="nested-100,000-deep"),
        pytest.param(b'{"event": ' + b"[" * 900 + b"]" * 900 + b"}\n", id="nested-900-deep"),
        pytest.param(b'{"event": "Applied", "target": {}, "case_id": []}\n', id="odd-types"),
        pytest.param(b'{"event": "Started", "attempt": ' + b"9" * 5_000 + b"}\n", id="digits"),
        pytest.param(b"\xff\xfe\x00\n" * 3, id="not-utf-8"),
        pytest.param(b'{"event": "Imagined"}\n', id="from-a-newer-version"),
        pytest.param(b"x" * 1_000_000, id="a-line-without-an-end"),
        pytest.param(b"\n" * 10_000, id="ten-thousand-bad-lines"),
    ],
)
def test_a_journal_that_cannot_be_understood_is_told_and_passed_over(planned, content):
    journal = planned.folder / ".reconcile" / "runs" / "20261125T000000.000000Z.jsonl"
    journal.write_bytes(content)
    ran = planned.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert "1 applied" in ran.out
    told = [line for line in ran.err.splitlines() if str(journal) in line]
    assert len(told) <= 6
    assert (len(told) > 0) == (b"\n" in content)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(os.mkfifo, id="pipe"),
        pytest.param(lambda path: path.mkdir(), id="folder"),
        pytest.param(lambda path: path.symlink_to(path), id="link-to-itself"),
    ],
)
def test_a_journal_that_is_no_file_is_told_and_passed_over(planned, made):
    made(planned.folder / ".reconcile" / "runs" / "a.jsonl")
    ran = planned.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert "a.jsonl: passed over a journal that cannot be read" in ran.err


def test_a_lock_that_is_a_link_leads_nowhere(planned):
    victim = planned.folder / "precious.txt"
    victim.write_text("precious")
    lock = planned.folder / ".reconcile" / f"apply-{planned.domain}.lock"
    lock.symlink_to(victim)
    ran = planned.run("apply", "plan.json")
    assert ran.status == 1
    assert str(lock) in ran.err and "Traceback" not in ran.text
    assert victim.read_text() == "precious"
    assert "UpdateCase" not in planned.calls()


@pytest.mark.parametrize("made", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_a_lock_that_is_no_file_is_told(planned, made):
    lock = planned.folder / ".reconcile" / f"apply-{planned.domain}.lock"
    made(lock)
    ran = planned.run("apply", "plan.json")
    assert ran.status == 1
    assert f"{lock}: " in ran.err and "Traceback" not in ran.text
