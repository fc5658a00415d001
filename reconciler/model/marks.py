"""What a type says about how its fields are written down, where Python's own hints do not.

Reading, writing, strict checks and the published schema of a file are all derived from the types
and these marks: see `files.derived`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One field's share in a file, as metadata of `Annotated`; several marks add up.

    `says` describes it in the schema, `key` is its name there where that is another one.
    `expected` is what a message calls a right value: a text that matches `pattern` wholly, has 1
    to `longest` characters and `fits`, or a number from `least`. `left_out`: not written while
    empty. `beside`: the digest of a sealed value stands beside its tag, under a key of its own.
    `unwritten`: known to this run alone.
    """

    says: str = ""
    key: str = ""
    expected: str = ""
    pattern: str = ""
    longest: int | None = None
    fits: Callable[[str], bool] | None = None
    least: int = 0
    left_out: bool = False
    beside: bool = False
    unwritten: bool = False

    def and_also(self, other: "Mark") -> "Mark":
        """Both marks; the other one, which stands nearer to the field, wins."""
        more: dict[str, Any] = {
            name: value
            for name in self.__slots__
            if (value := getattr(other, name)) != getattr(_NOTHING, name)
        }
        return replace(self, **more)


_NOTHING = Mark()


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return text == ""
    return True


_DIGEST = "[0-9a-f]{64}"
_CLOCK = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"

DIGEST = Mark(pattern=_DIGEST, expected="64 hex digits")
Digest: TypeAlias = Annotated[str, DIGEST]
DigestOrNone: TypeAlias = Annotated[
    str, Mark(pattern=f"({_DIGEST})?", expected="64 hex digits, or an empty text")
]
Moment: TypeAlias = Annotated[str, Mark(pattern=_CLOCK, fits=_is_moment, expected="a time in UTC")]
MomentOrNone: TypeAlias = Annotated[
    str, Mark(pattern=f"({_CLOCK})?", fits=_is_moment, expected="a time in UTC")
]
Commit: TypeAlias = Annotated[str, Mark(pattern="[0-9a-f]{0,64}", expected="a commit")]
FromOne: TypeAlias = Annotated[int, Mark(least=1)]
