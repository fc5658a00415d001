"""How one value, or the change from one to another, reads in a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Self, TypeAlias

from reconciler.model.fieldtypes.table import TYPES, likely_type
from reconciler.model.plan import FieldChange, Sealed, Shown
from reconciler.model.value import FieldType
from reconciler.report.escaping import visible
from reconciler.report.lookalikes import told_apart

EMPTY = "(empty)"
LONG = 60  # characters; longer texts are shown by the words that differ
CONTEXT = 4  # words on either side of a difference
MOST_WORDS = 2_000  # beyond that the stretch between common ends is shown as a whole
Opcode: TypeAlias = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a word diff: `kept`, `removed` or `added`."""

    kind: str
    text: str


class Named(str):
    """A text that people know by another name; compared and saved, it is the text."""

    name: str

    def __new__(cls, value: str, name: str) -> Self:
        """The text with its name beside it."""
        made = super().__new__(cls, value)
        made.name = name
        return made


class OptionValue(Named):
    """An option's value that people know by another name."""


def name_of(text: str) -> str:
    """What people call it, as far as that is known."""
    return text.name if isinstance(text, Named) else text


def shown(value: Shown, field_type: FieldType) -> str:
    """One value, complete; texts in quotes so that their ends are seen, options by their names."""
    if value is None:
        return EMPTY
    if isinstance(value, OptionValue):
        value = value.name
    if isinstance(value, Sealed):
        return str(value)
    text = visible(TYPES[field_type].spell(value))
    return _in_quotes(text, field_type) if isinstance(value, str) else text


def _in_quotes(text: str, field_type: FieldType) -> str:
    """In quotes where else its ends could not be seen."""
    return f'"{text}"' if TYPES[field_type].in_quotes or not text.strip() or " " in text else text


def both(before: Shown, after: Shown, field_type: FieldType) -> tuple[str, str]:
    """Two values of one field; they never read the same where they differ."""
    texts = shown(before, field_type), shown(after, field_type)
    if not isinstance(before, str) or not isinstance(after, str) or before == after:
        return texts
    if isinstance(before, OptionValue) or isinstance(after, OptionValue):
        if texts[0] != texts[1]:
            return texts  # people know options by their names
        return f"{texts[0]} ({visible(before)})", f"{texts[1]} ({visible(after)})"
    old, new = told_apart(before, after)
    return _in_quotes(old, field_type), _in_quotes(new, field_type)


def bare(value: Shown) -> str:
    """One value of a field whose type is not known."""
    return shown(value, likely_type(value))


def is_long(change: FieldChange) -> bool:
    """Whether a change reads better as the words that differ."""
    values = (change.before, change.after)
    return all(isinstance(value, str) for value in values) and any(
        len(value) > LONG for value in values if isinstance(value, str)
    )


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """The words that differ, with a little context; what is the same and far away is `…`."""
    old, new = _words(before), _words(after)
    opcodes = _opcodes(old, new)
    pieces: list[Piece] = []
    for number, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            last = number == len(opcodes) - 1
            pieces.extend(_context(old[i1:i2], first=number == 0, last=last))
            continue
        removed, added = _pair("".join(old[i1:i2]), "".join(new[j1:j2]))
        if i2 > i1:
            pieces.append(Piece("removed", removed))
        if j2 > j1:
            pieces.append(Piece("added", added))
    return tuple(pieces)


def _pair(removed: str, added: str) -> tuple[str, str]:
    """Words in place of others; blanks are seen between the marks."""
    if removed.split() == added.split():
        return visible(removed), visible(added)
    return told_apart(removed, added)


def _words(text: str) -> list[str]:
    """Words and the white space between them, so that joining gives the text back."""
    words: list[str] = []
    word = ""
    for character in text:
        if word and character.isspace() != word[-1].isspace():
            words.append(word)
            word = ""
        word += character
    return [*words, word] if word else words


def _opcodes(old: list[str], new: list[str]) -> list[Opcode]:
    """What is the same and what differs; only the stretch between the common ends is searched."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    room = range(1, most - start + 1)
    end = next((at - 1 for at in room if old[-at] != new[-at]), most - start)
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if len(middle_old) + len(middle_new) > MOST_WORDS:
        found: Sequence[Opcode] = [("replace", 0, len(middle_old), 0, len(middle_new))]
    else:
        matched = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes()
        found = _joined(matched, middle_old, middle_new)
    return [
        *([("equal", 0, start, 0, start)] if start else []),
        *((tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in found),
        *([("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else []),
    ]


def _joined(found: Sequence[Opcode], old: list[str], new: list[str]) -> list[Opcode]:
    """Differences with less between them than each holds read better as one: texts that have
    little more than blanks and small words in common were not edited, but replaced.
    """

    def length(opcode: Opcode) -> int:
        _, i1, i2, j1, j2 = opcode
        return max(sum(map(len, old[i1:i2])), sum(map(len, new[j1:j2])))

    joined: list[Opcode] = []
    for opcode in found:
        joined.append(opcode)
        while len(joined) > 2 and opcode[0] != "equal":
            first, between, last = joined[-3:]
            if length(between) > min(length(first), length(last)):
                break
            joined[-3:] = [("replace", first[1], last[2], first[3], last[4])]
    return joined


def _context(words: list[str], *, first: bool, last: bool) -> Iterator[Piece]:
    keep = 2 * CONTEXT
    if (first and last) or len(words) <= 2 * keep:
        yield Piece("kept", visible("".join(words)))
    elif first:
        yield Piece("kept", "… " + visible("".join(words[-keep:])))
    elif last:
        yield Piece("kept", visible("".join(words[:keep])) + " …")
    else:
        yield Piece(
            "kept",
            visible("".join(words[:keep])) + " … " + visible("".join(words[-keep:])),
        )
