"""See a YAML text as a writer must: what stands where, and which words are safe without quotes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, partial
from typing import Any

import yaml
from yaml.emitter import Emitter
from yaml.events import CollectionStartEvent
from yaml.scanner import ScannerError

from reconciler.yaml.pieces import Pieces

# Numbers to YAML 1.2, which most editors and `yq` read, beside those of YAML 1.1.
_CORE_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
)


class Kind(Enum):
    """What begins or ends at a place."""

    DOCUMENT = auto()
    DOCUMENT_END = auto()
    MAP = auto()
    LIST = auto()
    END = auto()
    SCALAR = auto()


_KINDS = {
    yaml.DocumentStartEvent: Kind.DOCUMENT,
    yaml.DocumentEndEvent: Kind.DOCUMENT_END,
    yaml.MappingStartEvent: Kind.MAP,
    yaml.SequenceStartEvent: Kind.LIST,
    yaml.MappingEndEvent: Kind.END,
    yaml.SequenceEndEvent: Kind.END,
    yaml.ScalarEvent: Kind.SCALAR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event; `start` and `end` count characters of the text, `line` and `column` from one.

    `text` and `style` are a scalar's: its value, and the first character of its quoting, empty
    for a plain one. `flow` is a collection's in brackets.
    """

    kind: Kind
    start: int
    end: int
    line: int
    column: int
    text: str = ""
    style: str = ""
    flow: bool = False


def events(text: str) -> Iterator[Event]:
    """Every event of a text that the reader has taken; a byte order mark is not part of it."""
    # PyYAML may be installed without libyaml; the slow loader gives the same events.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    while (event := loader.get_event()) is not None:
        kind = _KINDS.get(type(event))
        if kind is not None:
            start, end = event.start_mark, event.end_mark
            yield Event(
                kind=kind,
                start=start.index,
                end=end.index,
                line=start.line + 1,
                column=start.column + 1,
                text=getattr(event, "value", ""),
                style=getattr(event, "style", "") or "",
                flow=isinstance(event, CollectionStartEvent) and bool(event.flow_style),
            )


def events_of(pieces: Pieces) -> Callable[[], Any]:
    """The next event of a file, None after the last; by libyaml wherever PyYAML has it."""
    fast = getattr(yaml, "CSafeLoader", None)
    if fast is None:
        return partial(next, _careful_events(pieces), None)
    next_event: Callable[[], Any] = fast(pieces).get_event
    return next_event


def _careful_events(pieces: Pieces) -> Iterator[Any]:
    """Refuse what PyYAML's own scanner lets through: escapes that stand for no character."""
    loader: Any = yaml.SafeLoader(pieces)
    try:
        while (event := loader.get_event()) is not None:
            getattr(event, "value", "").encode()
            yield event
    except (ValueError, OverflowError) as error:
        mark = loader.get_mark()
        raise ScannerError(None, None, "Unicode character escape code", mark) from error


def is_text(text: str) -> bool:
    """Whether YAML itself, 1.1 and 1.2, reads these characters without quotes as just that."""
    known = yaml.SafeLoader.yaml_implicit_resolvers
    # PyYAML keeps what it guesses by first character, and what fits any under None.
    guesses = (*known.get(text[:1], ()), *known.get(None, ()))
    return (
        text != ""
        and not any(pattern.match(text) for _, pattern in guesses)
        and not _CORE_NUMBER.fullmatch(text)
    )


def may_be_plain(text: str, *, flow: bool) -> bool:
    """Whether these characters survive without quotes, in brackets (`flow`) or outside."""
    if not text.isprintable():
        return False
    found = _analyser().analyze_scalar(text)
    return bool(found.allow_flow_plain if flow else found.allow_block_plain)


@cache
def _analyser() -> Any:
    return Emitter(None, allow_unicode=True)  # type: ignore[arg-type]  # it writes nothing
