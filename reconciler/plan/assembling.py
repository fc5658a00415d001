"""Gather differences into one ordered plan, and say what carrying it out will cost."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from reconciler.config.model import Rate
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Catalog
from reconciler.model.fieldtypes.table import TYPES
from reconciler.model.plan import CaseChange, Estimate, FieldChange, Mode
from reconciler.model.system_fields import TITLE, UPDATED_AT
from reconciler.model.value import FieldId
from reconciler.plan.batching import batches
from reconciler.plan.covering import MANY, REST, Count, at_most, fewest
from reconciler.secrets.sealing import Sealer
from reconciler.service.pacing import seconds_for
from reconciler.specs.diff import Difference

LONG = 10  # seconds that an apply takes before a faster way is worth a word


def case_change(
    live: LiveCase, differences: Iterable[Difference], catalog: Catalog, sealer: Sealer
) -> CaseChange:
    """The plan's entry for one case; its fields stay in the order of their ids."""
    return CaseChange(
        case_id=live.case_id,
        title=str(sealer.show(TITLE, live.value_of(TITLE)) or ""),
        template_id=live.template_id,
        observed_at=str(live.value_of(UPDATED_AT) or ""),
        fields=tuple(_field_change(one, catalog, sealer) for one in differences),
    )


def _field_change(difference: Difference, catalog: Catalog, sealer: Sealer) -> FieldChange:
    desired = difference.desired
    field = catalog.by_id[desired.field]
    return FieldChange(
        id=field.id,
        name=field.name,
        type=field.type,
        before=sealer.show(field.id, difference.before),
        after=sealer.show(field.id, desired.value),
        source=desired.at,
        overrides=desired.overrides,
        policy=desired.policy,
        spec=desired.spec,
    )


def option_names(
    changes: Iterable[CaseChange], catalog: Catalog
) -> Mapping[FieldId, Mapping[str, str]]:
    """What people call the option values in these changes, where a name means one option alone."""
    used: dict[FieldId, set[object]] = {}
    for change in changes:
        for entry in change.fields:
            if TYPES[entry.type].has_options:
                last = entry.last_change
                used.setdefault(entry.id, set()).update((entry.before, entry.after))
                if last is not None:
                    used[entry.id].update((last.before, last.after))
    found: dict[FieldId, Mapping[str, str]] = {}
    for field_id, values in sorted(used.items()):
        options = catalog.options.get(field_id, ())
        uses = Counter(option.name for option in options)
        names = {
            option.value: option.name
            for option in sorted(options, key=attrgetter("value"))
            # A name of two options would make two values look alike.
            if option.value in values and option.name != option.value and uses[option.name] == 1
        }
        if names:
            found[field_id] = names
    return found


def estimate(
    changes: Sequence[CaseChange],
    mode: Mode,
    quotas: Mapping[str, Rate],
    share: float,
    *,
    by_field: bool = False,
    histories: int = 0,
) -> Estimate:
    """Calls and seconds of applying: guard read, write, check, and the histories read beside.

    The calls of different cases overlap, so the slowest quota alone decides the time.
    """
    if by_field:
        return _cost(fewest(changes), quotas, share, histories)
    grouped, singles = batches(changes) if mode is Mode.BULK else ((), tuple(changes))
    return _cost(Count(len(grouped), len(singles), 1), quotas, share, histories)


def _cost(count: Count, quotas: Mapping[str, Rate], share: float, histories: int = 0) -> Estimate:
    if not count.batches + count.singles:
        return Estimate({}, 0.0)
    calls = {
        # Once before the write and once after it: there is no conditional write.
        "GetCase": 2 * count.singles,
        "UpdateCase": count.singles,
        "SearchCases": 2 * count.batches,
        "BatchUpdateCase": count.batches,
        "GetCaseAuditEvents": histories,
    }
    calls = {api: count for api, count in calls.items() if count}
    seconds = max(
        seconds_for(count, quotas[api].rate * share, quotas[api].burst * share)
        for api, count in calls.items()
    )
    return Estimate(calls, round(max(seconds, REST * (count.waves - 1)), 1))


def bulk_saves(
    changes: Sequence[CaseChange], mode: Mode, quotas: Mapping[str, Rate], share: float
) -> Estimate | None:
    """What bulk mode would cost, where it would be at least twice as fast; else None."""
    return offers(changes, mode, quotas, share, by_field=False)[0]


def offers(
    changes: Sequence[CaseChange],
    mode: Mode,
    quotas: Mapping[str, Rate],
    share: float,
    *,
    by_field: bool,
) -> tuple[Estimate | None, Estimate | None]:
    """What bulk mode would cost, and bulk mode by field; None where it is not worth a word.

    An offer is at least twice as fast as the mode that was chosen. Nothing is said of going by
    field where whole changes in bulk are as fast, or fast enough: they write each case once.
    """
    if by_field:
        return None, None
    now = estimate(changes, mode, quotas, share)
    if now.seconds < LONG:
        return None, None
    bulk = now if mode is Mode.BULK else estimate(changes, Mode.BULK, quotas, share)

    def faster(one: Estimate) -> Estimate | None:
        return one if now.seconds >= 2 * one.seconds else None

    if bulk.seconds < LONG:
        return faster(bulk), None
    count = fewest(changes) if len(changes) <= MANY else at_most(changes)
    parts = _cost(count, quotas, share)
    return faster(bulk), faster(parts) if parts.seconds < bulk.seconds else None
