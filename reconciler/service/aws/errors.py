"""Rename the errors of boto3 to ours, keeping the original as the cause, and say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

from reconciler.errors import (
    CallError,
    NotFound,
    OutcomeUnknown,
    Refused,
    Transient,
    Unauthenticated,
    Unreadable,
)
from reconciler.service.aws.connecting import unconnectable

# The service model marks ThrottlingException as no throttle (`throttling: false`); botocore takes
# the code for one all the same (verified), and so do we.
_THROTTLES = frozenset(
    {
        "ThrottlingException",
        "Throttling",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
    }
)
_ADVICE = {
    "AccessDeniedException": "give the role this action on the domain, its cases and its fields; "
    "the README lists the IAM policies",
    # A 402, by the service model.
    "ServiceQuotaExceededException": "a quota of the domain is used up; see Service Quotas",
    # A 409 that came with StartMergeCases in November 2026; botocore repeats none (verified).
    "ConflictException": "the case is part of a running merge, or was changed at the same moment; "
    "plan again",
    "ValidationException": "the service does not take this; plan again, and check the field with "
    "`reconcile catalog`",
}
_SIGN_IN = "the credentials have expired; sign in again, and take up the rest"
_NOT_VALID = "the credentials are not valid here; check the profile, the role and the account"
_CLOCK = "the signature is not valid; check this machine's clock and the secret key"
# Every call would be answered so, whatever case it is about. Some services say these words with
# "Exception" behind them, some without; for AccessDenied see above: it is about one case.
_UNAUTHENTICATED = {
    "ExpiredToken": _SIGN_IN,
    "TokenRefreshRequired": _SIGN_IN,
    "UnrecognizedClient": _NOT_VALID,
    "InvalidClientTokenId": _NOT_VALID,
    "InvalidAccessKeyId": _NOT_VALID,
    "InvalidToken": _NOT_VALID,
    "InvalidIdentityToken": _NOT_VALID,
    "AuthFailure": _NOT_VALID,
    "OptInRequired": _NOT_VALID,
    "NotAuthorized": _NOT_VALID,
    "MissingAuthenticationToken": _NOT_VALID,
    "IncompleteSignature": _CLOCK,
    "InvalidSignature": _CLOCK,
    "SignatureDoesNotMatch": _CLOCK,
    "RequestExpired": _CLOCK,
    "RequestTimeTooSkewed": _CLOCK,
    "RequestInTheFuture": _CLOCK,
}
_NEVER_SENT = (aws.EndpointConnectionError, aws.ConnectTimeoutError)
# A proxy or TLS may also fail after the request went out, and the error does not tell.
_CONNECTION = (
    aws.HTTPClientError,
    aws.ProxyConnectionError,
    aws.SSLError,
    aws.IncompleteReadError,
    aws.ResponseStreamingError,
    ResponseParserError,
)
_CREDENTIALS = (
    aws.NoCredentialsError,
    aws.PartialCredentialsError,
    aws.CredentialRetrievalError,
    aws.TokenRetrievalError,
    aws.SSOError,
    aws.ProfileNotFound,
    aws.NoRegionError,
)


BROKEN = "broken-reply"
# Beside the codes above, what AWS refuses a request with: by the service model, and in common.
_NOT_CARRIED_OUT = frozenset(
    {
        "ResourceNotFoundException",
        "AccessDenied",
        "InvalidAction",
        "NotAuthorized",
        "SerializationException",
        "UnknownOperationException",
        "UnsupportedOperation",
        "ValidationError",
    }
)


class BrokenReply(Exception):
    """A reply without a member the service model requires: half a reply, never an empty one."""


@contextmanager
def translated(api: str, subject: str, *, writes: bool = False) -> Iterator[None]:
    """Raise our errors in place of boto3's for one call about `subject`.

    A write whose reply is lost is OutcomeUnknown; a read whose reply is lost is Transient. So is
    an answer of somebody between the service and us, since only the service's own refusal, by
    its code, says that a write was not carried out.
    """
    try:
        yield
    except aws.ClientError as error:
        raise _from_reply(api, subject, error, writes) from error
    except (*_NEVER_SENT, *_CONNECTION) as error:
        raise _unanswered(api, subject, error, writes) from error
    except (BrokenReply, Unreadable) as error:
        raise _of_no_use(f"{api} of {subject}: {error}", error, writes) from error
    except _CREDENTIALS as error:
        raise unauthenticated(error) from error
    except aws.BotoCoreError as error:
        raise Refused(f"{api} of {subject}: {error}", code=type(error).__name__) from error


def _unanswered(api: str, subject: str, error: Exception, writes: bool) -> CallError:
    """No reply came; whether the request went out, or ever could, depends on what failed."""
    call = f"{api} of {subject}"
    if (environment := unconnectable(call, error)) is not None:
        return environment
    if isinstance(error, _NEVER_SENT):
        return Transient(f"{call}: {error}", code="connection")
    return _lost(f"{call}: {error}", "connection", writes)


def unauthenticated(error: Exception) -> Unauthenticated:
    """What is said when credentials cannot be had: `error`, whatever it is, in one line."""
    why = " ".join(str(error).split()) or type(error).__name__
    return Unauthenticated(
        f"no usable AWS credentials: {why}; "
        "set them up as for the AWS CLI (environment, profile, SSO or role)",
        code="credentials",
        reason=f"no usable AWS credentials: {why}",
    )


def passes(error: Exception) -> bool:
    """Whether what failed may work in a moment: a network, a throttle, a 5xx."""
    if isinstance(error, aws.ClientError):
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return code in _THROTTLES or status == 429 or status >= 500
    return isinstance(error, (*_NEVER_SENT, *_CONNECTION)) and not unconnectable("", error)


def _from_reply(api: str, subject: str, error: aws.ClientError, writes: bool) -> CallError:
    reply = error.response
    code = str(reply.get("Error", {}).get("Code", "unknown"))
    metadata = reply.get("ResponseMetadata", {})
    status = int(metadata.get("HTTPStatusCode", 0))
    message = f"{api} of {subject}: {code}: {reply.get('Error', {}).get('Message', '')}"
    # Before the codes: a page of a proxy may bear any status, 403 and 429 among them.
    if writes and not _told(code, status, metadata):
        return _lost(message, code, writes, _retry_after(metadata))
    if code in _THROTTLES or status == 429:
        return Transient(message, code=code, throttled=True, retry_after=_retry_after(metadata))
    if (advice := _UNAUTHENTICATED.get(code.removesuffix("Exception"))) is not None:
        return Unauthenticated(f"{message} ({advice})", code=code, reason=f"{code}: {advice}")
    if status >= 500:
        return Transient(message, code=code, retry_after=_retry_after(metadata))
    request_id = str(metadata.get("RequestId") or "")
    # Since May 2026 agents may delete cases (documented), so this is ordinary between plan and
    # apply.
    if code == "ResourceNotFoundException":
        return NotFound(message, code=code, request_id=request_id)
    if 200 <= status < 300:
        return _lost(message, code, writes)
    advice = _ADVICE.get(code, "")
    return Refused(f"{message} ({advice})" if advice else message, code=code, request_id=request_id)


def _of_no_use(message: str, error: BrokenReply | Unreadable, writes: bool) -> CallError:
    """A reply that lacks something is asked for again; one of a wrong kind would come again."""
    if isinstance(error, Unreadable) and not writes:
        return Unreadable(message, code=error.code)
    return _lost(message, BROKEN, writes)


def _told(code: str, status: int, metadata: dict[str, object]) -> bool:
    """Whether the service itself says that it has not carried out a write."""
    if not 400 <= status < 500 or code == "InternalServerException":
        return False
    headers = metadata.get("HTTPHeaders", {})
    # botocore takes the code from this header (verified); a page of a proxy has none.
    named = isinstance(headers, dict) and headers.get("x-amzn-errortype")
    known = (*_THROTTLES, *_NOT_CARRIED_OUT, *_ADVICE)
    return bool(named) or code in known or code.removesuffix("Exception") in _UNAUTHENTICATED


def _lost(message: str, code: str, writes: bool, retry_after: float | None = None) -> CallError:
    if writes:
        told = f"{message}; the write may or may not have taken effect"
        return OutcomeUnknown(told, code=code, retry_after=retry_after)
    return Transient(message, code=code, retry_after=retry_after)


def _retry_after(metadata: dict[str, object]) -> float | None:
    """Seconds asked for by `Retry-After`, or milliseconds by `x-amz-retry-after`."""
    headers = metadata.get("HTTPHeaders", {})
    if not isinstance(headers, dict):
        return None
    # By the service model only InternalServerException has it; who else sends it is heeded too.
    for header, unit in (("retry-after", 1.0), ("x-amz-retry-after", 0.001)):
        try:
            seconds = float(headers[header]) * unit
        except (KeyError, ValueError):
            continue
        if seconds >= 0:  # no number is neither
            return seconds
    return None
