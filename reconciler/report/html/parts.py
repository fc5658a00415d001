"""The small things that the HTML report is put together from, as text that is safe to see."""

from dataclasses import dataclass

from reconciler.model.diagnostic import Source
from reconciler.model.outcomes import OutcomeKind, Severity
from reconciler.report.escaping import visible
from reconciler.report.subject import Links

TONES = {
    Severity.GOOD: "good",
    Severity.WAITING: "warn",
    Severity.TO_DECIDE: "bad",
    Severity.WRONG: "bad",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A word, and how much it should worry."""

    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class Place:
    """Some words, and where they lead; without an address they are only words."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A row about something that is not changed, or about a problem."""

    what: tuple[str, ...]
    place: Place
    code: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """One big number; `tone` is how much it should worry: quiet, plain, good, warn or bad."""

    text: str
    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to filter; entries refer to an option by its position."""

    key: str
    label: str
    options: tuple[str, ...]

    def position(self, option: str) -> str:
        """How entries spell the option; it must be one."""
        return str(self.options.index(option))


def badge(kind: OutcomeKind) -> Badge:
    """The badge of a kind of outcome."""
    return Badge(kind.word, TONES[kind.severity])


def link(text: str, url: str) -> Place:
    """Words that lead somewhere; any address but a web address is dropped."""
    return Place(visible(text), url if url.startswith(("https://", "http://")) else "")


def place(at: Source, links: Links) -> Place:
    """A line of a spec."""
    return link(f"{at.file}:{at.line}", links.at(at))


def number(count: int, label: str, tone: str) -> Number:
    """A count; nothing to count is nothing to worry about."""
    return Number(f"{count:,}", label, tone if count else "quiet")
