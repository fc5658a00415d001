"""State in S3, end to end: what an apply leaves there, and every way in which it cannot."""

import json
import re
import shutil
import time

import pytest

from reconciler.service import calling
from reconciler.state import lease, lease_rule
from tests.s3 import ACCOUNT, LOSE

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
C = "3c384090-6407-4c9b-8779-9806a4db0c8a"
SPEC = "cases:\n" + "".join(f"  - {{id: {one}, fields: {{country: ZZ}}}}\n" for one in (A, B, C))
THEIRS = {"format_version": "1.0", "owner": "them", "run": "R1", "who": "jane", "renewals": 3}


@pytest.fixture
def kept(world, s3, monkeypatch):
    """A world with a saved plan of three cases, whose state is in S3."""
    monkeypatch.setattr(calling, "ATTEMPTS", 2)
    world.configure(extra=f"state: {s3.state}\n")
    world.spec(SPEC)
    assert world.run("plan", "--out", "plan.json").status == 0
    assert not s3.asked, "a plan asks nothing of the state"
    world.calls()
    return world


def content(s3):
    """Every object below the prefix, by its key."""
    found = s3.client.list_objects_v2(Bucket=s3.bucket).get("Contents", [])
    return {
        one["Key"].removeprefix("team/"): s3.client.get_object(Bucket=s3.bucket, Key=one["Key"])[
            "Body"
        ].read()
        for one in found
    }


def put(s3, key, data):
    """Another one's object."""
    s3.client.put_object(Bucket=s3.bucket, Key=f"team/{key}", Body=json.dumps(data).encode())


def written(world):
    """How many writes were sent since this was asked last."""
    return world.calls().get("UpdateCase", 0)


def local(world, suffix):
    """The one file of this kind among the local runs."""
    (found,) = [
        one for one in (world.folder / ".reconcile" / "runs").iterdir() if one.name.endswith(suffix)
    ]
    return found


def test_journal_receipt_and_a_lease_that_is_free_are_left(kept, s3):
    ran = kept.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert not s3.unowned
    assert {one.headers["x-amz-expected-bucket-owner"] for one in s3.asked if one.path != "/"} == {
        ACCOUNT
    }
    found = content(s3)
    run = local(kept, ".jsonl").stem
    assert {*found} == {
        "state.json",
        f"leases/{kept.domain}.json",
        f"runs/{run}/journal-0001.jsonl",
        f"runs/{run}/journal-0002.jsonl",
        f"runs/{run}/receipt.json",
    }
    pieces = found[f"runs/{run}/journal-0001.jsonl"] + found[f"runs/{run}/journal-0002.jsonl"]
    assert pieces == local(kept, ".jsonl").read_bytes()
    assert found[f"runs/{run}/receipt.json"] == local(kept, ".receipt.json").read_bytes()
    assert json.loads(found[f"leases/{kept.domain}.json"])["owner"] == ""


def test_another_runner_knows_what_this_one_wrote(kept, s3):
    assert kept.run("apply", "plan.json").status == 0
    shutil.rmtree(kept.folder / ".reconcile")  # another machine
    kept.edit(A, Country=None)
    before = kept.held(A, "Country")
    ran = kept.run("apply", "plan.json")
    assert ran.status == 4, ran.text
    assert "1 in conflict" in ran.out
    assert kept.held(A, "Country") == before, "what was written once is not written again"


def test_the_segments_of_a_run_that_was_killed_are_settled_by_another_runner(kept, s3):
    assert kept.run("apply", "plan.json").status == 0
    run = local(kept, ".jsonl").stem
    lines = local(kept, ".jsonl").read_bytes().splitlines(keepends=True)
    last = f"team/runs/{run}/journal-0002.jsonl"
    s3.client.put_object(Bucket=s3.bucket, Key=last, Body=lines[1])  # a Started, and nothing after
    s3.client.delete_object(Bucket=s3.bucket, Key=f"team/runs/{run}/receipt.json")
    shutil.rmtree(kept.folder / ".reconcile")
    written(kept)
    ran = kept.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert written(kept) == 0
    assert "3 already done" in ran.out


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param(
            lambda asked: (403, "AccessDenied"), f"not of account {ACCOUNT}", id="a stranger's"
        ),
        pytest.param(lambda asked: (404, "NoSuchBucket"), "no such bucket", id="gone"),
        pytest.param(
            lambda asked: (403, "AccessDenied") if asked.method == "PUT" else None,
            "PutObject.*AccessDenied",
            id="read-only",
        ),
        pytest.param(
            lambda asked: (403, "AccessDenied") if "leases" in asked.path else None,
            "AccessDenied",
            id="no leases",
        ),
        pytest.param(
            lambda asked: (403, "AccessDenied") if "journal" in asked.path else None,
            "AccessDenied",
            id="no journals",
        ),
        pytest.param(lambda asked: (503, "SlowDown"), "503|SlowDown", id="throttling"),
        pytest.param(
            lambda asked: (500, "InternalError") if asked.method != "HEAD" else None,
            "InternalError",
            id="broken",
        ),
        pytest.param(
            lambda asked: (501, "NotImplemented") if asked.method == "PUT" else None,
            "conditional writes",
            id="knows no conditions",
        ),
        pytest.param(
            lambda asked: LOSE if asked.method == "HEAD" else None, "HeadBucket", id="answers not"
        ),
    ],
)
def test_a_bucket_of_no_use_is_refused_before_any_write(kept, s3, rule, said):
    s3.rule = lambda asked: None if asked.path == "/" else rule(asked)  # STS answers
    ran = kept.run("apply", "plan.json")
    assert ran.status == 1, ran.text
    assert s3.state in ran.err
    assert "Traceback" not in ran.text
    assert re.search(said, ran.err), ran.err
    assert written(kept) == 0
    s3.rule = lambda _: None
    assert kept.run("apply", "plan.json").status == 0, "and nothing is left in the way"


def test_a_store_that_ignores_conditions_is_found_out(kept, s3, monkeypatch):
    from moto.s3.responses import S3Response

    put_object = S3Response.put_object

    def heedless(self):
        for name in ("If-Match", "If-None-Match"):
            if self.headers.get(name):
                self.headers = {k: v for k, v in self.headers.items() if k != name}
        return put_object(self)

    monkeypatch.setattr(S3Response, "put_object", heedless)
    ran = kept.run("apply", "plan.json")
    assert ran.status == 1, ran.text
    assert "two applies could hold one lease" in ran.err
    assert written(kept) == 0


def test_another_region_is_refused_and_the_right_one_named(kept, s3):
    kept.configure(extra=f"state: {s3.state}?region=eu-west-1\n")
    ran = kept.run("apply", "plan.json")
    assert ran.status == 1
    assert f"write {s3.state}?region=us-west-2" in ran.err
    assert written(kept) == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"format_version": "2.0"}, "found a state of format 2.0"),
        ({"something": "else"}, "none of ours"),
        (["1.0"], "none of ours"),
    ],
)
def test_a_state_of_a_newer_version_is_refused(kept, s3, data, said):
    put(s3, "state.json", data)
    for words in (["apply", "plan.json"], ["runs", "list"], ["rollback", "--last"]):
        ran = kept.run(*words)
        assert (ran.status, written(kept)) == (1, 0), ran.text
        assert said in ran.err
    shutil.rmtree(kept.folder / ".reconcile", ignore_errors=True)
    (kept.folder / ".reconcile").mkdir()
    (kept.folder / ".reconcile" / "state.json").write_text(json.dumps(data))
    kept.configure()
    for words in (["apply", "plan.json"], ["runs", "list"]):
        ran = kept.run(*words)
        assert (ran.status, written(kept)) == (1, 0), ran.text
        assert said in ran.err


def test_a_minor_version_that_is_newer_is_taken(kept, s3):
    put(s3, "state.json", {"format_version": "1.7", "more": 1})
    assert kept.run("apply", "plan.json").status == 0


def quickly(monkeypatch, term):
    """Terms for a test."""
    monkeypatch.setattr(lease_rule, "TERM", term)
    monkeypatch.setattr(lease_rule, "LONGEST_CALL", term / 3)
    monkeypatch.setattr(lease, "LOOKED_AT_EVERY", 0.01)


def test_a_lease_that_is_renewed_ends_the_second_apply_with_6(kept, s3, monkeypatch):
    quickly(monkeypatch, 100.0)
    key = f"leases/{kept.domain}.json"
    put(s3, key, THEIRS)
    looks = []

    def rule(asked):
        if asked.method == "GET" and "leases" in asked.path:
            looks.append(asked)
            if len(looks) == 3:
                return (500, "InternalError")
        return None

    s3.rule = rule
    renewed = []
    tell = lease_rule.next_step

    def step(seen, token, watch, now):
        if len(looks) == 5 and not renewed:
            renewed.append(1)
            put(s3, key, {**THEIRS, "renewals": 4})
        return tell(seen, token, watch, now)

    monkeypatch.setattr(lease, "next_step", step)
    ran = kept.run("apply", "plan.json")
    assert ran.status == 6, ran.text
    assert "jane, run R1, seen alive less than" in ran.err
    assert "waiting up to" in ran.err
    assert written(kept) == 0


def test_a_lease_without_a_sign_of_life_is_taken_over(kept, s3, monkeypatch):
    quickly(monkeypatch, 0.3)
    put(s3, f"leases/{kept.domain}.json", THEIRS)
    ran = kept.run("apply", "plan.json")
    assert "held by jane, run R1; waiting up to" in ran.err
    # A term so short may run out while the three cases are written; that is another test's.
    assert written(kept) > 0 or ran.status == 4


@pytest.mark.parametrize("answer", [LOSE, (409, "ConditionalRequestConflict"), (503, "SlowDown")])
def test_the_first_write_of_each_object_may_be_overtaken_or_lose_its_reply(kept, s3, answer):
    said = set()

    def rule(asked):
        if asked.method == "PUT" and asked.path not in said:
            said.add(asked.path)
            return answer
        return None

    s3.rule = rule
    ran = kept.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert written(kept) == 3
    assert {one.rpartition("/")[2] for one in said} >= {"state.json", "receipt.json"}
    assert len(content(s3)) == 5


def test_a_lease_that_is_lost_on_the_way_ends_the_writing(kept, s3, monkeypatch):
    monkeypatch.setattr(lease, "RENEWED_EVERY", 0.01)
    key = f"leases/{kept.domain}.json"
    sending = lease.DomainLease.reason
    asked = []

    def reason(self):
        asked.append(1)
        if len(asked) == 6:
            put(s3, key, {**THEIRS, "who": "joe", "run": "R2"})
            until = time.monotonic() + 20
            while not sending(self) and time.monotonic() < until:
                time.sleep(0.01)
        return sending(self)

    monkeypatch.setattr(lease.DomainLease, "reason", reason)
    ran = kept.run("apply", "plan.json")
    assert ran.status == 4, ran.text
    assert written(kept) < 3
    assert "its lease was taken over by joe, run R2" in ran.text
    assert json.loads(content(s3)[key])["owner"] == "them", "the other one's lease stays"


def test_a_bucket_that_is_gone_in_mid_apply_leaves_the_local_journal_and_4(kept, s3):
    def rule(asked):
        return (404, "NoSuchBucket") if "journal-0002" in asked.path else None

    s3.rule = rule
    ran = kept.run("apply", "plan.json")
    assert ran.status == 4, ran.text
    assert written(kept) == 3
    journal = local(kept, ".jsonl")
    assert f"the journal is whole in {journal}" in ran.err
    assert journal.read_bytes().count(b'"event": "Applied"') == 3
    assert local(kept, ".receipt.json").exists()


def test_a_receipt_that_the_bucket_does_not_take_is_told(kept, s3):
    s3.rule = lambda asked: (403, "AccessDenied") if "receipt" in asked.path else None
    ran = kept.run("apply", "plan.json")
    assert ran.status == 4, ran.text
    assert "the receipt could not be copied" in ran.err


def test_lost_replies_to_journal_and_receipt_change_nothing(kept, s3):
    lost = set()

    def rule(asked):
        if asked.method == "PUT" and "runs/" in asked.path and asked.path not in lost:
            lost.add(asked.path)
            return LOSE
        return None

    s3.rule = rule
    ran = kept.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert len(lost) == 3


def test_a_state_of_the_environments_owner(kept, s3, monkeypatch):
    monkeypatch.setenv("RECONCILE_STATE_OWNER", "444455556666")
    assert kept.run("apply", "plan.json").status == 0
    assert {one.headers["x-amz-expected-bucket-owner"] for one in s3.asked} == {"444455556666"}
