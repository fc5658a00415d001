"""What every reply of the service is asked for: members of the right kind, lists, page tokens.

A member that is missing makes a broken reply, which is worth asking for again: botocore hands out
a truncated 200 as a success with members missing, and a missing list is not an empty one. A member
of the wrong kind is Unreadable at once: the service would say it again.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from reconciler.errors import Unreadable
from reconciler.model.value import instant, is_text, kind_of
from reconciler.service.aws.errors import BrokenReply

Reply = Mapping[str, Any]

UNREADABLE = "unreadable-value"


def unreadable(found: str) -> Unreadable:
    """A value of the wrong kind; `found` names its place, and never what it says."""
    return Unreadable(found, code=UNREADABLE)


def record(value: Any, what: str) -> Reply:
    """A part of a reply that has members."""
    if not isinstance(value, Mapping):
        raise unreadable(f"{what} of the reply is {kind_of(value)}, expected an object")
    return value


def member(reply: Reply, name: str) -> Any:
    """A required member of any kind; null is none."""
    value = record(reply, f'what should hold "{name}"').get(name)
    if value is None:
        raise BrokenReply(f'the reply lacks "{name}"')
    return value


def part(reply: Reply, name: str) -> Reply:
    """An object that may be missing; then it has no members."""
    value = reply.get(name)
    return {} if value is None else record(value, f'"{name}"')


def text(reply: Reply, name: str) -> str:
    """A required text."""
    return _text(member(reply, name), name)


def text_if_any(reply: Reply, name: str) -> str:
    """A text that may be missing; then it is empty."""
    value = record(reply, f'what may hold "{name}"').get(name)
    return "" if value is None else _text(value, name)


def flag(reply: Reply, name: str) -> bool:
    """A required true or false."""
    value = member(reply, name)
    if not isinstance(value, bool):
        raise unreadable(f'"{name}" of the reply is {kind_of(value)}, expected true or false')
    return value


def entries(reply: Reply, name: str) -> list[Reply]:
    """A required list of objects; the model calls some sparse, so entries may be null."""
    found = member(reply, name)
    if not isinstance(found, list):
        raise unreadable(f'"{name}" of the reply is {kind_of(found)}, expected a list')
    return [record(entry, f'an entry of "{name}"') for entry in found if entry is not None]


def texts(reply: Reply, name: str) -> dict[str, str]:
    """A map of texts that may be missing; what is null in it is not there."""
    found = record(reply, f'what may hold "{name}"').get(name)
    # Tags are `{}` in AWS's own example of GetCase; nothing says that they cannot be missing.
    if found is None:
        return {}
    pairs = record(found, f'"{name}"').items()
    return {_text(key, name): _text(value, name) for key, value in pairs if value is not None}


def next_page(token: str) -> dict[str, str]:
    """The parameter that asks for the page after this one."""
    return {"nextToken": token} if token else {}


def page_token(reply: Reply) -> str:
    """The token of the next page; empty on the last one."""
    return text_if_any(reply, "nextToken")


def _text(value: Any, name: str) -> str:
    if isinstance(value, str):
        if is_text(value):
            return value
        raise unreadable(f'"{name}" of the reply holds half a character (a lone surrogate)')
    raise unreadable(f'"{name}" of the reply is {kind_of(value)}, expected text')


def only_members(union: Any) -> Reply:
    """The members that a union holds; one that is null is not there."""
    found = record(union, "a value")
    if None in found.values():
        return {name: value for name, value in found.items() if value is not None}
    return found


def replied_at(reply: Reply) -> str:
    """When the service sent a reply, by its own clock: canonical UTC, empty where not said."""
    headers = reply.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        sent = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return ""
    return instant(sent.isoformat()) or ""


def check_success(reply: Reply) -> str:
    """The request id of a write that the service says it has carried out; else BrokenReply."""
    metadata = reply.get("ResponseMetadata", {})
    status, headers = metadata.get("HTTPStatusCode", 200), metadata.get("HTTPHeaders", {})
    if status != 200 or headers.get("x-amzn-errortype"):
        raise BrokenReply(f"the reply with the status {status} says of no success")
    return str(metadata.get("RequestId") or "")
