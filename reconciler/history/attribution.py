"""Say of each difference what class it is and who made it, from the histories of those cases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from reconciler.errors import CallError, Unauthenticated, Unavailable
from reconciler.history.lineage import Traced, trace
from reconciler.history.past import MOST_PAST_CASES, FieldPast, Origins, PastSpecs
from reconciler.history.stamp import read_stamp
from reconciler.model.audit import AuditEvent, Recorded, UnreadableValue
from reconciler.model.catalog import Catalog, Field
from reconciler.model.plan import CaseChange, FieldChange, LastChange, Shown
from reconciler.model.plural import plural
from reconciler.model.progress import Progress, no_progress
from reconciler.model.spec import Spec
from reconciler.model.value import CaseId, FieldId
from reconciler.parallel import in_order
from reconciler.read.gathered import Compared
from reconciler.secrets.sealing import Sealer
from reconciler.service.paging import Paging
from reconciler.service.ports import AuditReader, HistoryAccess
from reconciler.specs.resolve import Resolution

History: TypeAlias = tuple[AuditEvent, ...] | CallError  # or why there is none

MOST_PAGES = 40  # of one case's history, 25 events each


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionOrder:
    """One target's differences are to be told apart; the histories of `most` cases may be read.

    `most_later` is of those that are read while, or right before, the cases are written.
    """

    target: str
    default: str | None
    specs: Sequence[Spec]
    catalog: Catalog
    resolution: Resolution
    sealer: Sealer
    most: int
    most_later: int = 0
    progress: Progress = no_progress


def read_history(
    reader: AuditReader, case_id: CaseId, fields: Mapping[str, Field], most: int = MOST_PAGES
) -> tuple[AuditEvent, ...]:
    """Everything that happened to a case, each event once, in the service's own order.

    All pages, since which of them holds the newest event is not documented.
    """
    events: dict[str, AuditEvent] = {}
    paging, token = Paging(f"GetCaseAuditEvents of case {case_id}", most), ""
    while True:
        page = reader.get_case_audit_events(case_id, fields, token)
        # By its id: pages may overlap while the history grows.
        events.update((event.event_id, event) for event in page.items)
        token = page.token
        if not paging.goes_on(token):
            return tuple(events.values())


class Begun(Protocol):
    """Histories that were begun before anybody asks for them."""

    def __contains__(self, case_id: CaseId) -> bool: ...

    def of(self, case_id: CaseId) -> History: ...

    def opened(self) -> "Histories | None":
        """Where they come from; None where none was begun."""
        ...


def attribute(
    order: AttributionOrder,
    histories: "Histories",
    found: Sequence[Compared],
    changes: Sequence[CaseChange],
    begun: Begun | None = None,
) -> tuple[tuple[CaseChange, ...], tuple[str, ...]]:
    """The same changes, classified as far as their histories tell, and what was read for that."""
    places = _places(order.most, found, begun)
    cases = [found[at].live.case_id for at in places]
    teller = Teller(order, histories.access, cases)
    told = list(changes)
    failures: list[CallError] = []
    read = in_order(begun.of, cases) if begun else _in_order(histories, cases)
    for number, (at, history) in enumerate(zip(places, read, strict=True), 1):
        if isinstance(history, CallError):
            failures.append(history)
        else:
            told[at] = teller.attributed(found[at], changes[at], history)
        order.progress("reading histories", number, len(places))
    said = (*_what_was_read(len(places), len(found), failures), *teller.notes())
    return tuple(told), said


def _places(most: int, found: Sequence[Compared], begun: Begun | None) -> list[int]:
    """Which of the cases are told, in their order: those whose histories were begun before others.

    Where there are more than may be read, no history is read in vain.
    """
    places = range(len(found))
    if begun is not None:
        return sorted(sorted(places, key=lambda at: found[at].live.case_id not in begun)[:most])
    return list(places[:most])


class Histories:
    """The histories of one target's cases; what is refused for one case, or down, for none."""

    def __init__(self, order: AttributionOrder, access: HistoryAccess) -> None:
        self.access = access
        self._order = order
        self._gave_up: list[CallError] = []

    def of(self, case_id: CaseId) -> History:
        """A case's history, or why there is none."""
        if self._gave_up:
            return self._gave_up[0]
        try:
            return read_history(self.access.audit, case_id, self._order.catalog.by_id)
        except Unauthenticated:
            raise
        except CallError as error:
            # Every further case would cost the same wait, or the same refusal.
            if isinstance(error, Unavailable) or error.code == "AccessDeniedException":
                self._gave_up.append(error)
            return error


def _in_order(histories: Histories, cases: Sequence[CaseId]) -> Iterator[History]:
    """Each case's history; the first is read alone, since what it is refused none is asked for."""
    yield from map(histories.of, cases[:1])
    yield from in_order(histories.of, cases[1:])


def _what_was_read(most: int, differing: int, failures: Sequence[CallError]) -> Iterator[str]:
    yield f"GetCaseAuditEvents for the history of {plural(most, 'differing case')}"
    if most < differing:
        yield f"histories of {most:,} of {differing:,} differing cases were read"
        yield f"--attribution {differing} reads all"
    if failures:
        reason = str(failures[0]).replace("; ", ", ")  # the semicolon parts one line from the next
        count = plural(len(failures), "differing case")
        yield f"no history of {count} could be read, so who changed what is not known: {reason}"


class Teller:
    """Puts what is known of a case's past into its changes."""

    def __init__(
        self, order: AttributionOrder, access: HistoryAccess, cases: Iterable[CaseId]
    ) -> None:
        resolution = order.resolution
        self._sealer = order.sealer
        references = [case.key for case in resolution.named if case.by_reference]
        self._specs = PastSpecs(
            access.specs,
            order.catalog,
            lambda header: header.is_about(order.target, order.default),
            # Earlier commits may hold very many cases; only those that differ now are kept.
            [*cases, *references],
        )
        self._origins = Origins(access.specs, order.specs, resolution.named, resolution.policies)

    def attributed(
        self, found: Compared, change: CaseChange, events: Sequence[AuditEvent]
    ) -> CaseChange:
        """The change, each of its fields with its class and who made it so."""
        fields = tuple(
            self._field(
                entry,
                trace(
                    difference,
                    events,
                    FieldPast(change.case_id, difference, self._specs, self._origins),
                ),
            )
            for difference, entry in zip(found.differences, change.fields, strict=True)
        )
        return replace(change, fields=fields)

    def notes(self) -> Iterator[str]:
        """What could not be known."""
        if self._specs.exhausted:
            yield f"earlier specs were read up to {MOST_PAST_CASES:,} cases, and no further"

    def _field(self, entry: FieldChange, traced: Traced) -> FieldChange:
        last = self._last(entry.id, traced.last) if traced.last else None
        return replace(entry, change_class=traced.change_class, last_change=last)

    def _last(self, field: FieldId, event: AuditEvent) -> LastChange | None:
        change = event.change_of(field)
        if change is None:
            return None
        stamp = read_stamp(event.by)
        return LastChange(
            by=event.by,
            principal=event.principal,
            at=event.at,
            before=sealed(self._sealer, field, change.before),
            after=sealed(self._sealer, field, change.after),
            commit=stamp.commit if stamp else "",
        )


def sealed(sealer: Sealer, field: FieldId, value: Recorded) -> Shown:
    """A recorded value as reports may show it."""
    if isinstance(value, UnreadableValue):
        return f"(unreadable: {value.text})"
    return sealer.show(field, value)
