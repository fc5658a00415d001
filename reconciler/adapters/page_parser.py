"""Read the pages of a search without walking them shape by shape.

botocore's parser visits every value of a reply to convert timestamps and the like. A search page
holds none: its JSON is already what the parser would make of it, and the walk takes most of the
time of reading a page. Every other reply goes through botocore's own parser, and so does a page
that is not whole JSON.
"""

import json
from typing import Any

from botocore.parsers import ResponseParserError, ResponseParserFactory

_PLAIN = "SearchCasesResponse"


class PageParserFactory:
    """A response parser factory for a botocore session."""

    def __init__(self) -> None:
        self._inner = ResponseParserFactory()

    def set_parser_defaults(self, **defaults: Any) -> None:
        """As botocore's."""
        self._inner.set_parser_defaults(**defaults)

    def create_parser(self, protocol_name: str) -> "_PageParser":
        """As botocore's, with the short way for search pages."""
        return _PageParser(self._inner.create_parser(protocol_name))


class _PageParser:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def parse(self, response: Any, shape: Any) -> Any:
        if shape is not None and shape.name == _PLAIN and response["status_code"] == 200:
            try:
                page = json.loads(response["body"])
            except ValueError:
                page = None
            if isinstance(page, dict):
                headers = response["headers"]
                page["ResponseMetadata"] = {
                    "HTTPStatusCode": 200,
                    "HTTPHeaders": headers,
                    "RequestId": headers.get("x-amzn-requestid", ""),
                }
                return page
        try:
            return self._inner.parse(response, shape)
        except (AttributeError, TypeError, ValueError) as error:
            # JSON that is no object, or text cut inside a character: botocore does not expect it.
            raise ResponseParserError(f"the reply cannot be understood: {error}") from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
