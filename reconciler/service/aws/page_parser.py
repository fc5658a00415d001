"""Read the replies of the service as the JSON that they are, without walking them shape by shape.

botocore's parser visits every value of a reply to convert it by its shape: it makes a number of
the text "5", fails on what does not fit, and takes most of the time of reading a page. What a reply
may hold is decided in `replies` and `cases_codec` instead. Errors, and replies of other services,
go through botocore's own parser.
"""

import json
from typing import Any

from botocore.parsers import ResponseParserError, ResponseParserFactory

from reconciler.model.calls import APIS

# The outputs of the operations that reconcile calls, by the names of their shapes.
_PLAIN = frozenset(f"{operation}Response" for operation in APIS)
# A reply without any member, which may be left out altogether.
# (The API reference says "empty HTTP body" and shows `{ }`.)
_MAY_BE_EMPTY = "UpdateCaseResponse"
_ERRORS_FROM = 301  # as botocore has it


class PageParserFactory:
    """A response parser factory for a botocore session."""

    def __init__(self) -> None:
        self._inner = ResponseParserFactory()

    def set_parser_defaults(self, **defaults: Any) -> None:
        """As botocore's."""
        self._inner.set_parser_defaults(**defaults)

    def create_parser(self, protocol_name: str) -> "_PageParser":
        """As botocore's, with the short way for the replies of this service."""
        return _PageParser(self._inner.create_parser(protocol_name))


class _PageParser:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def parse(self, response: Any, shape: Any) -> Any:
        name = "" if shape is None else shape.name
        if name in _PLAIN and response["status_code"] < _ERRORS_FROM:
            return _plain(response, name)
        try:
            return _checked(self._inner.parse(response, shape))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # JSON that is no object, or text cut inside a character: botocore does not expect it.
            raise ResponseParserError(f"the reply cannot be understood: {error}") from error
        except RecursionError as error:
            raise ResponseParserError("the reply is nested too deep") from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _checked(reply: Any) -> Any:
    """An error whose code and message are text; botocore looks the code up, whatever it is."""
    error = reply.get("Error") if isinstance(reply, dict) else None
    if isinstance(error, dict):
        if not isinstance(error.get("Code"), str):
            raise ResponseParserError("the code of the error is no text")
        if not isinstance(error.get("Message"), str):
            error["Message"] = ""
    return reply


def _plain(response: Any, name: str) -> dict[str, Any]:
    if response["status_code"] != 200:
        raise ResponseParserError(f"found status {response['status_code']}, expected 200")
    headers = {key.lower(): value for key, value in response["headers"].items()}
    body = response["body"]
    # A connection that breaks looks like the end of the body, unless the length was promised.
    promised = headers.get("content-length", "")
    if promised.isdecimal() and len(body) < int(promised):
        raise ResponseParserError(f"the reply ended after {len(body)} of {promised} bytes")
    # A reply that was cut within its headers looks like one without a body, and without this one.
    if not body and name == _MAY_BE_EMPTY and promised == "0":
        body = b"{}"
    try:
        reply = json.loads(body, parse_int=_whole)
    except RecursionError as error:
        raise ResponseParserError("the reply is nested too deep") from error
    except ValueError as error:
        raise ResponseParserError(f"the reply is no whole JSON: {error}") from error
    if not isinstance(reply, dict):
        raise ResponseParserError("the reply is no JSON object")
    reply["ResponseMetadata"] = {
        "HTTPStatusCode": 200,
        "HTTPHeaders": headers,
        "RequestId": headers.get("x-amzn-requestid", ""),
    }
    return reply


def _whole(digits: str) -> int | float:
    """A whole number; one too long to be read as such is infinite, and spoils no other value."""
    try:
        return int(digits)
    except ValueError:
        return float(digits)
