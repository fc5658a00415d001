"""Page tokens: opaque texts that say where a page ended, and of which request."""

import base64
import json
from typing import Any

from reconciler.sandbox.errors import validation


def make_token(request: str, position: Any) -> str:
    """A token for the page after `position` in the answers to one request."""
    text = json.dumps([request, position], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(token: str | None, request: str) -> Any:
    """The position a token stands for; None without a token. A foreign token is refused."""
    if not token:
        return None
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        made_for, position = json.loads(text)
    except (ValueError, TypeError):
        raise validation("The nextToken is not one that this service gave out.") from None
    if made_for != request:
        raise validation("The nextToken belongs to another request.")
    return position


def page_of(
    items: list[Any], token: str | None, size: int, request: str
) -> tuple[list[Any], str | None]:
    """One page of a short list that is always at hand whole, with the token for the next."""
    start = read_token(token, request)
    start = start if isinstance(start, int) else 0
    end = start + size
    return items[start:end], make_token(request, end) if end < len(items) else None
