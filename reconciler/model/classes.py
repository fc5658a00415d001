"""The table of classes: why a value differs from its spec, and what that means to every reader."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFacts:
    """What is said of a class and follows from it.

    `meaning` says it in a sentence; `counted` stands after a number of values, `title` above one.
    `touched`: somebody changed the live value. `written`: apply writes it without being told more.
    `drifts`: `drift` reports it. `known`: the history told. `tone` is how much it should worry, in
    the words of the HTML report, and `advice` says what to do about one.
    """

    meaning: str
    counted: str
    title: str
    tone: str
    touched: bool = False
    written: bool = True
    drifts: bool = True
    known: bool = True
    sign: str = ""
    advice: str = ""

    @property
    def notable(self) -> bool:
        """Whether reports count it by itself: somebody has to look at such a value."""
        return self.touched or not self.known


class ChangeClass(StrEnum):
    """What a difference is, told by what was last applied (A), what is live (L), what is desired.

    The most urgent first, as every report shows them; a class without its facts cannot be made.
    """

    CONFLICT = (
        "conflict",
        ClassFacts(
            meaning="The spec and somebody else both changed a value since they last agreed.",
            counted="in conflict",
            title="conflicts",
            tone="bad",
            touched=True,
            written=False,
            sign="!",
        ),
    )
    DRIFT = (
        "drift",
        ClassFacts(
            meaning="Somebody changed a value since it was applied; the spec did not.",
            counted="drifted",
            title="drift",
            tone="warn",
            touched=True,
            advice="Apply restores the spec's value; to keep the live one, accept it.",
        ),
    )
    PENDING = (
        "pending",
        ClassFacts(
            meaning="The spec changed; the live value is still what was last applied.",
            counted="pending",
            title="pending",
            tone="info",
            drifts=False,
        ),
    )
    NEW = (
        "new",
        ClassFacts(meaning="The value was never applied.", counted="new", title="new", tone="good"),
    )
    UNCLASSIFIED = (
        "unclassified",
        ClassFacts(
            meaning="No history was read, or it does not tell who changed the value.",
            counted="unclassified",
            title="unclassified",
            tone="plain",
            known=False,
        ),
    )

    facts: ClassFacts

    def __new__(cls, word: str, facts: ClassFacts) -> "ChangeClass":
        """A class by its word."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.facts = facts
        return member

    @property
    def marked(self) -> str:
        """`! conflict`: the word, behind its sign where it has one."""
        return f"{self.facts.sign} {self}".strip()


URGENCY = {kind: rank for rank, kind in enumerate(ChangeClass)}
# Of values that somebody changed since they were applied; the gravest first.
TOUCHED = tuple(kind for kind in ChangeClass if kind.facts.touched)
