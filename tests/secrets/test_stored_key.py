"""The seal key out of SSM or Secrets Manager, over real HTTP."""

import itertools

import boto3
import pytest

from reconciler.errors import ReconcilerError
from reconciler.secrets import stored_key
from reconciler.secrets.key import VARIABLE, Use, shared_key
from reconciler.service import calling

_names = itertools.count()


@pytest.fixture
def kept(s3, monkeypatch):
    """Puts a key into a service; what names it."""
    monkeypatch.setattr(calling, "ATTEMPTS", 2)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", s3.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", s3.url)
    stored_key._read.cache_clear()

    def put(kind, value):
        client = boto3.client(
            kind, endpoint_url=s3.url, aws_access_key_id="x", aws_secret_access_key="x"
        )
        if kind == "ssm":
            name = f"/team/key-{next(_names)}"
            client.put_parameter(Name=name, Value=value, Type="SecureString")
        else:
            name = f"team/key-{next(_names)}"
            client.create_secret(Name=name, SecretString=value)
        s3.asked.clear()
        return f"{kind}:{name}"

    put.s3 = s3
    return put


@pytest.mark.parametrize("kind", ["ssm", "secretsmanager"])
def test_the_key_is_the_one_that_is_kept_there_and_read_once(kept, kind):
    place = kept(kind, "the secret of the team\n")
    for use in Use:
        assert shared_key(use, {VARIABLE: place}) == shared_key(
            use, {VARIABLE: "the secret of the team"}
        )
    assert len(kept.s3.asked) == 1
    assert "the secret" not in str(kept.s3.asked[0].body)


@pytest.mark.parametrize("place", ["ssm:/nowhere", "secretsmanager:nowhere"])
def test_a_key_that_is_not_there_is_told_with_what_is_needed(kept, place):
    with pytest.raises(ReconcilerError, match=f"{VARIABLE} {place}: no key can be read") as raised:
        shared_key(Use.FILES, {VARIABLE: place})
    assert f"{place.split(':')[0]}:Get" in str(raised.value)


@pytest.mark.parametrize("answer", [(400, "AccessDeniedException"), (500, "InternalError")])
def test_a_service_that_gives_no_key_is_no_traceback_and_is_asked_again_later(kept, answer):
    place = kept("ssm", "secret")
    kept.s3.rule = lambda _: answer
    with pytest.raises(ReconcilerError, match="no key can be read"):
        shared_key(Use.FILES, {VARIABLE: place})
    kept.s3.rule = lambda _: None
    assert shared_key(Use.FILES, {VARIABLE: place})


@pytest.mark.parametrize(
    "place", ["ssm:", "ssm:name", "ssm:/a b", "ssm:/a\nb", "secretsmanager:", "secretsmanager:a b"]
)
def test_what_names_no_secret_is_refused_and_not_taken_for_a_key(place):
    with pytest.raises(ReconcilerError, match="expected ssm:/path"):
        shared_key(Use.FILES, {VARIABLE: place})


@pytest.mark.parametrize("text", ["ssm", "SSM:/path", "my secret ssm:/path", "ssm-key"])
def test_any_other_text_is_the_key_itself(text):
    assert shared_key(Use.FILES, {VARIABLE: text}) is not None


def test_real_credentials_go_to_no_host_but_those_of_aws(monkeypatch):
    stored_key._read.cache_clear()
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "https://ssm.evil.example")
    with pytest.raises(ReconcilerError, match="not allowed"):
        shared_key(Use.FILES, {VARIABLE: "ssm:/path"})
