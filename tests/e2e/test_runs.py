"""Runs by their names: listed, shown, tried again and rolled back, from a folder and from S3."""

import json
import shutil

import pytest

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
C = "3c384090-6407-4c9b-8779-9806a4db0c8a"
SPEC = "cases:\n" + "".join(f"  - {{id: {one}, fields: {{country: ZZ}}}}\n" for one in (A, B, C))


@pytest.fixture(params=["folder", "s3"])
def kept(request, world):
    """A world whose state is in a folder, and one whose state is in S3."""
    if request.param == "s3":
        s3 = request.getfixturevalue("s3")
        world.configure(extra=f"state: {s3.state}\n")
    world.in_s3 = request.param == "s3"
    world.spec(SPEC)
    assert world.run("plan", "--out", "plan.json").status == 0
    return world


def another_machine(world):
    """What is only in the local folder is gone, where there is another place for it."""
    if world.in_s3:
        shutil.rmtree(world.folder / ".reconcile")


def listed(world, *more):
    """The runs as data."""
    ran = world.run("runs", "list", "--format", "json", *more)
    assert ran.status == 0, ran.text
    return json.loads(ran.out)["runs"]


def test_no_run_yet(kept):
    assert listed(kept) == []
    assert "0 runs in" in kept.run("runs", "list").out
    for words in (["rollback", "--last"], ["apply", "--retry", "last"], ["runs", "show", "last"]):
        ran = kept.run(*words)
        assert ran.status == 1, ran.text
        assert "so there is no last one" in ran.err


def test_runs_of_several_machines_are_listed_and_shown(kept):
    assert kept.run("apply", "plan.json", "--limit", "1").status == 4
    another_machine(kept)
    assert kept.run("apply", "plan.json").status == 0
    another_machine(kept)
    newest, oldest = listed(kept)
    assert (oldest["counts"]["NotAttempted"], oldest["left"]) == (2, 2)
    assert (newest["left"], newest["ending"], newest["receipt"]) == (0, "finished", True)
    assert listed(kept, "--limit", "1") == [newest]
    text = kept.run("runs", "list").out
    assert text.index(newest["run_id"]) < text.index(oldest["run_id"])
    assert "1 applied, 2 not attempted; 2 left" in text

    for name in (oldest["run_id"], oldest["run_id"][:22]):
        shown = kept.run("runs", "show", name)
        assert shown.status == 0, shown.text
        assert "1 applied, 2 not attempted of 3 planned cases" in shown.out
    data = json.loads(kept.run("runs", "show", oldest["run_id"], "--format", "json").out)
    assert [one["event"] for one in data["outcomes"]].count("Applied") == 1
    assert "2 already done" in kept.run("runs", "show", "last").out or "applied" in text


def test_the_last_run_is_tried_again_by_another_machine(kept):
    assert kept.run("apply", "plan.json", "--limit", "1").status == 4
    another_machine(kept)
    kept.calls()
    ran = kept.run("apply", "--retry", "last")
    assert ran.status == 0, ran.text
    assert kept.calls()["UpdateCase"] == 2
    assert listed(kept)[0]["retry_of"] == listed(kept)[1]["run_id"]


def test_the_last_apply_is_rolled_back_and_a_rollback_is_not_the_last_apply(kept):
    before = kept.held(A, "Country")
    assert kept.run("apply", "plan.json").status == 0
    another_machine(kept)
    assert kept.held(A, "Country") == ["ZZ"]
    ran = kept.run("rollback", "--last", "--yes")
    assert ran.status == 0, ran.text
    assert kept.held(A, "Country") == before
    another_machine(kept)
    newest, applied = listed(kept)
    assert (newest["rollback"], applied["rollback"]) == (True, False)
    assert f"the last apply is {applied['run_id']}" in kept.run("rollback", "--last").err


def test_a_run_is_rolled_back_by_its_name(kept):
    before = kept.held(A, "Country")
    assert kept.run("apply", "plan.json").status == 0
    [run] = listed(kept)
    another_machine(kept)
    assert kept.run("rollback", run["run_id"], "--yes").status == 0
    assert kept.held(A, "Country") == before


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["rollback", "20200101T000000.000000Z-00000000-0000"], 1, "no such run"),
        (["rollback", "nowhere.json"], 1, "there is no such file"),
        (["rollback", "../../etc/passwd"], 1, "there is no such file"),
        (["rollback"], 1, "expected the file of a RECEIPT, the name of a RUN, or --last"),
        (["rollback", "--last", "last"], 1, "give one of the two"),
        (["apply", "--retry", "2020.json"], 1, "there is no such file"),
        (["apply", "--retry", "2020"], 1, "no such run"),
        (["apply", "--retry", "20200101T"], 1, "no such run"),
        (["runs", "show", "20200101T"], 1, "no such run"),
        (["runs", "show", ""], 1, "empty"),
        (["runs", "show", "../x"], 1, "no such run"),
    ],
)
def test_what_names_no_run_is_told(kept, words, status, said):
    assert kept.run("apply", "plan.json").status == 0
    ran = kept.run(*words)
    assert (ran.status, said in ran.text) == (status, True), ran.text
    assert "Traceback" not in ran.text


def test_a_run_that_was_killed_is_told_as_such(kept, request):
    assert kept.run("apply", "plan.json").status == 0
    [run] = listed(kept)
    if kept.in_s3:
        s3 = request.getfixturevalue("s3")
        below = f"team/runs/{run['run_id']}"
        lines = _local(kept, run).read_bytes().splitlines(keepends=True)
        s3.client.put_object(Bucket=s3.bucket, Key=f"{below}/journal-0002.jsonl", Body=lines[1])
        s3.client.delete_object(Bucket=s3.bucket, Key=f"{below}/receipt.json")
        another_machine(kept)
    else:
        journal = _local(kept, run)
        journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:2]))
        journal.with_suffix(".receipt.json").unlink()
    [found] = listed(kept)
    assert (found["ending"], found["left"], found["receipt"]) == ("cut short", None, False)
    assert "cut short, or still at work" in kept.run("runs", "list").out
    shown = kept.run("runs", "show", "last")
    assert "nothing tells what came of it" in shown.out
    for words in (["rollback", "--last"], ["apply", "--retry", "last"]):
        ran = kept.run(*words)
        assert ran.status == 5, ran.text
        assert "left no receipt: it is at work, or was killed" in ran.err


def test_a_file_of_the_same_name_wins_over_a_run(kept):
    assert kept.run("apply", "plan.json").status == 0
    [run] = listed(kept)
    (kept.folder / run["run_id"]).write_text("something else")
    assert kept.run("rollback", run["run_id"]).status == 5


def test_what_a_stranger_wrote_into_a_journal_is_made_visible(world):
    runs = world.folder / ".reconcile" / "runs"
    runs.mkdir(parents=True)
    name = "20261125T000000.000000Z-00000000-0000"
    started = {
        "event": "RunStarted", "run_id": name, "plan_digest": "0" * 64, "changes_digest": "0" * 64,
        "commit": "\x1b[31mred", "actor": "eve\x1b]0;title\x07\u202e", "mode": "strict",
        "tool_version": "0", "cases": 1, "at": "2026-11-25T00:00:00Z",
    }  # fmt: skip
    (runs / f"{name}.jsonl").write_text(json.dumps(started) + "\n")
    (runs / "20261125T000001.000000Z-00000000-0000.jsonl").write_bytes(b"\xff" * 100)
    for words in (["list"], ["show", name], ["show", "last"]):
        ran = world.run("runs", *words)
        assert ran.status == 0, ran.text
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out


def _local(world, run):
    return world.folder / ".reconcile" / "runs" / f"{run['run_id']}.jsonl"
