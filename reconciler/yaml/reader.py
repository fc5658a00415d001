"""Read YAML and JSON into nodes that know their place; what writers need is in yaml_events."""

import sys
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias

from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.reader import ReaderError

from reconciler.model.diagnostic import Problem, Source, quoted
from reconciler.model.source import Written
from reconciler.yaml.events import events_of
from reconciler.yaml.marks import (
    MERGE_CONFLICT,
    MERGE_KEY,
    NO_KEY,
    alias_flaw,
    anchor_flaw,
    cut_flaw,
    flaw_of,
    key_flaw,
)
from reconciler.yaml.pieces import Pieces

# Deeper than any spec means anything; hostile nesting must not cost time or exhaust the stack.
DEEPEST = 40

_KEY_STYLES = frozenset({"", None, "'", '"'})
_STARTS = (MappingStartEvent, SequenceStartEvent)
_ENDS = (MappingEndEvent, SequenceEndEvent)


class MapNode(NamedTuple):
    """A mapping without repeated keys: each key's line, its column, and its value."""

    line: int
    column: int
    entries: dict[str, "Entry"]


class ListNode(NamedTuple):
    """A list."""

    line: int
    column: int
    items: tuple["Node", ...]


# None stands where something was refused: its problem is reported already.
Node: TypeAlias = Written | MapNode | ListNode | None
Entry: TypeAlias = tuple[int, int, Node]


@contextmanager
def reading(pieces: Pieces, file: str, problems: list[Problem]) -> Iterator["YamlReader"]:
    """Read one file; where its text breaks off, one problem says so and the rest is not read."""
    try:
        yield YamlReader(events_of(pieces), file, problems, pieces.cuts)
    except (ReaderError, UnicodeError):
        line, column, message, hint = pieces.fault()
        problems.append(Problem(Source(file, line, column), "encoding", message, hint))
    except _TooDeepError as error:
        problems.append(error.problem)
    except MarkedYAMLError as error:
        problems.append(_syntax_problem(error, file, pieces.text()))


class _TooDeepError(Exception):
    """Ends the reading of a file: libyaml takes ever longer the deeper it goes."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class YamlReader:
    """Walks one file once, from its first document to its last, and refuses what hides meaning."""

    def __init__(
        self,
        next_event: Callable[[], Any],
        file: str,
        problems: list[Problem],
        cuts: Set[tuple[int, int]],
    ) -> None:
        self._next = next_event
        self._cuts = cuts
        self._file = file
        self._problems = problems
        self._first: Any = None

    def next_document(self) -> bool:
        """Go to the next document that holds anything; False when there is none."""
        while (event := self._next()) is not None:
            if type(event) is DocumentStartEvent:
                self._first = event = self._next()
                if type(event) is not ScalarEvent or event.value or event.style or event.tag:
                    return True
        return False

    def at_mapping(self) -> bool:
        """Whether what comes next is a mapping."""
        return type(self._peek()) is MappingStartEvent

    def at_list(self) -> bool:
        """Whether what comes next is a list."""
        return type(self._peek()) is SequenceStartEvent

    def position(self) -> tuple[int, int]:
        """The line and column of what comes next."""
        mark = self._peek().start_mark
        return mark.line + 1, mark.column + 1

    def entries(self) -> Iterator[tuple[str, int, int]]:
        """The keys of the mapping that comes next; read each one's value before the next key."""
        self._refuse_marks(self._take())
        seen: dict[str, Entry] = {}
        while type(event := self._take()) is not MappingEndEvent:
            mark = event.start_mark
            name = self._key(event, seen)
            if name is not None:
                seen[name] = (mark.line + 1, mark.column + 1, None)
                yield name, mark.line + 1, mark.column + 1

    def items(self) -> Iterator[Node]:
        """The items of the list that comes next, one by one, so that few are held at once."""
        self._refuse_marks(self._take())
        while type(event := self._take()) is not SequenceEndEvent:
            yield self._node(event, 0)

    def node(self) -> Node:
        """All of what comes next."""
        return self._node(self._take(), 0)

    def _peek(self) -> Any:
        if self._first is None:
            self._first = self._next()
        return self._first

    def _take(self) -> Any:
        event, self._first = self._first, None
        return self._next() if event is None else event

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event)
        if kind is ScalarEvent:
            mark = event.start_mark
            line = mark.line
            # Most are without anything that `flaw_of` looks for, and are told so without asking.
            if (
                event.tag is event.anchor is None
                and event.end_mark.line == line
                and (event.style or not self._cuts)
            ) or self._is_good(event):
                return Written(event.value, not event.style, line + 1, mark.column + 1)
            return None
        if kind is AliasEvent:
            self._refuse(event, *alias_flaw(event.anchor))
            return None
        self._check_depth(event, depth)
        if event.tag is not None or event.anchor is not None:
            self._refuse_marks(event)
        return self._map(event, depth) if kind is MappingStartEvent else self._list(event, depth)

    def _is_good(self, event: Any) -> bool:
        """Whether a scalar is what its author wrote; what is wrong with it is told."""
        if event.tag is not None:
            self._refuse_tag(event)
        elif (wrong := flaw_of(event, self._cuts)) is not None:
            self._refuse(event, *wrong)
        else:
            return True
        return False

    def _map(self, start: Any, depth: int) -> MapNode:
        event: Any
        following, cuts, entries = self._next, self._cuts, dict[str, Entry]()
        while type(event := following()) is not MappingEndEvent:
            mark = event.start_mark
            line = mark.line
            # Most keys are a plain word, and are told to be good without a call for each.
            if (
                event.end_mark.line == line
                and type(event) is ScalarEvent
                and event.style == ""
                and event.tag is event.anchor is None
                and (word := event.value) not in entries
                and word != "<<"
            ):
                name: str | None = sys.intern(word)
            else:
                name = self._key(event, entries)
            if name is not None:
                node = self._node(following(), depth + 1)
                if cuts and type(node) is Written and node.plain:
                    self._check_behind_key(event, node)
                entries[name] = (line + 1, mark.column + 1, node)
        begin = start.start_mark
        return MapNode(begin.line + 1, begin.column + 1, entries)

    def _list(self, start: Any, depth: int) -> ListNode:
        items: list[Node] = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        mark = start.start_mark
        return ListNode(mark.line + 1, mark.column + 1, tuple(items))

    def _key(self, event: Any, seen: dict[str, Entry]) -> str | None:
        """The text of a good key; a refused one is None, and its value has been passed over."""
        if type(event) is not ScalarEvent or event.style not in _KEY_STYLES:
            self._refuse(event, *NO_KEY)
            self._skip(event)
        elif event.value == "<<" and not event.style:
            self._refuse(event, *MERGE_KEY)
        elif event.value in seen:
            self._refuse(
                event,
                "repeated-key",
                f"found this key again, first on line {seen[event.value][0]} of the same mapping",
                "keep one of the two",
            )
        else:
            if event.tag is not None:
                self._refuse_tag(event)
            elif (wrong := key_flaw(event)) is not None:
                self._refuse(event, *wrong)
            return sys.intern(event.value)
        self._skip(self._next())
        return None

    def _skip(self, event: Any) -> None:
        """Pass over what begins with this event, however deep it is."""
        depth = 0
        while True:
            kind = type(event)
            depth += (kind in _STARTS) - (kind in _ENDS)
            if depth == 0:
                return
            self._check_depth(event, depth - 1)
            event = self._next()

    def _check_depth(self, event: Any, depth: int) -> None:
        if depth >= DEEPEST:
            message = f"found more than {DEEPEST} lists and mappings inside each other"
            raise _TooDeepError(Problem(self._at(event), "too-deep", message, "nest less deeply"))

    def _check_behind_key(self, key: Any, value: Written) -> None:
        """Refuse `key: #12` with the value on a line below, where #12 may have been meant too."""
        mark = key.end_mark
        if value.line > mark.line + 1 and (mark.line, mark.column + 1) in self._cuts:
            self._refuse(key, *cut_flaw(""))

    def _refuse_marks(self, event: Any) -> None:
        """Refuse the tag and the anchor of a list or a mapping."""
        self._refuse_tag(event)
        if event.anchor is not None:
            self._refuse(event, *anchor_flaw(event.anchor))

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None:
            self._refuse(
                event,
                "tag",
                f"found the tag {quoted(event.tag)}, expected a value without one",
                "remove the tag; the field's own type says how its value is read",
            )

    def _refuse(self, event: Any, code: str, message: str, hint: str) -> None:
        self._problems.append(Problem(self._at(event), code, message, hint))

    def _at(self, event: Any) -> Source:
        mark = event.start_mark
        return Source(self._file, mark.line + 1, mark.column + 1)


def _syntax_problem(error: MarkedYAMLError, file: str, text: str) -> Problem:
    # Most files need no such words.
    from reconciler.yaml.syntax import conflict_line, in_our_words, with_unseen

    conflict = conflict_line(text)
    if conflict:
        return Problem(Source(file, conflict), *MERGE_CONFLICT)
    words = in_our_words(error.problem or "")
    mark = error.problem_mark
    if mark is None or (words.at_start and error.context_mark is not None):
        mark = error.context_mark
    at = Source(file) if mark is None else Source(file, mark.line + 1, mark.column + 1)
    return Problem(at, words.code, words.message, with_unseen(words.hint, text, at.line))
