"""A plan as text for people at a terminal or in a log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from reconciler.config.model import Limits
from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Source
from reconciler.model.plan import CaseChange, FieldChange, Plan, TargetPlan
from reconciler.model.plural import plural
from reconciler.plan.file.data import summary
from reconciler.plan.guard import flag_of
from reconciler.report.attribution import class_line, class_word, classes_words, ways_out
from reconciler.report.conflicts import Fate, fates
from reconciler.report.escaping import cut, visible
from reconciler.report.guards import guard_counts
from reconciler.report.sentences import BY_FIELD, cost_words, mode_words
from reconciler.report.subject import Subject
from reconciler.report.text.ignored import ignored_lines
from reconciler.report.text.styled import diff_spans, target_line
from reconciler.report.values import LONG, both, is_long
from reconciler.report.view import Group, as_told, by_field, groups, urgency, without_pending

FEW = 3  # cases named under a group of alike changes


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOptions:
    """`full` names every case; a `brief` text only says what stands in the way, and the totals.

    `limits` are shown beside the counts they guard.

    With `drift` the plan is told as a report on live cases: what only waits to be applied is
    counted, and what applying would take is left out. `allowed_conflicts` go before the limits.
    """

    full: bool = False
    brief: bool = False
    drift: bool = False
    limits: Mapping[str, Limits] | None = None
    allowed_conflicts: int | None = None


def plan_text(plan: Plan, options: TextOptions) -> list[Text]:
    """The whole plan, a line an entry; no line holds a control character of a value."""
    lines: list[Text] = []
    for target in plan.targets:
        if target.error is not None:
            lines.extend(_failed(target))
        elif options.brief:
            lines.extend(_in_the_way(target))
        else:
            lines.extend(_target(plan, target, options))
    lines.append(_total(plan, options))
    lines.extend(ways_out(plan, _fates(plan, options)))
    for target in plan.failed:
        lines.append(Text(f"Not planned: target {visible(target.name)}.", "bold red"))
    return lines


def _target(plan: Plan, target: TargetPlan, options: TextOptions) -> Iterator[Text]:
    yield from _head(plan, target)
    yield from _changes(target, options)
    yield from _unreadable(target)
    yield from ignored_lines(plan, target, full=options.full)
    costs = [] if options.drift else [*_guards(target, options), *_cost(target)]
    yield from [*costs, Text()] if costs else []


def _in_the_way(target: TargetPlan) -> Iterator[Text]:
    """What keeps apply from the whole of a target, of which a plan file alone tells the changes."""
    if target.unreadable or target.blocked_by:
        yield target_line(target.name, target.domain_name, target.account, target.region)
        yield from _unreadable(target)
        yield from _blocked(target)
        yield from [Text()] if target.blocked_by else []


def _fates(plan: Plan, options: TextOptions) -> Mapping[str, Fate]:
    about = Subject(
        command="plan",
        limits=options.limits or {},
        allowed_conflicts=options.allowed_conflicts,
    )
    return fates(about, plan)


def _failed(target: TargetPlan) -> Iterator[Text]:
    """A target that could not be planned, and why."""
    yield target_line(target.name, target.domain_name, target.account, target.region)
    yield Text.assemble(("ERROR  ", "bold red"), visible(target.error or ""))
    yield Text()


def _head(plan: Plan, target: TargetPlan) -> Iterator[Text]:
    yield target_line(target.name, target.domain_name, target.account, target.region)
    commit = visible(plan.git.commit[:7]) or "no commit"
    where = ", ".join(filter(None, [plan.git.branch, "uncommitted edits" * plan.git.dirty]))
    yield Text.assemble(
        ("specs  ", "dim"),
        plural(len(plan.spec_files), "file"),
        (f" @ {commit}" + (f" ({visible(where)})" if where else ""), ""),
        ("   mode ", "dim"),
        mode_words(plan),
    )
    yield Text.assemble(("read   ", "dim"), visible(target.read_at))
    for way in target.read_by.split("; "):
        yield Text(f"       {visible(way)}", "dim")
    yield Text()


def _changes(target: TargetPlan, options: TextOptions) -> Iterator[Text]:
    shown = without_pending(target) if options.drift else target
    for group in groups(shown, by_class=True):
        yield from _group(group, options)
        yield Text()


def _group(group: Group, options: TextOptions) -> Iterator[Text]:
    alone = len(group.cases) == 1
    sign = tuple(ChangeClass)[urgency(group)].facts.sign
    mark = (f"{sign} ", "bold magenta") if sign else ("~ ", "yellow")
    if alone:
        yield Text.assemble(mark, *_case(group.cases[0]))
    else:
        yield Text.assemble(mark, (f"{len(group.cases):,} cases", "bold"), " with the same change")
    width = max(len(visible(entry.name)) for entry in group.fields)
    for at, (entry, sources) in enumerate(zip(group.fields, group.sources, strict=True)):
        yield Text.assemble("    ", *_field(entry, width, sources))
        yield from class_line(group, at, full=options.full)
    if not alone:
        named = group.cases if options.full else group.cases[:FEW]
        for change in named:
            yield Text.assemble(("      ", ""), *_case(change, quiet=True))
        hidden = len(group.cases) - len(named)
        if hidden:
            yield Text(f"      and {hidden:,} more (--full names them)", "dim")


def _case(change: CaseChange, *, quiet: bool = False) -> Iterator[Text | tuple[str, str]]:
    yield (visible(change.case_id), "" if quiet else "bold")
    if change.title:
        yield (f"  {cut(visible(change.title), LONG)}", "dim")


def _field(
    entry: FieldChange, width: int, sources: Sequence[Source]
) -> Iterator[Text | tuple[str, str]]:
    yield (f"{visible(entry.name):<{width}}  ", "cyan")
    if is_long(entry) and isinstance(entry.before, str) and isinstance(entry.after, str):
        yield from diff_spans(entry.before, entry.after)
    else:
        before, after = both(entry.before, entry.after, entry.type)
        yield (before, "red" if entry.before is not None else "dim")
        yield (" → ", "dim")
        yield (after, "green" if not entry.clears else "bold magenta")
    yield (f"   {_places(sources)}", "dim")
    if entry.overrides:
        yield (f"   overrides {visible(entry.overrides)}", "dim")
    if entry.policy:
        yield (f"   policy {visible(entry.policy)}", "dim")
    yield from class_word(entry)


def _places(sources: Sequence[Source]) -> str:
    first = f"{visible(sources[0].file)}:{sources[0].line}"
    return first if len(sources) == 1 else f"{first} and {len(sources) - 1:,} more"


def _unreadable(target: TargetPlan) -> Iterator[Text]:
    if not target.unreadable:
        return
    count = plural(len(target.unreadable), "case")
    yield Text(f"{count} could not be read, and will be left alone:", "bold red")
    for entry in target.unreadable:
        yield Text.assemble(
            ("? ", "red"),
            visible(f"{entry.case}  {entry.reason}: {entry.detail}"),
            (f"   {visible(entry.source.file)}:{entry.source.line}", "dim"),
        )
    yield Text()


def _guards(target: TargetPlan, options: TextOptions) -> Iterator[Text]:
    limits = (options.limits or {}).get(target.name)
    if limits is not None and target.changes:
        counts = guard_counts(target, limits)
        near = " · ".join(f"{visible(name)} {count} of {most}" for name, count, most in counts)
        yield Text.assemble(("guards ", "dim"), near)
    yield from _blocked(target)


def _blocked(target: TargetPlan) -> Iterator[Text]:
    for blocker in target.blocked_by:
        yield Text.assemble(
            ("BLOCKED ", "bold red"),
            visible(blocker.message),
            ("; to allow it: ", "dim"),
            (visible(flag_of(blocker)), "bold"),
        )


def _cost(target: TargetPlan) -> Iterator[Text]:
    if target.unconfirmed:
        yield Text.assemble(
            ("note   ", "dim"),
            f"{plural(target.unconfirmed, 'change')} found through the search index alone; "
            "apply reads each case again before it writes",
        )
    if target.changes:
        yield Text.assemble(("cost   ", "dim"), f"{cost_words(target.estimate)} at this pace")
    if target.bulk_estimate is not None:
        yield Text(f"       with --mode bulk: {cost_words(target.bulk_estimate)}")
    if target.by_field_estimate is not None:
        yield Text(f"       with {BY_FIELD}: {cost_words(target.by_field_estimate)}")


def _total(plan: Plan, options: TextOptions) -> Text:
    text = _drifted(plan) if options.drift else _planned(plan)
    if plan.unreadable_cases:
        text.append(f"; {plan.unreadable_cases:,} unreadable", "bold red")
    text.append(".")
    if plan.blocked and not options.drift:
        text.append(" Blocked: apply will refuse.", "bold red")
    return text


def _planned(plan: Plan) -> Text:
    clears = summary(plan)["clears"]
    if not plan.changed_cases:
        return Text.assemble(("No changes. ", "bold green"), _in_sync(plan))
    fields = ", ".join(f"{visible(name)} {count:,}" for name, count in by_field(*plan.targets))
    classes = classes_words(plan)
    return Text.assemble(
        ("Plan: ", "bold"),
        f"{plural(plan.changed_fields, 'field')} on {plural(plan.changed_cases, 'case')}",
        f" ({fields})" if len(fields) <= 100 else "",
        f", {clears:,} of them cleared" if clears else "",
        f"; {classes}" if classes else "",
        f"; {_in_sync(plan)}",
    )


def _drifted(plan: Plan) -> Text:
    away = as_told("drift", plan)
    fields, cases = away.changed_fields, away.changed_cases
    classes = classes_words(away)
    found = f"{plural(fields, 'field')} on {plural(cases, 'case')}"
    waiting = (
        f"{plural(count, 'field')} {kind.facts.counted} (`reconcile plan` shows what); "
        for kind in ChangeClass
        if not kind.facts.drifts and (count := plan.classes[kind])
    )
    return Text.assemble(
        ("Drift: ", "bold") if fields else ("No drift. ", "bold green"),
        (f"{found} ({classes}); " if classes else f"{found}; ") if fields else "",
        *waiting,
        _in_sync(plan),
    )


def _in_sync(plan: Plan) -> str:
    totals = summary(plan)
    managed, in_sync = totals["cases_managed"], totals["cases_in_sync"]
    return f"{in_sync:,} of {managed:,} managed cases are in sync"
