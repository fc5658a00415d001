"""Tell the whole story of one case: its audit history, and the commits behind our own writes."""

import re
from collections.abc import Iterator, Sequence

from reconciler.errors import ReconcilerError
from reconciler.git.history import SpecHistory
from reconciler.history.attribution import read_history, sealed
from reconciler.history.lineage import when
from reconciler.history.past import PastSpecs
from reconciler.history.stamp import Stamp, read_stamp
from reconciler.model.argument import argument
from reconciler.model.audit import AuditEvent, RecordedChange, UnreadableValue
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Catalog
from reconciler.model.diagnostic import Source, UnplacedProblem
from reconciler.model.fieldtypes.table import has_options
from reconciler.model.history import CaseHistory, HistoryChange, HistoryEvent
from reconciler.model.system_fields import REFERENCE_FIELDS, TITLE
from reconciler.model.value import CaseId, FieldId, FieldType
from reconciler.read.case import ReadFailure, try_read
from reconciler.read.index import Index
from reconciler.read.preparing import PlanAccess, sensitive_ids
from reconciler.read.references import find_references
from reconciler.secrets.sealing import Sealer
from reconciler.service.catalog import read_fields, with_options
from reconciler.specs.names import FieldNames
from reconciler.specs.resolve import ResolvedCase

MOST_PAGES = 400  # ten thousand events

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def case_history(
    access: PlanAccess, default: str | None, case: str, field: str | None = None
) -> CaseHistory:
    """The history of a case, named by id or reference; of one field alone when it is named."""
    assert access.history is not None
    catalog = read_fields(access.domain, access.catalog)
    sensitive = sensitive_ids(access.target.sensitive, catalog, access.target.name)
    only = None if field is None else _field_id(catalog, field)
    live = _find(access, catalog, case)
    history = access.history()
    events = read_history(history.audit, live.case_id, catalog.by_id, MOST_PAGES)
    catalog = with_options(catalog, access.catalog, _selects(events, catalog, only))
    keys = [(False, str(live.case_id))]
    keys += [(True, str(one)) for key in REFERENCE_FIELDS if (one := live.value_of(key))]
    past = PastSpecs(
        history.specs,
        catalog,
        lambda header: header.is_about(access.target.name, default),
        [key for _, key in keys],
    )
    sealer = Sealer(access.seal_key, sensitive)
    teller = _Teller(catalog, history.specs, past, sealer, keys)
    told = (teller.event(event, only) for event in sorted(events, key=when, reverse=True))
    return CaseHistory(
        case_id=live.case_id,
        title=sealer.show(TITLE, live.value_of(TITLE)),
        target=access.target.name,
        domain_name=access.domain.name,
        account=access.domain.account,
        region=access.domain.region,
        events=tuple(event for event in told if only is None or event.changes),
        options={
            key: {option.value: option.name for option in options}
            for key, options in catalog.options.items()
        },
    )


def _field_id(catalog: Catalog, name: str) -> FieldId:
    known = FieldNames(catalog).find(name)
    if isinstance(known, UnplacedProblem):
        hint = f" ({known.hint})" if known.hint else ""
        raise ReconcilerError(f"{argument('field')}: {known.message}{hint}")
    return known.id


def _find(access: PlanAccess, catalog: Catalog, case: str) -> LiveCase:
    """The case with what tells it to people and to specs; an error that says why there is none."""
    ids = [key for key in (TITLE, *REFERENCE_FIELDS) if key in catalog.by_id]
    fields = [catalog.by_id[key] for key in ids]
    if not _UUID.fullmatch(case):
        named = ResolvedCase(case, True, (), Source("the command line"))
        [(_, found)] = find_references(Index(access.reader), catalog, [named], fields)
        if isinstance(found, LiveCase):
            return found
        if found.reason != "not-found":
            raise ReconcilerError(f"reference {case}: {found.detail}")
    read = try_read(access.reader, CaseId(case), fields)
    if isinstance(read, ReadFailure):
        raise ReconcilerError(
            f"no case {case} in domain {access.domain.name}: {read.detail}",
            "expected the id or the reference number of a case",
        )
    return read


def _selects(
    events: Sequence[AuditEvent], catalog: Catalog, only: FieldId | None
) -> Iterator[FieldId]:
    touched = {change.field for event in events for change in event.changes}
    for key in sorted(touched if only is None else touched & {only}):
        known = catalog.by_id.get(key)
        if known is not None and has_options(known):
            yield key


class _Teller:
    """Puts names, seals, commits and lines of specs to the events of one case."""

    def __init__(
        self,
        catalog: Catalog,
        specs: SpecHistory,
        past: PastSpecs,
        sealer: Sealer,
        keys: Sequence[tuple[bool, str]],
    ) -> None:
        self._catalog = catalog
        self._specs = specs
        self._past = past
        self._sealer = sealer
        self._keys = keys

    def event(self, event: AuditEvent, only: FieldId | None) -> HistoryEvent:
        stamp = read_stamp(event.by)
        facts = self._specs.commit(stamp.commit) if stamp and stamp.commit else None
        return HistoryEvent(
            at=event.at,
            kind=event.kind,
            by=event.by,
            principal=event.principal,
            changes=tuple(
                self._change(change, stamp)
                for change in event.changes
                if only is None or change.field == only
            ),
            plan=stamp.plan if stamp else "",
            rollback=stamp is not None and stamp.rollback,
            commit=facts.id if facts else stamp.commit if stamp else "",
            subject=facts.subject if facts else "",
            author=facts.author if facts else "",
        )

    def _change(self, change: RecordedChange, stamp: Stamp | None) -> HistoryChange:
        known = self._catalog.by_id.get(change.field)
        wrote = stamp is not None and stamp.commit and not stamp.rollback
        return HistoryChange(
            id=change.field,
            name=known.name if known else str(change.field),
            type=known.type if known else FieldType.TEXT,
            before=sealed(self._sealer, change.field, change.before),
            after=sealed(self._sealer, change.field, change.after),
            source=self._source(change, stamp.commit) if stamp and wrote else None,
        )

    def _source(self, change: RecordedChange, commit: str) -> Source | None:
        """The line that asked for the value: of the named case, else of the only such policy."""
        if isinstance(change.after, UnreadableValue):
            return None
        for key in self._keys:
            desired = self._past.named(commit, key, change.field)
            if desired is not None and desired.value == change.after:
                return desired.at
        asking = self._past.policies(commit, change.field, change.after)
        return asking[0].at if len(asking) == 1 else None
