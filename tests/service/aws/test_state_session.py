"""The way to the state's bucket: where requests may go, and whose the bucket has to be."""

import pytest

from reconciler.config.model import BucketAddress
from reconciler.errors import ReconcilerError
from reconciler.service.aws.state_session import StateSession
from tests.s3 import ACCOUNT

ADDRESS = BucketAddress("bucket", "p/", "us-west-2")


@pytest.fixture(autouse=True)
def nothing_of_this_machine(monkeypatch, tmp_path):
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.delenv("RECONCILE_STATE_OWNER", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real-secret")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://s3.us-west-2.amazonaws.com",
        "https://minio.example",
        "https://127.0.0.1.example",
        "http://10.0.0.1:9000",
        "https://amazonaws.com.evil.example",
        "https://user:secret@s3.amazonaws.com",
        "ftp://127.0.0.1",
    ],
)
def test_real_credentials_go_to_no_host_but_those_of_aws(monkeypatch, endpoint):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    with pytest.raises(ReconcilerError, match="not allowed"):
        StateSession(ADDRESS)


def test_another_host_needs_the_environments_word(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://minio.example:9000")
    monkeypatch.setenv("RECONCILE_ALLOW_ENDPOINT", "minio.example:9000")
    assert StateSession(ADDRESS).client().meta.endpoint_url == "https://minio.example:9000"


def test_a_loopback_service_gets_made_up_credentials(s3):
    client = StateSession(ADDRESS).client()
    client.list_buckets()
    assert "AKIDREAL" not in str(s3.asked[-1].headers)
    assert "Credential=sandbox/" in s3.asked[-1].headers["authorization"]


def test_the_region_is_that_of_the_address_and_else_the_sdks(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert StateSession(ADDRESS).region == "us-west-2"
    assert StateSession(BucketAddress("bucket")).region == "eu-west-1"
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(ReconcilerError, match=r"state s3://bucket: no Region; write s3://"):
        StateSession(BucketAddress("bucket"))


def test_the_owner_is_the_account_of_the_credentials(s3):
    assert StateSession(ADDRESS).owner() == ACCOUNT


@pytest.mark.parametrize("named", ["444455556666", " 444455556666\n"])
def test_or_the_one_that_the_environment_names(monkeypatch, named):
    monkeypatch.setenv("RECONCILE_STATE_OWNER", named)
    assert StateSession(ADDRESS).owner() == "444455556666"
    assert StateSession(ADDRESS, {"RECONCILE_STATE_OWNER": "777788889999"}).owner() == (
        "777788889999"
    )


@pytest.mark.parametrize("named", ["4444", "4444-5555-6666", "arn:aws:iam::444455556666:root"])
def test_what_is_no_account_is_refused(monkeypatch, named):
    monkeypatch.setenv("RECONCILE_STATE_OWNER", named)
    with pytest.raises(ReconcilerError, match="12 digits"):
        StateSession(ADDRESS).owner()
