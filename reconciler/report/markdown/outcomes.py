"""What became of a plan, in Markdown: the counts, then every case that needs somebody."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.event import FieldConflict, Outcome
from reconciler.model.outcomes import (
    KINDS,
    URGENT,
    OutcomeKind,
    Severity,
    detail,
    kind_of,
)
from reconciler.model.plan import Plan
from reconciler.model.plural import plural
from reconciler.model.value import CaseId
from reconciler.report.conflicts import said, ways_out
from reconciler.report.markdown.escaping import code, moment, span, table, words
from reconciler.report.markdown.target import bare_cell, who
from reconciler.report.values import name_of
from reconciler.state.tally import counted, is_complete

_RETRY = (
    "To try again what is not done: `reconcile apply --retry RECEIPT`, with the receipt that the "
    "log of this run names. What is done is not sent twice."
)
_ID = 60


def outcomes(found: Sequence[Outcome], titles: Mapping[CaseId, str], most: int) -> Iterator[str]:
    """The counts, and a table for each way in which a case may need somebody."""
    counts = dict(counted(found))
    cells = [f"**{count:,}**" if count else "0" for count in counts.values()]
    yield from (*table([f"{KINDS[name].quantity}:" for name in counts], [cells]), "")
    for kind in URGENT:
        ended = [one for one in found if kind_of(one) is kind]
        if ended and kind.severity is Severity.WAITING:
            yield from _waiting(kind, ended, most)
        elif ended and not kind.done:
            yield from _section(kind, ended, most, titles)


_HELD = ["field", "planned", "found"]
_BY = ["changed by", "when"]


def advice(plan: Plan | None, found: Sequence[Outcome]) -> Iterator[str]:
    """What to do next, for each way in which cases ended."""
    kinds = {kind_of(one) for one in found}
    if is_complete(plan, found):
        yield "**Next:** nothing; everything in the plan is now true."
        return
    yield "**Next**"
    yield ""
    yield from (f"- {_advice(kind)}" for kind in URGENT if kind in kinds and kind.advice)
    if plan is not None and plan.incomplete:
        yield "- What could not be read was not looked at: mend that, and plan again."
    if not all(kind_of(one).done for one in found):
        yield f"- {_RETRY}"


def _advice(kind: OutcomeKind) -> str:
    """What a kind of outcome means, and what to do about it."""
    said_of = f"**{kind.word.capitalize()}**: {kind.note}. {kind.advice}"
    if kind.severity is not Severity.TO_DECIDE:
        return said_of
    both = "Where the specs and somebody else both changed it"
    return f"{said_of} {both}: {said(ways_out(), span)}."


def _section(
    kind: OutcomeKind, found: Sequence[Outcome], most: int, titles: Mapping[CaseId, str]
) -> Iterator[str]:
    yield f"#### {kind.word.capitalize()}: {kind.note}"
    yield ""
    told = kind.severity is Severity.TO_DECIDE
    rows = [row for one in found[:most] for row in _rows(one, titles, told=told)]
    head = [kind.detail] if kind.detail else [*_HELD, *(_BY if told else ())]
    yield from table(["case", *head], rows[:most])
    if len(found) > most or len(rows) > most:
        yield ""
        yield f"{plural(len(found), 'case')} in all; the journal has every one."
    yield ""


def _rows(one: Outcome, titles: Mapping[CaseId, str], *, told: bool) -> Iterator[list[str]]:
    title = titles.get(one.case_id, "")
    name = code(one.case_id, _ID) + (f"<br>{code(title, _ID)}" if title else "")
    about = detail(one)
    if about.written:
        name += f"<br>written: {', '.join(code(name_of(one), _ID) for one in about.written)}"
    if kind_of(one).detail:
        coded = f"{words(about.code, _ID)}<br>" if about.code else ""
        yield [name, f"{coded}{words(about.message)}"]
        return
    at = moment(about.changed_at) if about.changed_at else ""
    by = (who(about.changed_by), at) if told else ()
    for number, conflict in enumerate(about.fields):
        yield [name if number == 0 else "", *_field_conflict(conflict), *by]


def _field_conflict(conflict: FieldConflict) -> list[str]:
    planned = f"{bare_cell(conflict.before)} → {bare_cell(conflict.after)}"
    if conflict.before == conflict.live:
        planned = f"{bare_cell(conflict.after)} (by the spec)"
    return [code(conflict.name, _ID), planned, f"**{bare_cell(conflict.live)}**"]


def _waiting(kind: OutcomeKind, found: Sequence[Outcome], most: int) -> Iterator[str]:
    yield f"#### {kind.word.capitalize()}"
    yield ""
    for reason, count in Counter(detail(one).message for one in found).most_common(most):
        yield f"- {plural(count, 'case')}: {words(reason)}"
    yield ""
    yield f"<details><summary>{plural(len(found), 'case')}</summary>"
    yield ""
    yield from (f"- {code(one.case_id, _ID)}" for one in found[:most])
    if len(found) > most:
        yield f"- and {len(found) - most:,} more, all in the journal"
    yield ""
    yield "</details>"
    yield ""
