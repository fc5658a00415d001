"""A problem in something an author wrote, and the place that has to be edited to fix it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from reconciler.model.marks import FromOne

_SHOWN = 60


class Source(NamedTuple):
    """A place in a file of the repository; lines and columns count from one.

    A tuple, because a run makes one for every field of every case.
    """

    file: str
    line: FromOne = 1
    column: FromOne = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What was found, where, and what to do; `code` is stable so that scripts can match it."""

    at: Source
    code: str
    message: str
    hint: str = ""

    def __lt__(self, other: "Problem") -> bool:
        ours = (self.at, self.code, self.message, self.hint)
        return ours < (other.at, other.code, other.message, other.hint)

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.at}: {self.code}: {self.message}{hint}"

    def worded(self, words: Callable[[str], str]) -> "Problem":
        """The same in other words, where a message names an argument."""
        at = self.at._replace(file=words(self.at.file))
        return Problem(at, self.code, words(self.message), words(self.hint))

    def data(self) -> dict[str, object]:
        """The problem for programs."""
        return {
            "file": self.at.file,
            "line": self.at.line,
            "column": self.at.column,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class UnplacedProblem:
    """Why something an author wrote has no meaning here; a Problem once its source is known."""

    code: str
    message: str
    hint: str


def quoted(text: str) -> str:
    """Text from a file as a message may show it: in quotes, shortened, nothing invisible."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    if not short.isprintable():
        short = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in short)
    return f'"{short}"'


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that offers the most alike known names, or the few there are."""
    from difflib import get_close_matches  # costs more to import than most runs need

    names = sorted(set(known))
    by_fold = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), by_fold, n=3, cutoff=0.55)
    if close:
        return "did you mean " + " or ".join(f'"{by_fold[fold]}"' for fold in close) + "?"
    if names and len(names) <= 12:
        return "known: " + ", ".join(names)
    return ""
