"""Tell whether a file that no run reads looks like a spec all the same."""

import re
from pathlib import Path

from reconciler.model.diagnostic import Problem, Source

_HEAD = 4_096  # bytes; a spec says what it is at its beginning
_NOTE = re.compile(r"\s*(#.*|//.*|---.*|\{)?\s*")
_KEY = re.compile(r"""\s*[{]?\s*["']?(apiVersion|kind|metadata|target)["']?\s*:""")
_OURS = re.compile(r"""(?m)^[\s{]*["']?apiVersion["']?\s*:\s*["']?reconcile/""")
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def lookalike(path: Path, name: str) -> Problem | None:
    """What to say of a file that is passed over; None where nobody would take it for a spec.

    A text that only quotes one, such as a README, does not begin like one.
    """
    if not _begins_as_a_spec(path):
        return None
    return Problem(
        Source(name),
        "not-read",
        "found a file that looks like a spec and is not read, because of its name",
        "to have it read, give it a name without a dot in front that ends in .yaml, .yml or .json; "
        "else move it out of this folder",
    )


def nothing_in(name: str) -> Problem:
    """What to say of a file of specs that holds none."""
    return Problem(
        Source(name),
        "empty-file",
        "found no spec in this file, only blank lines or comments",
        "if one is missing here, bring it back; else remove the file",
    )


def _begins_as_a_spec(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    text = head.decode(_UTF_16.get(head[:2], "utf-8"), "replace").removeprefix("\ufeff")
    lines = (line for line in text.splitlines() if not _NOTE.fullmatch(line))
    return _KEY.match(next(lines, "")) is not None and _OURS.search(text) is not None
