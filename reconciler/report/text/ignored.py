"""What rules of kind Ignore leave alone, as text."""

from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from reconciler.model.ignore import end_of
from reconciler.model.plan import IgnoredField, Plan, TargetPlan
from reconciler.model.plural import plural
from reconciler.report.escaping import visible
from reconciler.report.text.left_alone import left_alone_lines
from reconciler.specs.checking.ignore_rules import GRACE, ending

FEW = 3  # rules named in the line that counts


def ignored_lines(plan: Plan, target: TargetPlan, *, full: bool) -> Iterator[Text]:
    """One line that counts, and warns of rules that end soon; with `full` one a field as well."""
    if not target.ignored:
        return
    if plan.rollback_of:
        yield from left_alone_lines(target)
        return
    now = datetime.fromisoformat(plan.created_at)
    rules = {entry.source: entry for entry in target.ignored}
    names = sorted({(_name(entry), entry.until) for entry in rules.values()})
    text = Text(f"{plural(len(target.ignored), 'field')} ignored by {plural(len(rules), 'rule')} (")
    for place, (name, until) in enumerate(names[:FEW]):
        text.append(f"{', ' * bool(place)}{visible(name)} until {visible(until)}")
        text.append(_warning(until, now), "bold yellow")
    hidden = len(names) - FEW
    yield text.append(f" and {hidden:,} more)" if hidden > 0 else ")")
    for entry in target.ignored if full else ():
        yield Text.assemble(
            ("- ", "dim"),
            f"{visible(entry.case_id)}  {visible(entry.name)}: {visible(entry.reason)}",
            (f"   {visible(entry.source.file)}:{entry.source.line}", "dim"),
        )
    yield Text()


def _name(entry: IgnoredField) -> str:
    return entry.rule or f"{entry.source.file}:{entry.source.line}"


def _warning(until: str, now: datetime) -> str:
    """That a rule ends soon, or did; empty for one that holds for long."""
    ends = end_of(until)
    return "" if ends is None or now < ends - GRACE else f", {ending(ends, now)}"
