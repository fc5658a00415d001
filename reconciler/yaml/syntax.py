"""Say in an author's words why YAML could not go on reading."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What was found and what to do; `at_start` when the place to edit is where it began."""

    message: str
    hint: str
    code: str = "yaml-syntax"
    at_start: bool = False


def in_our_words(reason: str) -> Words:
    """What libyaml, or PyYAML's own parser, means by its reason."""
    for fragments, words in _MEANINGS:
        if any(fragment in reason for fragment in fragments):
            return words
    return Words(
        f"found something that YAML does not allow here: {reason}",
        "look at the quotes, brackets and indentation around this place",
    )


def conflict_line(text: str) -> int:
    """The line of the first mark that git leaves in a conflict; 0 where there is none."""
    found = _CONFLICT.search(text)
    return 0 if found is None else text.count("\n", 0, found.start()) + 1


def is_conflict(line: str) -> bool:
    """Whether a line is such a mark."""
    return _CONFLICT.fullmatch(line) is not None


def with_unseen(hint: str, text: str, line: int) -> str:
    """The hint, and which character of this line cannot be seen, which is often what is wrong."""
    lines = text.split("\n", line)[:line]
    for number in range(len(lines), max(0, len(lines) - _LINES_BACK), -1):
        if found := _TYPESET.match(lines[number - 1]):
            kind = found.lastgroup or ""
            mark = found[kind]
            name, instead = _MARKS.get(mark, ("a typographic quote", '`"`'))
            if kind == "blank":
                name, instead, mark = "a blank that is no space", "spaces", f"U+{ord(mark):04X}"
            position = f"line {number}, column {found.start(kind) + 1}"
            return (
                f"{position} holds {name} ({mark}), as text editors make it: write {instead} there"
            )
    shown = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    for column, character in enumerate(shown, 1):
        if not character.isprintable():
            name = "a tab" if character == "\t" else f"U+{ord(character):04X}"
            return f"{hint}; column {column} holds {name}, which cannot be seen"
    return hint


_LINES_BACK = 5  # what is wrong may only be met in a later line
_MARKS = {
    "\u2010": ("a hyphen", "`- `"),
    "\u2011": ("a hyphen that does not break", "`- `"),
    "\u2012": ("a figure dash", "`- `"),
    "\u2013": ("an en dash", "`- `"),
    "\u2014": ("an em dash", "`- `"),
    "\u2212": ("a minus sign", "`- `"),
    "\u2022": ("a bullet", "`- `"),
}
# A dash that begins an item, or a quote that begins a key or a value, where YAML reads mere text.
_TYPESET = re.compile(
    rf"[\s\u00a0]*(?P<mark>[{''.join(_MARKS)}])[\s\u00a0]"
    r"|[ ]*-?(?P<blank>[\u00a0\u2007\u202f\u3000])"
    r"|[ ]*(?:- )?(?:[^\s\"'#]+: +)?(?P<quote>[\u201c-\u201f\u2018-\u201b\u00ab\u00bb])"
)
_CONFLICT = re.compile(r"^(<{7}|>{7}|\|{7})( .*)?\r?$", re.MULTILINE)
_LINE_UP = "begin the keys of one mapping in the same column, and quote text that spans lines"

# The first row that has a fragment of the reason wins.
_MEANINGS = (
    (
        ("alphabetic or numeric", "alphanumeric"),
        Words(
            "found text that begins with `*` or `&`, which YAML takes for an alias or an anchor",
            "put quotes around the text",
            at_start=True,
        ),
    ),
    (
        ("mapping values are not allowed",),
        Words(
            "found a second `: ` where one value was expected",
            "put quotes around text that contains `: `, or correct the indentation",
        ),
    ),
    (
        ("tab character",),
        Words("found a tab where spaces were expected", "indent with spaces"),
    ),
    (
        ("cannot start any token",),
        Words(
            "found a character that cannot begin a value: a tab, `@`, `%` or a backtick",
            "indent with spaces, and put quotes around text that begins like this",
        ),
    ),
    (
        ("found unexpected end of stream", "found unexpected document"),
        Words(
            "found a quote that is never closed, expected the same quote again",
            "close it; inside single quotes write '' for one quote",
            at_start=True,
        ),
    ),
    (
        ("',' or ']'",),
        Words(
            "found a `[` list that is not closed, expected `,` or `]` after each item",
            "close the list, and put quotes around items that contain `: `, `,` or brackets",
            at_start=True,
        ),
    ),
    (
        ("',' or '}'",),
        Words(
            "found a `{` mapping that is not closed, expected `,` or `}` after each value",
            "close the mapping, and write each entry as `key: value` with a space",
            at_start=True,
        ),
    ),
    (
        ("expected '-' indicator", "found '-'"),
        Words(
            "found something between the items of a list, expected the next `- `",
            "begin the items of one list in the same column",
        ),
    ),
    (
        ("did not find expected key", "expected <block end>"),
        Words("found text where the next key or item of this block was expected", _LINE_UP),
    ),
    (
        ("could not find expected ':'",),
        Words("found a line without `:`, expected `key: value`", _LINE_UP, at_start=True),
    ),
    (
        ("sequence entries are not allowed",),
        Words("found `- ` inside a line, expected one value", "begin the list on its own line"),
    ),
    (
        ("mapping keys are not allowed",),
        Words("found `? ` inside a line, expected one value", "put quotes around the text"),
    ),
    (
        ("hexdecimal", "hexadecimal", "Unicode character escape", "escape character"),
        Words(
            "found a backslash that begins no escape of a character",
            "use single quotes, or write two backslashes for one",
        ),
    ),
    (
        ("node content",),
        Words(
            "found `]`, `}` or `,` where a value was expected",
            "remove it, or put quotes around the text",
        ),
    ),
    (
        ("<document start>",),
        Words(
            "found something after the end of the document",
            "remove the extra bracket or indentation, or begin a new document with `---`",
        ),
    ),
    (
        ("incompatible YAML document",),
        Words("found a %YAML version other than 1, expected 1.1 or 1.2", "remove the %YAML line"),
    ),
    (
        ("tag handle",),
        Words(
            "found a tag, expected a value without one",
            "remove the tag; the field's own type says how its value is read",
            code="tag",
        ),
    ),
    (
        ("indentation indicator", "comment or line break", "comment or a line break"),
        Words(
            "found text on the line of `|` or `>`, expected the block to begin on the next line",
            "move the text to the next line, or put quotes around it",
        ),
    ),
)
