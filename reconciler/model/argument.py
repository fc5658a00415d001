"""Name an argument in a message: callers of the library read its name, users the flag for it."""

import re

from reconciler.model.guards import Limit

_MARK = "\x1f"  # no message of ours or of an author has one: it is no text
_MARKED = re.compile(f"{_MARK}([a-z_]+){_MARK}")


def argument(name: str) -> str:
    """The argument of that name, for a message of an error."""
    return f"{_MARK}{name}{_MARK}"


def as_names(text: str) -> str:
    """The message for whoever called the library."""
    return _MARKED.sub(r"\1", text)


def as_flags(text: str) -> str:
    """The message for whoever typed a command."""
    return _MARKED.sub(lambda found: _FLAGS[found[1]], text)


_FLAGS = {
    "cases": "--case",
    "changed_since": "--changed-since",
    "config": "--config",
    "expect": "--expect",
    "field": "--field",
    "fields": "--field",
    "force": "--force",
    "format": "--format",
    "limit": "--limit",
    "null": "--null",
    "out": "--out",
    "owners": Limit.OWNERS.facts.flag,
    "policies": "--policy",
    "skip_after": "--skip-after",
    "specs": "--spec",
    "stages": "--stages",
    "tags": "--tag",
    "targets": "--target",
    "template": "--template",
    "until": "--until",
    "where": "--where",
    "windows": "--override-window",
}
