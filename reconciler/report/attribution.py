"""What class a difference is of and who made it, in the words of the text report."""

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from reconciler.history.stamp import read_stamp
from reconciler.model.classes import TOUCHED, ChangeClass
from reconciler.model.plan import CaseChange, FieldChange, LastChange, Plan, TargetPlan
from reconciler.model.plural import plural
from reconciler.report.conflicts import CAUSE, Fate
from reconciler.report.escaping import visible
from reconciler.report.values import LONG, shown
from reconciler.report.view import Group

_MOST_NAMES = 3  # of people behind alike changes
_SHORT_COMMIT = 7


def class_word(entry: FieldChange) -> Iterator[tuple[str, str]]:
    """The class at the end of a field's line, where no line of its own says more."""
    facts = entry.change_class.facts
    if facts.known and not facts.touched:
        yield (f"   {entry.change_class}", "dim")


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
    alone = not kind.facts.written
    also = "the spec changed too; " if alone else ""
    style = "bold magenta" if alone else "bold red"
    yield Text.assemble("      ", (f"{kind}: ", style), also + told)


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


def ways_out(plan: Plan, fates: Mapping[str, Fate]) -> Iterator[Text]:
    """What can be done about conflicts, target by target, and about drift."""
    for target in plan.targets:
        if fate := fates.get(target.name):
            yield from _conflicts(target, fate, named=len(plan.targets) > 1)
    drifted = [one for target in plan.targets for one in _touched(target, written=True)]
    if drifted:
        case, field = ("ID", "NAME") if drifted[1:] else map(shlex.quote, _names(*drifted[0]))
        yield Text()
        yield Text(f"{plural(len(drifted), 'value')} left the specs. Three ways out, for each:")
        yield from _listed(
            ("restore the spec", "reconcile apply"),
            ("accept live", f"reconcile accept --case {case} --field {field}"),
            ("stop managing it", "an ignore rule in the specs: reconcile ignore --help"),
        )


def _conflicts(target: TargetPlan, fate: Fate, *, named: bool) -> Iterator[Text]:
    where = f" ({visible(target.name)})" if named else ""
    found = list(_touched(target, written=False))
    about = _names(*found[0]) if len(found) == 1 else ()
    ways = fate.ways(*about)
    number = {3: "Three", 2: "Two other"}[len(ways)]
    yield Text()
    yield Text(f"{fate.heading}{where}, {CAUSE}. {fate.sentence} {number} ways out, for each:")
    yield from _listed(*((way.what, way.how()) for way in ways))


def _listed(*ways: tuple[str, str]) -> Iterator[Text]:
    width = max(len(what) for what, _ in ways) + 2
    for what, how in ways:
        yield Text.assemble(f"  {what:<{width}}", (how, "bold"))


def _touched(target: TargetPlan, *, written: bool) -> Iterator[tuple[CaseChange, FieldChange]]:
    """The values that somebody changed, and that apply writes or does not write."""
    for change in target.changes:
        for entry in change.fields:
            facts = entry.change_class.facts
            if facts.touched and facts.written is written:
                yield change, entry


def _names(change: CaseChange, entry: FieldChange) -> tuple[str, str]:
    return visible(change.case_id), visible(entry.name)
