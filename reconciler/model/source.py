"""One scalar exactly as it stands in a file."""

from typing import NamedTuple


class Written(NamedTuple):
    """One scalar exactly as it stands in the file; only the field's type gives it a meaning.

    A tuple, because reading makes one for every value. `plain` says that it was not quoted: null
    and true mean themselves only then.
    """

    text: str
    plain: bool
    line: int
    column: int

    @property
    def is_null(self) -> bool:
        """Whether the author asked for "empty" in one of YAML's own words."""
        return self.plain and self.text in ("null", "~", "")
