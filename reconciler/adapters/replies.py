"""What every reply of the service is asked for: members, lists, and the token of a next page.

A required member of a reply is always indexed: botocore hands out a truncated 200 as a success
with members missing, and a missing list is not an empty one.
"""

from collections.abc import Mapping
from typing import Any

from reconciler.adapters.cases_errors import BrokenReply

Reply = Mapping[str, Any]


def member(reply: Reply, name: str) -> Any:
    """A required member."""
    try:
        return reply[name]
    except KeyError:
        raise BrokenReply(f'the reply lacks "{name}"') from None


def entries(reply: Reply, name: str) -> list[Any]:
    """A required list; the model calls some sparse, so entries may be null."""
    found = member(reply, name)
    if not isinstance(found, list):
        raise BrokenReply(f'"{name}" of the reply is not a list')
    return [entry for entry in found if entry is not None]


def next_page(token: str) -> dict[str, str]:
    """The parameter that asks for the page after this one."""
    return {"nextToken": token} if token else {}


def page_token(reply: Reply) -> str:
    """The token of the next page; empty on the last one."""
    return str(reply.get("nextToken") or "")
