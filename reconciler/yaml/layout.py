"""Lay out a spec or config file in the one canonical way, its meaning and comments untouched.

* Indentation is two spaces, list items are indented below their key, lines are never folded.
* Known keys come in the order of KEY_ORDER, others behind them in the author's order; cases,
  fields, targets and list items are never reordered.
* Text is plain where YAML and our own reader both read the same characters, else in double
  quotes, or in single ones where it holds double ones; what is more than text when plain (a
  number, true, false, null) stays as the author wrote it. Text over several lines keeps its style.
* `{...}` and `[...]` stay on one line where they fit WIDTH and hold no comment, else they become
  blocks; a space behind the bracket is the author's. What Prettier writes is left so.
* Several blank lines become one; ends of lines stay as the file has them.
"""

import re
from collections.abc import Iterator, Sequence

from reconciler.model.diagnostic import Problem, Source
from reconciler.yaml.meaning import meaning
from reconciler.yaml.regular import regular_layout
from reconciler.yaml.tree import (
    Collection,
    Document,
    Entry,
    Scalar,
    UnknownLayoutError,
    comments,
    tree,
)
from reconciler.yaml.words import word

WIDTH = 100
_SPREAD_WIDTH = 80
# By the way from the document's root; `*` is any item of a list.
KEY_ORDER: dict[tuple[str, ...], tuple[str, ...]] = {
    (): (
        "apiVersion", "kind", "metadata", "specs", "target", "targets", "state", "default_target",
        "owners", "windows", "defaults", "select", "fields", "cases", "limits", "ignore",
    ),
    ("metadata",): ("name",),
    ("cases", "*"): ("id", "reference", "fields"),
    ("ignore", "*"): ("field", "case", "reference", "when", "reason", "until", "scope"),
}  # fmt: skip
_STEP = "  "


def laid_out(data: bytes, file: str) -> tuple[bytes, list[Problem]]:
    """The file in canonical layout; with problems, the file as it is."""
    made = _regular(data)
    return _read_and_laid_out(data, file) if made is None else (made, [])


def _regular(data: bytes) -> bytes | None:
    """What comes out for a long list of regular cases; None for every other file."""
    try:
        text, ending = _text(data)
    except UnicodeDecodeError:
        return None

    def slowly(head: str) -> str | None:
        made, problems = _read_and_laid_out(head.encode(), "")
        return None if problems else made.decode()

    made = regular_layout(text, slowly)
    if made is None:
        return None
    return data if made == text else made.replace("\n", ending).encode()


def _text(data: bytes) -> tuple[str, str]:
    """The text with line feeds at its ends of lines, and what it really has there."""
    text = data.decode("utf-8-sig")
    ending = "\r\n" if "\r\n" in text else "\n"
    return re.sub("\r\n?", "\n", text), ending


def _read_and_laid_out(data: bytes, file: str) -> tuple[bytes, list[Problem]]:
    before, problems = meaning(data, file)
    if problems:
        return data, problems
    text, ending = _text(data)
    try:
        documents = tree(text)
        if not documents:
            return data, []
        made = _printed(documents)
        if made == text:
            return data, []
        # Read again before anything is written: a layout must never change what a file says.
        after, problems = meaning(made.encode(), file)
        kept = not problems and comments(made) == comments(text)
    except UnknownLayoutError as error:
        at = Source(file, error.line, error.column)
        hint = "remove it; it means nothing here"
        return data, [Problem(at, "unknown-layout", f"found {error.what}, expected none", hint)]
    if not kept or after != before:
        return data, [
            Problem(
                Source(file),
                "unknown-layout",
                "found a layout that cannot be changed without changing what the file says",
                "write it more simply; a comment in an unusual place is the usual reason",
            )
        ]
    return made.replace("\n", ending).encode(), []


class _Kept(str):
    """The last line of a text that keeps the blank lines below it: none may be added there."""

    __slots__ = ()


def _printed(documents: Sequence[Document]) -> str:
    lines: list[str] = []
    for number, document in enumerate(documents):
        lines.extend(_trimmed(document.above))
        lines.extend(_document(document, number > 0 or document.marked))
    lines = [
        line
        for number, line in enumerate(lines)
        if line or number == 0 or type(lines[number - 1]) is not _Kept
    ]
    return "\n".join(lines) + "\n" if lines else ""


def _document(document: Document, marked: bool) -> Iterator[str]:
    root = document.root
    node, head = root.node, root.before
    one_line = _one_line(root, "")
    if isinstance(node, Collection) and one_line is None:
        # What stands above the first key is about the file, and stays however keys are ordered.
        head, node.entries[0].before = [*head, *node.entries[0].before], []
        body = list(_block(node, "", ()))
        mark = "---" + root.beside
        head = head if marked or not root.beside else [root.beside.lstrip(), *head]
    else:
        body = _value(root, "", ())
        body[0] = body[0].removeprefix(" ")
        body = body if body != [""] else []
        mark = "---"
    if marked:
        yield mark
    yield from _trimmed(head, end=not body)
    yield from body
    yield from _trimmed(document.after, start=not (head or body))


def _block(node: Collection, indent: str, way: tuple[str, ...]) -> Iterator[str]:
    """The lines of a mapping or list, one entry below the other."""
    for number, entry in enumerate(_ordered(node, way)):
        before = _trimmed(_hoisted(entry, indent, way), start=number == 0, end=False)
        yield from (indent + line if line else "" for line in before)
        name = "*" if entry.key is None else entry.key.text
        start = "-" if entry.key is None else word(entry.key, flow=False, key=True) + ":"
        first, *rest = _value(entry, indent, (*way, name))
        yield f"{indent}{start}{first}"
        yield from rest
    yield from (indent + line if line else "" for line in _trimmed(node.after, start=False))


def _ordered(node: Collection, way: tuple[str, ...]) -> list[Entry]:
    order = KEY_ORDER.get(way, ()) if node.keyed else ()
    known = {name: number for number, name in enumerate(order)}
    return sorted(
        node.entries, key=lambda one: known.get(one.key.text if one.key else "", len(known))
    )


def _hoisted(entry: Entry, indent: str, way: tuple[str, ...]) -> list[str]:
    """All comments that belong above an entry, those included that have no place inside it."""
    node, before = entry.node, entry.before
    if not isinstance(node, Collection):
        return before
    if not node.entries:
        before, node.after = [*before, *node.after], []
    if entry.key is None and _one_line(entry, indent) is None:
        if entry.beside:
            before, entry.beside = [*before, entry.beside.lstrip()], ""
        way = (*way, "*")
        first = _ordered(node, way)[0]
        before, first.before = [*before, *_hoisted(first, indent + _STEP, way)], []
    return before


def _value(entry: Entry, indent: str, way: tuple[str, ...]) -> list[str]:
    """What follows `key:` or `-` on its line, and the lines below."""
    node = entry.node
    if isinstance(node, Scalar):
        return _scalar(node, indent, entry.beside)
    below = _below(entry, indent)
    if below is not None:
        return ["", below]
    one_line = _one_line(entry, indent)
    if one_line is not None:
        return [f" {one_line}{entry.beside}"]
    assert node is not None
    lines = list(_block(node, indent + _STEP, way))
    if entry.key is None:  # the first line goes beside the `-`
        return [" " + lines[0].lstrip(), *lines[1:]]
    return [entry.beside, *lines]


def _below(entry: Entry, indent: str) -> str | None:
    """The line of a collection in brackets below its key, where Prettier would put it too."""
    node, key = entry.node, entry.key
    if key is None or entry.beside or not isinstance(node, Collection) or not node.below:
        return None
    line = _inline(node)
    if line is None or len(indent) + len(key.text) + 2 + len(line) <= _SPREAD_WIDTH:
        return None
    made = indent + _STEP + line
    return made if len(made) <= _SPREAD_WIDTH else None


def _one_line(entry: Entry, indent: str) -> str | None:
    """The entry's collection in brackets, where it is written so and fits."""
    node = entry.node
    line = _inline(node) if isinstance(node, Collection) else None
    before = len(indent) + (len(entry.key.text) + 2 if entry.key else 2)
    # Prettier spreads what does not fit 80 columns: joining it again would never end.
    width = _SPREAD_WIDTH if isinstance(node, Collection) and node.spread else WIDTH
    return line if line is None or len(line) <= max(width - before, 2) else None


def _inline(node: Collection) -> str | None:
    """A flow collection on one line; None where it needs several."""
    parts: list[str] = []
    for entry in node.entries:
        part = _part(entry)
        if part is None or any(entry.before) or entry.beside:
            return None
        key = f"{word(entry.key, flow=True, key=True)}: " if entry.key else ""
        parts.append(key + part)
    if any(node.after) or not node.flow:
        return None
    opening, closing = "{}" if node.keyed else "[]"
    space = " " if node.spaced and parts else ""
    return f"{opening}{space}{', '.join(parts)}{space}{closing}"


def _part(entry: Entry) -> str | None:
    node = entry.node
    if isinstance(node, Collection):
        return _inline(node)
    if node is None or _is_long(node):
        return None
    return word(node, flow=True)


def _is_long(scalar: Scalar) -> bool:
    return "\n" in scalar.raw


def _scalar(scalar: Scalar, indent: str, beside: str) -> list[str]:
    if scalar.style and scalar.style in "|>":
        return _block_scalar(scalar, indent, beside)
    if not _is_long(scalar):
        line = word(scalar, flow=False)
        return [(" " + line if line else "") + beside]
    first, *rest = scalar.raw.split("\n")
    rest = [line.lstrip(" \t") for line in rest]
    if scalar.style != '"':
        first, rest = first.rstrip(), [line.rstrip() for line in rest]
    lines = [f" {first}", *(indent + _STEP + line if line else "" for line in rest)]
    lines[-1] += beside
    return lines


def _block_scalar(scalar: Scalar, indent: str, beside: str) -> list[str]:
    """A `|` or `>` text, its lines moved to where they belong."""
    header, *body = scalar.raw.removesuffix("\n").split("\n")
    head = re.sub("[1-9]", "", header.split(" ")[0])
    if "-" not in head and not scalar.text.endswith("\n"):
        head = head.replace("+", "") + "-"  # the file ended without an end of line
    comment = header[len(header.split(" ")[0]) :].rstrip()
    inside = next((line for line in body if line.strip(" ")), "")
    lead = len(scalar.text.lstrip("\n")) - len(scalar.text.lstrip("\n").lstrip(" "))
    depth = len(inside) - len(inside.lstrip(" ")) - lead
    # Without the number YAML would take the lead of the first line for indentation.
    if lead:
        head = f"{head[0]}{len(_STEP)}{head[1:]}"
    lines = [line[depth:] for line in body]
    moved = [indent + _STEP + line if line else "" for line in lines]
    if "+" in head and moved:
        moved[-1] = _Kept(moved[-1])
    return [f" {head}{comment or beside}", *moved]


def _trimmed(lines: Sequence[str], *, start: bool = True, end: bool = True) -> list[str]:
    """Without two blank lines in a row, and without one at its start and its end."""
    found = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    if lines and not lines[0] and not start:
        found.insert(0, "")
    if end and found and not found[-1]:
        found.pop()
    return found
