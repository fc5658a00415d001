"""What the SDK raises becomes one of our errors, and says what to do."""

import pytest
from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

from reconciler.errors import (
    NotFound,
    OutcomeUnknown,
    ReconcilerError,
    Refused,
    Transient,
    Unauthenticated,
)
from reconciler.service.aws.errors import BrokenReply, translated


def reply(code, status, headers=None, message="because"):
    return aws.ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {
                "HTTPStatusCode": status,
                "RequestId": "req-1",
                "HTTPHeaders": headers or {},
            },
        },
        "Operation",
    )


def meet(error, writes=False):
    with pytest.raises(ReconcilerError) as raised, translated("GetCase", "case c1", writes=writes):
        raise error
    return raised.value


NAMED = {"x-amzn-errortype": "NewsException"}
READ_TIMEOUT = aws.ReadTimeoutError(endpoint_url="https://x")
CLOSED = aws.ConnectionClosedError(endpoint_url="https://x")
BROKEN_READ = aws.IncompleteReadError(actual_bytes=1, expected_bytes=2)
STREAM = aws.ResponseStreamingError(error="reset")
NO_ENDPOINT = aws.EndpointConnectionError(endpoint_url="https://x")
CONNECT_TIMEOUT = aws.ConnectTimeoutError(endpoint_url="https://x")
SSL = aws.SSLError(endpoint_url="https://x", error="bad certificate")
PROXY = aws.ProxyConnectionError(proxy_url="https://x")


@pytest.mark.parametrize(
    ("error", "read", "write"),
    [
        pytest.param(reply("ThrottlingException", 429), Transient, Transient, id="429"),
        pytest.param(reply("ThrottlingException", 400), Transient, Transient, id="throttle-as-400"),
        pytest.param(reply("TooManyRequestsException", 429), Transient, Transient, id="too-many"),
        pytest.param(reply("429", 429), Transient, OutcomeUnknown, id="429-of-a-proxy"),
        pytest.param(reply("SlowDown", 503), Transient, OutcomeUnknown, id="slow-down"),
        pytest.param(
            reply("ThrottlingException", 503), Transient, OutcomeUnknown, id="503-throttle"
        ),
        pytest.param(reply("InternalServerException", 400), Refused, OutcomeUnknown, id="odd-500"),
        pytest.param(reply("302", 302), Refused, OutcomeUnknown, id="302-of-a-proxy"),
        pytest.param(reply("403", 403), Refused, OutcomeUnknown, id="403-of-a-proxy"),
        pytest.param(reply("404", 404), Refused, OutcomeUnknown, id="404-of-a-proxy"),
        pytest.param(reply("407", 407), Refused, OutcomeUnknown, id="407-of-a-proxy"),
        pytest.param(reply("408", 408), Refused, OutcomeUnknown, id="408-of-a-proxy"),
        pytest.param(reply("499", 499), Refused, OutcomeUnknown, id="499-of-a-proxy"),
        pytest.param(reply("denied", 403), Refused, OutcomeUnknown, id="a-code-of-a-proxy"),
        pytest.param(reply(403, 403), Refused, OutcomeUnknown, id="a-number-as-a-code"),
        pytest.param(reply("NewsException", 400, NAMED), Refused, Refused, id="an-unknown-code"),
        pytest.param(reply("InternalServerException", 500), Transient, OutcomeUnknown, id="500"),
        pytest.param(reply("502", 502), Transient, OutcomeUnknown, id="bad-gateway"),
        pytest.param(reply("ServiceUnavailable", 503), Transient, OutcomeUnknown, id="503"),
        pytest.param(reply("504", 504), Transient, OutcomeUnknown, id="gateway-timeout"),
        pytest.param(reply("ResourceNotFoundException", 404), NotFound, NotFound, id="404"),
        pytest.param(reply("ValidationException", 400), Refused, Refused, id="400"),
        pytest.param(reply("ServiceQuotaExceededException", 402), Refused, Refused, id="402"),
        pytest.param(reply("AccessDeniedException", 403), Refused, Refused, id="403"),
        pytest.param(reply("ConflictException", 409), Refused, Refused, id="409"),
        pytest.param(reply("400", 400), Refused, OutcomeUnknown, id="a-400-without-a-code"),
        pytest.param(
            reply("InternalServerException", 200), Transient, OutcomeUnknown, id="error-in-a-200"
        ),
        pytest.param(BrokenReply("lacks fields"), Transient, OutcomeUnknown, id="half-a-reply"),
        pytest.param(READ_TIMEOUT, Transient, OutcomeUnknown, id="read-timeout"),
        pytest.param(CLOSED, Transient, OutcomeUnknown, id="closed"),
        pytest.param(BROKEN_READ, Transient, OutcomeUnknown, id="incomplete"),
        pytest.param(STREAM, Transient, OutcomeUnknown, id="streaming"),
        pytest.param(
            ResponseParserError("odd"), Transient, OutcomeUnknown, id="not-to-be-understood"
        ),
        pytest.param(NO_ENDPOINT, Transient, Transient, id="never-reached"),
        pytest.param(CONNECT_TIMEOUT, Transient, Transient, id="never-connected"),
        pytest.param(SSL, Transient, OutcomeUnknown, id="tls"),
        pytest.param(PROXY, Transient, OutcomeUnknown, id="proxy"),
        pytest.param(
            aws.ParamValidationError(report="bad"), Refused, Refused, id="refused-by-the-sdk"
        ),
    ],
)
def test_which_error_is_which(error, read, write):
    assert type(meet(error)) is read
    assert type(meet(error, writes=True)) is write
    assert meet(error).__cause__ is error


@pytest.mark.parametrize(
    "error",
    [
        aws.NoCredentialsError(),
        aws.PartialCredentialsError(provider="env", cred_var="x"),
        aws.CredentialRetrievalError(provider="sso", error_msg="x"),
        aws.ProfileNotFound(profile="prod"),
        aws.UnauthorizedSSOTokenError(),
        aws.NoRegionError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_missing_credentials_end_the_run_and_say_what_to_set_up(error):
    found = meet(error)
    assert type(found) is Unauthenticated
    assert "as for the AWS CLI" in str(found)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AccessDeniedException", "IAM policies"),
        ("ServiceQuotaExceededException", "Service Quotas"),
        ("ConflictException", "plan again"),
        ("ValidationException", "reconcile catalog"),
    ],
)
def test_a_refusal_says_what_to_do(code, advice):
    found = meet(reply(code, 400))
    assert advice in str(found)
    assert str(found).startswith(f"GetCase of case c1: {code}: because")
    assert (found.code, found.request_id) == (code, "req-1")


@pytest.mark.parametrize(
    ("status", "writes"),
    [(400, False), (401, False), (403, False), (500, False), (400, True), (401, True), (403, True)],
)
@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("ExpiredToken", "sign in again"),
        ("ExpiredTokenException", "sign in again"),
        ("TokenRefreshRequired", "sign in again"),
        ("InvalidClientTokenId", "the profile, the role and the account"),
        ("UnrecognizedClientException", "the profile, the role and the account"),
        ("InvalidAccessKeyId", "the profile, the role and the account"),
        ("AuthFailure", "the profile, the role and the account"),
        ("OptInRequired", "the profile, the role and the account"),
        ("MissingAuthenticationToken", "the profile, the role and the account"),
        ("MissingAuthenticationTokenException", "the profile, the role and the account"),
        ("InvalidSignatureException", "this machine's clock"),
        ("SignatureDoesNotMatch", "this machine's clock"),
        ("IncompleteSignatureException", "this machine's clock"),
        ("RequestExpired", "this machine's clock"),
        ("RequestTimeTooSkewed", "this machine's clock"),
    ],
)
def test_credentials_that_are_refused_are_a_fault_of_the_run(code, advice, status, writes):
    found = meet(reply(code, status), writes)
    assert type(found) is Unauthenticated
    assert (advice in str(found), advice in found.reason, found.code) == (True, True, code)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, None, id="not-asked"),
        pytest.param({"retry-after": "7"}, 7.0, id="seconds"),
        pytest.param({"retry-after": "0.5"}, 0.5, id="half-a-second"),
        pytest.param({"retry-after": "nan"}, None, id="no-number"),
        pytest.param({"retry-after": "-5"}, None, id="negative"),
        pytest.param({"retry-after": "inf"}, float("inf"), id="for-ever"),
        pytest.param({"x-amz-retry-after": "1500"}, 1.5, id="milliseconds"),
        pytest.param({"retry-after": "2", "x-amz-retry-after": "9000"}, 2.0, id="both"),
        pytest.param({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None, id="a-date"),
        pytest.param({"retry-after": "soon", "x-amz-retry-after": "1000"}, 1.0, id="the-other-one"),
    ],
)
@pytest.mark.parametrize(("code", "status"), [("ThrottlingException", 429), ("x", 500)])
def test_how_long_the_service_asks_to_wait(headers, seconds, code, status):
    assert meet(reply(code, status, headers)).retry_after == seconds


def test_only_a_throttle_is_a_throttle():
    assert meet(reply("ThrottlingException", 429)).throttled
    assert not meet(reply("InternalServerException", 500)).throttled


def test_a_lost_write_says_that_it_may_have_taken_effect():
    assert "may or may not have taken effect" in str(meet(CLOSED, writes=True))


def test_a_bug_of_ours_is_left_alone():
    with pytest.raises(KeyError), translated("GetCase", "case c1"):
        raise KeyError("a bug")


def test_an_odd_reply_without_the_usual_parts_is_still_an_error_of_ours():
    assert type(meet(aws.ClientError({}, "Operation"))) is Refused
