"""The changes of one target as cards: alike cases together, each case complete."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Source
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import CaseChange, FieldChange, TargetPlan
from reconciler.model.plural import plural
from reconciler.report.escaping import visible
from reconciler.report.html.parts import Badge, Facet, Place, badge, place
from reconciler.report.sentences import history_words
from reconciler.report.subject import Links
from reconciler.report.values import Piece, both, is_long, word_diff
from reconciler.report.view import Group, groups

FEW = 3  # cases of a group that are shown unfolded
MOST_DIFFS = 500  # long texts shown by their words; each takes up to 40 ms, the rest stand whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field of a card. `pieces` is a word diff; what it left out stands in the values."""

    name: str
    before: str
    after: str
    empties: bool
    fills: bool
    pieces: tuple[Piece, ...]
    elided: bool
    places: tuple[Place, ...]
    notes: tuple[str, ...]
    kind: Badge | None


@dataclass(frozen=True, slots=True)
class Story:
    """Who changed one field of one case last; the field is named where there are several."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case of a card; `code` is empty where the card's own says the same."""

    case_id: str
    title: str
    code: str
    places: tuple[Place, ...]
    stories: tuple[Story, ...]
    outcome: Badge | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Cases whose changes are alike."""

    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    code: str
    open: bool

    @property
    def alone(self) -> bool:
        """Whether the card is about one case."""
        return len(self.rows) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Makes cards; holds what all of them share.

    An entry's code is the position of each facet's option, `field.action.file.class.target.ending`:
    the filters of the page compare nothing else.
    """

    links: Links
    facets: Mapping[str, Facet]
    outcomes: Mapping[tuple[str, str], OutcomeKind]
    full: bool
    known: dict[tuple[object, ...], str] = field(default_factory=dict)  # codes already made
    diffs: Iterator[int] = field(default_factory=count)  # long texts compared so far

    def of(self, target: TargetPlan) -> Iterator[Card]:
        """Every case of the target once; what was changed behind the specs' back comes first."""
        for group in groups(target, by_class=True):
            code = self._code(target, group.cases[0])
            rows = tuple(self._row(target, group, case, code) for case in group.cases)
            lines = tuple(self._line(group, at) for at in range(len(group.fields)))
            opened = self.full or len(rows) <= FEW
            yield Card(lines=lines, rows=rows, code=code, open=opened)

    def _line(self, group: Group, at: int) -> Line:
        entry, sources = group.fields[at], group.sources[at]
        before, after = entry.before, entry.after
        shown_before, shown_after = both(before, after, entry.type)
        pieces = _pieces(entry) if is_long(entry) and next(self.diffs) < MOST_DIFFS else ()
        return Line(
            name=visible(entry.name),
            before=shown_before,
            after=shown_after,
            empties=entry.clears,
            fills=before is None,
            pieces=pieces,
            elided=bool(pieces) and not _whole(pieces, before, after),
            places=(place(sources[0], self.links),) if len(sources) == 1 else (),
            notes=tuple(_notes(entry, sources)),
            kind=_class_badge(entry.change_class),
        )

    def _row(self, target: TargetPlan, group: Group, case: CaseChange, code: str) -> Row:
        own, kind = self._code(target, case), self.outcomes.get((target.name, case.case_id))
        spread = [
            entry.source
            for entry, sources in zip(case.fields, group.sources, strict=True)
            if len(sources) > 1
        ]
        return Row(
            case_id=visible(case.case_id),
            title=visible(case.title),
            code=own if own != code else "",
            places=tuple(self._places(spread)),
            stories=tuple(_stories(case)),
            outcome=badge(kind) if kind and not kind.usual else None,
        )

    def _places(self, sources: list[Source]) -> Iterator[Place]:
        """Each line once; a file is named only where it changes."""
        file = None
        for source in dict.fromkeys(sources):
            named = place(source, self.links)
            yield Place(f":{source.line}", named.url) if source.file == file else named
            file = source.file

    def _code(self, target: TargetPlan, case: CaseChange) -> str:
        kind = self.outcomes.get((target.name, case.case_id))
        outcome = kind.word if kind else ""
        codes = (self._entry_code(entry, target.name, outcome) for entry in case.fields)
        return " ".join(dict.fromkeys(codes))

    def _entry_code(self, entry: FieldChange, target: str, outcome: str) -> str:
        key = (entry.name, entry.clears, entry.source.file, entry.change_class, target, outcome)
        code = self.known.get(key)
        if code is None:
            options = {
                "field": visible(entry.name),
                "action": action(entry),
                "file": visible(entry.source.file),
                "class": class_of(entry),
                "target": visible(target),
                "outcome": outcome,
            }
            code = ".".join(
                facet.position(options[facet.key]) if options[facet.key] else ""
                for facet in self.facets.values()
            )
            self.known[key] = code
        return code


def class_of(entry: FieldChange) -> str:
    """The class of a change, where its history told one."""
    return str(entry.change_class) if entry.change_class.facts.known else ""


def _class_badge(kind: ChangeClass) -> Badge | None:
    return Badge(kind.marked, kind.facts.tone) if kind.facts.known else None


def action(entry: FieldChange) -> str:
    """What a change does, in a word."""
    return "clear" if entry.clears else "set"


def _stories(case: CaseChange) -> Iterator[Story]:
    for entry in case.fields:
        if entry.last_change is not None:
            field = visible(entry.name) if len(case.fields) > 1 else ""
            yield Story(field, history_words(entry.last_change, entry.type))


def _notes(entry: FieldChange, sources: tuple[Source, ...]) -> Iterator[str]:
    if len(sources) > 1:
        files = {source.file for source in sources}
        where = visible(sources[0].file) if len(files) == 1 else plural(len(files), "file")
        yield f"{plural(len(sources), 'line')} of {where}"
    if entry.policy:
        yield f"policy {visible(entry.policy)}"
    if entry.owner:
        yield f"owner {visible(entry.owner)}"
    if entry.overrides:
        yield f"overrides {visible(entry.overrides)}"


def _pieces(entry: FieldChange) -> tuple[Piece, ...]:
    """The words that differ in a long text; nothing where it has no words in common."""
    before, after = entry.before, entry.after
    if not isinstance(before, str) or not isinstance(after, str):
        return ()
    pieces = word_diff(before, after)
    return pieces if any(one.kind == "kept" and one.text.strip() for one in pieces) else ()


def _whole(pieces: tuple[Piece, ...], before: object, after: object) -> bool:
    """Whether the word diff left nothing out."""
    old = "".join(piece.text for piece in pieces if piece.kind != "added")
    new = "".join(piece.text for piece in pieces if piece.kind != "removed")
    return old == visible(str(before)) and new == visible(str(after))
