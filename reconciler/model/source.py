"""One scalar exactly as it stands in a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """One scalar exactly as it stands in the file; only the field's type gives it a meaning.

    `plain` says that it was not quoted: null and true mean themselves only then.
    """

    text: str
    plain: bool
    line: int
    column: int

    @property
    def is_null(self) -> bool:
        """Whether the author asked for "empty" in one of YAML's own words."""
        return self.plain and self.text in ("null", "~", "")
