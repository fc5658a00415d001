"""What became of a plan, in Markdown: the counts, then every case that needs somebody."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from reconciler.model.event import (
    Conflict,
    Failed,
    FieldConflict,
    NotAttempted,
    Outcome,
    Unknown,
    Unverified,
)
from reconciler.model.plan import Plan
from reconciler.model.plural import plural
from reconciler.model.value import CaseId
from reconciler.report.conflicts import said, ways_out
from reconciler.report.markdown.escaping import code, moment, span, table, words
from reconciler.report.markdown.target import bare_cell, who
from reconciler.report.sentences import WORDS
from reconciler.state.tally import DONE, counted, is_complete

_NEXT = {
    "Conflict": "**In conflict**: not written. Where somebody changed the value after the plan "
    "was made, make a new plan, and review it. Where the specs and somebody else both changed it: "
    f"{said(ways_out(), span)}.",
    "Failed": "**Failed**: nothing of the case was changed. Correct what the message says.",
    "Unknown": "**Unknown**: sent, and no reply told what became of it. A new try looks first.",
    "Unverified": "**Not verified**: written, and the case held other values afterwards. Look for "
    "a rule or a program that rewrites them.",
}
_RETRY = (
    "To try again what is not done: `reconcile apply --retry RECEIPT`, with the receipt that the "
    "log of this run names. What is done is not sent twice."
)
_ID = 60
_Kind = TypeVar("_Kind", bound=Outcome)


def outcomes(found: Sequence[Outcome], titles: Mapping[CaseId, str], most: int) -> Iterator[str]:
    """The counts, and a table for each way in which a case may need somebody."""
    counts = dict(counted(found))
    cells = [f"**{count:,}**" if count else "0" for count in counts.values()]
    yield from (*table([f"{WORDS[kind]}:" for kind in counts], [cells]), "")
    conflicted = _of(Conflict, found)
    yield from _section("In conflict: not written", _CONFLICTED, conflicted, most, titles)
    yield from _section("Failed: not changed", ["error"], _of(Failed, found), most, titles)
    yield from _section("Outcome unknown", ["what is known"], _of(Unknown, found), most, titles)
    rewritten = _of(Unverified, found)
    yield from _section("Written, and not as planned afterwards", _HELD, rewritten, most, titles)
    yield from _skipped(_of(NotAttempted, found), most)


_HELD = ["field", "planned", "found"]
_CONFLICTED = [*_HELD, "changed by", "when"]


def advice(plan: Plan | None, found: Sequence[Outcome]) -> Iterator[str]:
    """What to do next, for each way in which cases ended."""
    kinds = [kind for kind, count in counted(found) if count]
    if is_complete(plan, found):
        yield "**Next:** nothing; everything in the plan is now true."
        return
    yield "**Next**"
    yield ""
    yield from (f"- {_NEXT[kind]}" for kind in kinds if kind in _NEXT)
    if plan is not None and plan.incomplete:
        yield "- What could not be read was not looked at: mend that, and plan again."
    if not all(isinstance(one, DONE) for one in found):
        yield f"- {_RETRY}"


def _of(kind: type[_Kind], found: Sequence[Outcome]) -> list[_Kind]:
    return [one for one in found if isinstance(one, kind)]


def _section(
    title: str,
    head: Sequence[str],
    found: Sequence[Outcome],
    most: int,
    titles: Mapping[CaseId, str],
) -> Iterator[str]:
    if not found:
        return
    yield f"#### {title}"
    yield ""
    rows = [row for one in found[:most] for row in _rows(one, titles)]
    yield from table(["case", *head], rows[:most])
    if len(found) > most or len(rows) > most:
        yield ""
        yield f"{plural(len(found), 'case')} in all; the journal has every one."
    yield ""


def _rows(one: Outcome, titles: Mapping[CaseId, str]) -> Iterator[list[str]]:
    title = titles.get(one.case_id, "")
    name = code(one.case_id, _ID) + (f"<br>{code(title, _ID)}" if title else "")
    match one:
        case Conflict():
            by = who(one.changed_by)
            at = moment(one.changed_at) if one.changed_at else ""
            said = [[*_field_conflict(conflict), by, at] for conflict in one.fields]
        case Unverified():
            said = [_field_conflict(conflict) for conflict in one.fields]
        case Failed():
            said = [[f"{words(one.code, _ID)}<br>{words(one.message)}"]]
        case Unknown():
            said = [[words(one.message)]]
        case _:
            return
    for number, cells in enumerate(said):
        yield [name if number == 0 else "", *cells]


def _field_conflict(conflict: FieldConflict) -> list[str]:
    planned = f"{bare_cell(conflict.before)} → {bare_cell(conflict.after)}"
    if conflict.before == conflict.live:
        planned = f"{bare_cell(conflict.after)} (by the spec)"
    return [code(conflict.name, _ID), planned, f"**{bare_cell(conflict.live)}**"]


def _skipped(found: Sequence[NotAttempted], most: int) -> Iterator[str]:
    if not found:
        return
    yield "#### Not attempted"
    yield ""
    for reason, count in Counter(one.reason for one in found).most_common(most):
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
