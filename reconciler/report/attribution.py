"""What class a difference is of and who made it, in the words of the text report."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.text import Text

from reconciler.engine.stamp import read_stamp
from reconciler.model.plan import (
    TOUCHED,
    URGENCY,
    CaseChange,
    ChangeClass,
    FieldChange,
    LastChange,
    Plan,
)
from reconciler.model.plural import plural
from reconciler.report.escaping import visible
from reconciler.report.values import LONG, shown
from reconciler.report.view import Group

_STYLES = {
    ChangeClass.NEW: "dim",
    ChangeClass.PENDING: "dim",
    ChangeClass.DRIFT: "bold red",
    ChangeClass.CONFLICT: "bold magenta",
}
_QUIET = (ChangeClass.NEW, ChangeClass.PENDING)
_MOST_NAMES = 3  # of people behind alike changes
_SHORT_COMMIT = 7


def urgency(group: Group) -> int:
    """Where a group stands among others: by the most urgent class of its fields."""
    return min(URGENCY[entry.change_class] for entry in group.fields)


def class_word(entry: FieldChange) -> Iterator[tuple[str, str]]:
    """The class at the end of a field's line, where no line of its own says more."""
    if entry.change_class in _QUIET:
        yield (f"   {entry.change_class}", _STYLES[entry.change_class])


def class_line(group: Group, at: int, *, full: bool) -> Iterator[Text]:
    """Under a field that drifted or conflicts: who set it, when, and what it was before."""
    entry = group.fields[at]
    kind = entry.change_class
    if kind not in TOUCHED:
        return
    lasts = [case.fields[at].last_change for case in group.cases]
    known = [one for one in lasts if one is not None]
    if not known:
        told = "the history does not say who set it"
    elif len(set(lasts)) == 1:
        told = _told(entry, known[0], full=full)
    else:
        told = _told_of_many(known, len(lasts) - len(known), full=full)
    also = "the spec changed too; " if kind == ChangeClass.CONFLICT else ""
    yield Text.assemble("      ", (f"{kind}: ", _STYLES[kind]), also + told)


def _told(entry: FieldChange, last: LastChange, *, full: bool) -> str:
    verb = "cleared" if last.after is None else "set"
    was = "empty" if last.before is None else shown(last.before, entry.type)
    told = f"{verb} {moment(last.at)} by {author(last.by, last.principal, full=full)}"
    return f"{told} (was {was})" if full or len(was) <= LONG else told


def _told_of_many(known: Sequence[LastChange], unknown: int, *, full: bool) -> str:
    counts = Counter(author(one.by, one.principal, full=full) for one in known)
    names = [f"{name} ({count:,})" for name, count in counts.most_common()]
    if len(names) > _MOST_NAMES and not full:
        names[_MOST_NAMES - 1 :] = [f"{len(names) - _MOST_NAMES + 1:,} others"]
    names += [f"unknown ({unknown:,})"] if unknown else []
    return f"set {_between([one.at for one in known])} by {', '.join(names)}"


def _between(times: Sequence[str]) -> str:
    """The span of some times, each day and zone said once."""
    first, last = moment(min(times)), moment(max(times))
    if first == last:
        return first
    day, clock, _ = first.split()
    return f"{day} {clock} to {last.removeprefix(day).strip()}"


def moment(at: str) -> str:
    """`2026-11-20 14:03 UTC`."""
    return f"{visible(at[:10])} {visible(at[11:16])} UTC"


def author(by: str, principal: str, *, full: bool = False) -> str:
    """A person, a named entity or a role; our own stamps by what they are."""
    stamp = read_stamp(by)
    if stamp is not None:
        what = "a reconcile rollback" if stamp.rollback else "reconcile apply"
        return f"{what}, commit {stamp.commit[:_SHORT_COMMIT]}" if stamp.commit else what
    who = by or principal
    return visible(who if full else short_arn(who)) or "nobody the history names"


def short_arn(arn: str) -> str:
    """`arn:…/j.doe`: what tells one ARN from another; anything else as it is."""
    parts = arn.split("/")
    if not arn.startswith("arn:") or len(parts) < 2:
        return arn
    kept = 2 if ":assumed-role" in parts[0] else 1
    return "/".join(["arn:…", *parts[-kept:]])


def classes_words(plan: Plan) -> str:
    """`2 drift, 1 new`; empty for a rollback, whose values are nobody's edits."""
    if plan.rollback_of:
        return ""
    counts = plan.classes
    return ", ".join(f"{counts[kind]:,} {kind}" for kind in ChangeClass if counts[kind])


def ways_out(plan: Plan) -> Iterator[Text]:
    """What can be done about conflicts and about drift."""
    for kind in TOUCHED:
        found = [
            (change, entry)
            for target in plan.targets
            for change in target.changes
            for entry in change.fields
            if entry.change_class is kind
        ]
        if found:
            yield from _ways_out(kind, found)


def _ways_out(kind: ChangeClass, found: Sequence[tuple[CaseChange, FieldChange]]) -> Iterator[Text]:
    """The three ways out for values of one class; with the case and field where it is only one."""
    change, entry = found[0]
    alone = len(found) == 1
    case = shlex.quote(visible(change.case_id)) if alone else "ID"
    field = shlex.quote(visible(entry.name)) if alone else "NAME"
    count = plural(len(found), "value")
    said = f"{count} left the specs."
    apply = "reconcile apply"
    if kind is ChangeClass.CONFLICT:
        are = "is" if alone else "are"
        said = f"! {count} {are} in conflict, changed by the specs and by others: not written."
        apply = f"reconcile apply --allow-conflicts {len(found)}"
    yield Text()
    yield Text(f"{said} Three ways out, for each:")
    for what, how in (
        ("restore the spec", apply),
        ("accept live", f"reconcile accept --case {case} --field {field}"),
        ("stop managing it", "an ignore rule in the specs: reconcile ignore --help"),
    ):
        yield Text.assemble(f"  {what:<18}", (how, "bold"))
