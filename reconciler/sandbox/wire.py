"""Replies in the service's wire form: JSON bodies, error headers, request ids."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from reconciler.sandbox.errors import ServiceError, unreadable

JSON_TYPE = "application/json"
PROXY_PAGE = b"<html><head><title>Proxy</title></head><body>Something is wrong.</body></html>"


class Cut(Enum):
    """How a reply is spoilt on its way out."""

    NONE = "none"
    RESET = "reset"
    HALF = "half"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer, before a transport sends it."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    cut: Cut = Cut.NONE


def ok_reply(members: Mapping[str, Any] | None) -> Reply:
    """A success; None means an operation without output, whose body is empty."""
    if members is None:
        return Reply(status=200, body=b"")
    return Reply(status=200, body=encode(members), headers={"content-type": JSON_TYPE})


def error_reply(error: ServiceError) -> Reply:
    """An error: its name travels in a header, its text and members in the body."""
    headers = {"content-type": JSON_TYPE, "x-amzn-ErrorType": error.code, **error.headers}
    body = encode({"message": error.message, **error.members})
    return Reply(status=error.status, body=body, headers=headers)


def proxy_reply(status: int) -> Reply:
    """What somebody between client and service answers, of which the service knows nothing."""
    headers = {"content-type": "text/html"}
    if status in (301, 302, 303, 307, 308):
        headers["location"] = "https://login.example/"
    return Reply(status=status, body=PROXY_PAGE, headers=headers)


def encode(members: Any) -> bytes:
    """JSON as small as it goes, in UTF-8."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def decode(body: bytes) -> Any:
    """The JSON of a request body; no body is an empty structure."""
    if not body:
        return {}
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
        if rb"\u" in body:
            encode(document)  # half of a surrogate pair is no text, and cannot be stored
    except (ValueError, RecursionError):
        raise unreadable("The request body is not valid JSON.") from None
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
