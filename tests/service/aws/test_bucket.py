"""Objects of one bucket over real HTTP: conditions, races, and whose the bucket has to be."""

import pytest

from reconciler.config.model import BucketAddress
from reconciler.errors import Contended, ReconcilerError, Refused, Transient, Unauthenticated
from reconciler.service.aws.bucket import Bucket
from reconciler.service.aws.state_session import StateSession
from tests.s3 import ACCOUNT, DROP, LOSE


@pytest.fixture
def bucket(s3):
    return Bucket(StateSession(BucketAddress(s3.bucket)).client(), s3.bucket, ACCOUNT)


def test_an_object_is_put_once_and_then_replaced_on_its_etag_alone(bucket):
    assert bucket.get("a") is None
    etag = bucket.put("a", b"one", "")
    with pytest.raises(Contended):
        bucket.put("a", b"two", "")
    newer = bucket.put("a", b"two", etag)
    with pytest.raises(Contended):
        bucket.put("a", b"three", etag)
    assert bucket.get("a") == (b"two", newer)
    assert bucket.get("a", "bytes=-1") == (b"o", newer)
    bucket.delete("a")
    assert bucket.get("a") is None
    with pytest.raises(Contended):
        bucket.put("a", b"four", newer)


def test_every_call_says_whose_the_bucket_has_to_be(bucket, s3):
    bucket.region()
    bucket.put("a/b/c", b"", "")
    bucket.get("a/b/c")
    bucket.keys("a/")
    bucket.names("a/")
    bucket.delete("a/b/c")
    assert len(s3.asked) == 6
    assert {one.headers.get("x-amz-expected-bucket-owner") for one in s3.asked} == {ACCOUNT}


def test_keys_and_names_come_in_pages(bucket, s3):
    for number in range(5):
        bucket.put(f"runs/r{number}/a", b"12", "")
    found, token = bucket.keys("runs/")
    assert [(one.key, one.size) for one in found][:2] == [("runs/r0/a", 2), ("runs/r1/a", 2)]
    assert found[0].at is not None
    assert (bucket.names("runs/")[0], token) == (("r0", "r1", "r2", "r3", "r4"), "")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((409, "ConditionalRequestConflict"), Contended),
        ((412, "PreconditionFailed"), Contended),
        ((404, "NoSuchKey"), Contended),
        ((501, "NotImplemented"), ReconcilerError),
        ((403, "AccessDenied"), Refused),
        ((404, "NoSuchBucket"), Refused),
        ((405, "MethodNotAllowed"), Refused),
        ((503, "SlowDown"), Transient),
        ((500, "InternalError"), Transient),
        ((403, "ExpiredToken"), Unauthenticated),
        (LOSE, Transient),
        (DROP, Transient),
    ],
)
def test_each_way_in_which_a_write_fails(bucket, s3, answer, error):
    s3.rule = lambda asked: answer if asked.method == "PUT" else None
    with pytest.raises(error):
        bucket.put("a", b"one", "")


def test_a_write_whose_reply_is_lost_has_taken_effect_and_one_that_is_dropped_has_not(bucket, s3):
    for answer, there in ((LOSE, True), (DROP, False)):
        s3.rule = lambda asked, answer=answer: answer if asked.method == "PUT" else None
        with pytest.raises(Transient):
            bucket.put(answer, b"one", "")
        assert (bucket.get(answer) is not None) == there
