"""Text that strangers wrote, in Markdown: always as code, for GitHub links and notifies elsewhere.

GitHub looks for mentions, issue numbers, commits and addresses in what it has rendered, after
entities and backslashes are gone; only code is left alone. So everything that is not this
program's own wording stands in a code span or a fence.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from itertools import count
from urllib.parse import quote

from reconciler.model.plural import plural
from reconciler.report.escaping import cut, visible

_TICKS = re.compile("`+")
_MOST_TICKS = 9  # renderers give up on very long runs
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]{1,600}")
_WORD = r"(?:[A-Za-z]+(?:-[a-z]+)*|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9][0-9,]*(?:\.[0-9]+)?|%)"
_WORDS = re.compile(rf"{_WORD}(?:[,;:]? {_WORD})*")
_TIME = re.compile(r"([0-9-]{10})T([0-9]{2}:[0-9]{2})[0-9:.]*Z")
_LONGEST_MARKER = 200


def span(shown: str) -> str:
    """A code span of text that is visible already; in a table, `row` sees to the pipes."""
    runs = {len(run) for run in _TICKS.findall(shown)}
    length = next(number for number in count(1) if number not in runs)
    if length > _MOST_TICKS:
        shown, length = shown.replace("`", "\\u0060"), 1
    ticks = "`" * length
    # One space is taken off both ends where both have one.
    ends = shown[:1] + shown[-1:]
    pad = " " if shown.strip() and (" " in ends or "`" in ends) else ""
    return f"{ticks}{pad}{shown or ' '}{pad}{ticks}"


def code(text: str, most: int = 100_000) -> str:
    """A code span of any text, cut to so many characters."""
    return span(cut(visible(text), most))


def words(text: str, most: int = 300) -> str:
    """A sentence as it is where it holds nothing but plain words and numbers; else as code."""
    return text if len(text) <= most and _WORDS.fullmatch(text) else code(text, most)


def moment(text: str) -> str:
    """A UTC time to the minute; anything else as code."""
    found = _TIME.fullmatch(text)
    return f"{found[1]} {found[2]} UTC" if found else code(text, 40)


def link(label: str, url: str) -> str:
    """Markdown that leads to an address, or stays as it is where the address is not a plain one."""
    # An address comes from the environment of CI, and could hold anything.
    return f"[{label}]({url})" if _URL.fullmatch(url) else label


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; a heading that ends in a colon is that of a column of numbers."""
    marks = ["---:" if name.endswith(":") else "---" for name in head]
    return [_row([name.rstrip(":") for name in head]), _row(marks), *map(_row, rows)]


def rest(total: int, most: int, noun: str) -> list[str]:
    """The lines below a table that say how much of it is missing; none when nothing is."""
    return ["", f"and {plural(total - most, noun)} more."] if total > most else []


def _row(cells: Iterable[str]) -> str:
    # A pipe ends a cell even within code. Backslashes of values are doubled, so that this one
    # never pairs with one before it.
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def fence(lines: Sequence[str]) -> list[str]:
    """Visible lines as a diff; no line may begin with a backtick, and the fence is the longest."""
    longest = max((len(run) for line in lines for run in _TICKS.findall(line)), default=0)
    ticks = "`" * max(3, longest + 1)
    return [f"{ticks}diff", *lines, ticks]


def marker(names: Iterable[str]) -> str:
    """A comment by which a later run finds this report again: the same for the same names."""
    text = ",".join(quote(name, safe="", errors="backslashreplace") for name in sorted(names))
    # Two dashes would end the comment.
    text = text.replace("--", "%2D%2D")
    if len(text) > _LONGEST_MARKER:
        text = f"sha256-{hashlib.sha256(text.encode()).hexdigest()}"
    return f"<!-- reconcile:{text} -->"


def size(text: str) -> int:
    """UTF-16 code units, the largest number that anyone may mean by characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
