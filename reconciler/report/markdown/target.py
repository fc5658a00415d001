"""What the Markdown report says of one target: guards, changes, who was there, what it costs."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter

from reconciler.config.model import Limits
from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Source
from reconciler.model.fieldtypes.table import TYPES, likely_type
from reconciler.model.plan import Estimate, FieldChange, Shown, TargetPlan
from reconciler.model.plural import plural
from reconciler.model.value import FieldType
from reconciler.plan.guard import flag_of
from reconciler.report.attribution import author, short_arn
from reconciler.report.escaping import cut, visible
from reconciler.report.guards import guard_counts
from reconciler.report.markdown.escaping import code, link, moment, rest, span, table, words
from reconciler.report.markdown.rows import Row, Touch, rows, touches
from reconciler.report.sentences import BY_FIELD
from reconciler.report.subject import Links
from reconciler.report.values import both, is_long, shown, word_diff
from reconciler.report.view import duration

NONE = "*(empty)*"
UNKNOWN = "*not known*"
_VALUE = 72  # characters of one value in a table; the diff below shows all of it
_LONG_CELL = 240  # characters of a word diff in a table
_NAME = 60
_ID = 14  # of a case in a table of changes; the diff below has all of it
_TAGS = {"kept": "{}", "removed": "<del>{}</del>", "added": "<ins>{}</ins>"}


def heading(target: TargetPlan) -> str:
    """The target and its numbers."""
    if target.error is not None:
        return f"### {code(target.name, _NAME)}: **not planned**"
    said = ", ".join(["no changes"] * (not target.changes) + list(counts((target,))))
    return f"### {code(target.name, _NAME)}: {said}"


def counts(targets: Collection[TargetPlan]) -> Iterator[str]:
    """Cases, fields, clears, conflicts, drift, unreadable and the guards' word; zeros unsaid."""
    changed = [entry for target in targets for change in target.changes for entry in change.fields]
    kinds = Counter(entry.change_class for entry in changed)
    if changed:
        yield plural(sum(len(target.changes) for target in targets), "case")
        yield plural(len(changed), "field")
    if clears := sum(entry.clears for entry in changed):
        yield plural(clears, "clear")
    for kind in ChangeClass:
        if kind.facts.notable and kinds[kind]:
            yield f"{kinds[kind]:,} {kind.facts.counted}"
    if unreadable := sum(len(target.unreadable) for target in targets):
        yield f"{unreadable:,} unreadable"
    if any(target.blocked_by for target in targets):
        yield "**blocked**"


def domain(target: TargetPlan) -> str:
    """Which domain, where."""
    known = filter(None, (target.region, target.account))
    return "Domain " + " · ".join(code(one, _NAME) for one in (target.domain_name, *known))


def facts(target: TargetPlan) -> str:
    """Which domain, and how much of it is in sync."""
    managed = f"{target.cases_in_sync:,} of {target.cases_managed:,} managed cases are in sync"
    return f"{domain(target)} · {managed} · read {moment(target.read_at)}"


def blocked(target: TargetPlan, most: int) -> Iterator[str]:
    """A loud block that names every flag."""
    if not target.blocked_by:
        return
    yield "> [!CAUTION]"
    yield "> **Blocked: `reconcile apply` will refuse this plan.**"
    for one in target.blocked_by[:most]:
        yield f"> - {words(one.message)}; to allow it: {code(flag_of(one), 200)}"
    if len(target.blocked_by) > most:
        yield f"> - and {plural(len(target.blocked_by) - most, 'guard')} more"
    yield ""


def changes(target: TargetPlan, links: Links, most: int) -> Iterator[str]:
    """The table of alike changes, and one of who changed what the specs disagree with."""
    found = list(rows(target))
    if not found:
        return
    head = ["action", "field", "before → after", "cases:", "for example", "from"]
    cells = ([_action(row), *_row(row, links)] for row in found[:most])
    yield from table(head, cells)
    yield from (*rest(len(found), most, "row"), "")
    yield from _touched(touches(target), most)


def _action(row: Row) -> str:
    kind = row.entry.change_class
    verb = "clear" if row.entry.clears else "set"
    return f"{verb}, {_class(kind)}" if kind.facts.known else verb


def _class(kind: ChangeClass) -> str:
    return f"**{kind.marked}**" if kind.facts.touched else kind.marked


def _row(row: Row, links: Links) -> Iterator[str]:
    yield code(row.entry.name, _NAME)
    yield _others(row.others) if row.others else change_cell(row.entry)
    yield f"{row.cases:,}"
    yield code(row.first.case_id, _ID)
    yield "<br>".join(_origin(row, links))


def _others(others: Sequence[Row]) -> str:
    """Many changes of one field; the side on which they agree is shown."""
    sides = [
        {(type(one), one) for one in column}
        for column in (
            (row.entry.before for row in others),
            (row.entry.after for row in others),
        )
    ]
    entry = others[0].entry
    before, after = (
        value_cell(value, entry.type) if len(side) == 1 else f"*{len(side):,} values*"
        for side, value in zip(sides, (entry.before, entry.after), strict=True)
    )
    return f"{before} → {after}"


def _origin(row: Row, links: Links) -> Iterator[str]:
    places = sorted(row.places)
    more = f" and {len(places) - 1:,} more" if len(places) > 1 else ""
    yield place(places[0], links) + more
    if row.entry.policy:
        yield f"policy {code(row.entry.policy, _NAME)}"
    if row.entry.owner:
        yield f"owner {code(row.entry.owner, _NAME)}"
    if row.entry.overrides:
        yield f"overrides {code(row.entry.overrides, 2 * _NAME)}"


def place(at: Source, links: Links) -> str:
    """`file:line`, which leads there where the address is known."""
    return link(span(f"{cut(visible(at.file), 2 * _NAME)}:{at.line}"), links.at(at))


def change_cell(entry: FieldChange) -> str:
    """From what to what; of long texts the words that differ."""
    before, after = entry.before, entry.after
    named = TYPES[entry.type].is_arn
    if is_long(entry) and not named and isinstance(before, str) and isinstance(after, str):
        pieces = word_diff(before, after)
        if sum(len(piece.text) for piece in pieces) <= _LONG_CELL:
            return " ".join(_TAGS[one.kind].format(span(one.text)) for one in pieces)
        return f"*a text of {len(before):,} characters → {len(after):,}*"
    if not isinstance(before, str) or not isinstance(after, str):
        return f"{value_cell(before, entry.type)} → {value_cell(after, entry.type)}"
    if named and short_arn(before) != short_arn(after):
        before, after = short_arn(before), short_arn(after)
    return " → ".join(map(span, both(before, after, entry.type)))


def value_cell(value: Shown, kind: FieldType) -> str:
    """One value, shortened for a table."""
    if TYPES[kind].is_arn and isinstance(value, str):
        return span(cut(visible(short_arn(value)), _VALUE))
    return NONE if value is None else span(cut(shown(value, kind), _VALUE))


def bare_cell(value: Shown) -> str:
    """One value of a field whose type is not known."""
    return value_cell(value, likely_type(value))


def _touched(found: Sequence[Touch], most: int) -> Iterator[str]:
    if not found:
        return
    yield "**Changed by somebody since the specs were last applied**"
    yield ""
    head = ["class", "field", "they changed", "cases:", "for example", "who", "when"]
    yield from table(head, (list(_touch(one)) for one in found[:most]))
    yield from rest(len(found), most, "row")
    yield ""


def _touch(touch: Touch) -> Iterator[str]:
    entry, last = touch.entry, touch.last
    yield _class(touch.kind)
    yield code(entry.name, _NAME)
    if last is None:
        yield UNKNOWN
    else:
        yield f"{value_cell(last.before, entry.type)} → {value_cell(last.after, entry.type)}"
    yield f"{touch.cases:,}"
    yield code(touch.first.case_id, _ID)
    yield who(last.by, last.principal) if last else UNKNOWN
    yield ("last " * (touch.cases > 1) + moment(touch.latest)) if last else ""


def who(by: str, principal: str = "") -> str:
    """The person, the program or the commit behind a change."""
    return span(cut(author(by, principal), _VALUE)) if by or principal else UNKNOWN


def unreadable(target: TargetPlan, links: Links, most: int) -> Iterator[str]:
    """Cases that could not be read."""
    if not target.unreadable:
        return
    count = plural(len(target.unreadable), "case")
    yield "> [!WARNING]"
    yield f"> **{count} could not be read, and will be left alone.**"
    yield ""
    cells = (
        [
            code(one.case, _NAME),
            words(one.reason, _NAME),
            words(one.detail, 200),
            place(one.source, links),
        ]
        for one in target.unreadable[:most]
    )
    yield from table(["case", "reason", "detail", "from"], cells)
    yield from rest(len(target.unreadable), most, "case")
    yield ""


def ignored(target: TargetPlan, links: Links, most: int) -> Iterator[str]:
    """Fields that a rule, or a rollback, leaves alone: counted, with the reason."""
    if not target.ignored:
        return
    rule = attrgetter("name", "reason", "until", "rule", "source")
    found = Counter(map(rule, target.ignored))
    they = "differs and is" if len(target.ignored) == 1 else "differ and are"
    yield f"{plural(len(target.ignored), 'field')} {they} left alone:"
    yield ""
    cells = (
        [
            code(name, _NAME),
            f"{count:,}",
            words(reason, 200) if reason else "",
            words(until, _NAME) if until else "",
            place(source, links) + (f"<br>{code(spec, _NAME)}" if spec else ""),
        ]
        for (name, reason, until, spec, source), count in found.most_common(most)
    )
    yield from table(["field", "cases:", "reason", "until", "from"], cells)
    yield from rest(len(found), most, "rule")
    yield ""


def costs(target: TargetPlan, limits: Limits | None) -> Iterator[str]:
    """What applying costs, and how near the guards are."""
    said = list(_costs(target, limits))
    yield from [*said, ""] if said else []


def _costs(target: TargetPlan, limits: Limits | None) -> Iterator[str]:
    if target.changes:
        bulk = target.bulk_estimate
        faster = f"; with `--mode bulk` {_calls(bulk)}" if bulk else ""
        if target.by_field_estimate is not None:
            faster += f"; with `{BY_FIELD}` {_calls(target.by_field_estimate)}"
        yield f"- **Cost** {_calls(target.estimate)} at this pace{faster}"
        if limits is not None:
            yield f"- **Guards** {' · '.join(_counts(target, limits))}"
    if target.unconfirmed:
        found = plural(target.unconfirmed, "change")
        yield f"- {found} found through the search index alone; apply reads each case again"


def _counts(target: TargetPlan, limits: Limits) -> Iterable[str]:
    for name, count, limit in guard_counts(target, limits):
        yield f"{words(name, _NAME)} {count} of {limit}"


def _calls(cost: Estimate) -> str:
    calls = " + ".join(f"{count:,} {words(api, 40)}" for api, count in cost.calls.items())
    return f"{calls or 'no calls'}, {duration(cost.seconds)}"
