"""Find rules of kind Ignore that end soon, have ended, or say the same twice."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from reconciler.model.condition import All, AnyOf, Condition, Not, Test
from reconciler.model.diagnostic import Problem, Source, quoted
from reconciler.model.ignore import IgnoreRule
from reconciler.model.spec import IgnoreSpec

# A rule warns this long before it ends. As long afterwards it still holds and warns: a value is
# not overwritten overnight because of a date that nobody looked at.
GRACE = timedelta(days=7)


def expired(ignores: Iterable[IgnoreSpec], now: datetime) -> Iterator[Problem]:
    """Rules that ended longer ago than the grace: no plan is made with such a rule."""
    for rule in _rules(ignores):
        if now >= rule.ends + GRACE:
            yield Problem(
                _position(rule),
                "ignore-expired",
                f"found a rule for {quoted(rule.field.text)} until {rule.until.text}, "
                f"more than {GRACE.days} days ago",
                "remove the rule, or write a later `until`",
            )


def expiring(ignores: Iterable[IgnoreSpec], now: datetime) -> Iterator[Problem]:
    """Warnings about rules that end soon, or ended lately and still hold."""
    for rule in _rules(ignores):
        if rule.ends - GRACE <= now < rule.ends + GRACE:
            yield Problem(
                _position(rule),
                "ignore-expires",
                f"the rule for {quoted(rule.field.text)} {ending(rule.ends, now)}",
                "remove the rule, or write a later `until`",
            )


def ending(ends: datetime, now: datetime) -> str:
    """How soon a rule ends, or how long ago it did and how long it still holds."""
    if now < ends:
        return f"ends {_days(ends - now, 'within a day', 'in {}')}"
    since = _days(now - ends, "within the last day", "{} ago")
    return f"ended {since}, and holds for {_days(ends + GRACE - now, 'less than a day', '{}')} more"


def _days(span: timedelta, under_one: str, words: str) -> str:
    if span < timedelta(days=1):
        return under_one
    return words.format("1 day" if span.days == 1 else f"{span.days} days")


def repeated(ignores: Iterable[IgnoreSpec], default: str | None) -> Iterator[Problem]:
    """Rules about what another rule leaves alone already, under the same condition."""
    first: dict[tuple[object, ...], Source] = {}
    for spec in ignores:
        for rule in spec.rules:
            positions = {
                first.setdefault((target, drift, *_essence(rule)), rule.at)
                for target in spec.header.targets or (default or "",)
                for drift in (False, True)
                if rule.holds_for(drift=drift)
            }
            others = sorted(positions - {rule.at})
            if others:
                yield Problem(
                    rule.at,
                    "repeated-rule",
                    f"found a second rule for {quoted(rule.field.text)}, the first is at "
                    f"{others[0]}",
                    "keep one of the two",
                )


def _essence(rule: IgnoreRule) -> tuple[object, ...]:
    """What a rule is about, whatever its place, reason and end."""
    # References are case-insensitive in the service (documented).
    case = rule.case.casefold() if rule.by_reference else rule.case
    return rule.field.text.casefold(), rule.by_reference, case, _meaning(rule.when)


def _meaning(condition: Condition | None) -> object:
    match condition:
        case None:
            return None
        case All(parts):
            return ("all", *map(_meaning, parts))
        case AnyOf(parts):
            return ("any", *map(_meaning, parts))
        case Not(part):
            return ("not", _meaning(part))
        case Test(field, operator, operands):
            return (field.text.casefold(), operator, *(one.text for one in operands))


def _rules(ignores: Iterable[IgnoreSpec]) -> Iterator[IgnoreRule]:
    for spec in ignores:
        yield from spec.rules


def _position(rule: IgnoreRule) -> Source:
    return Source(rule.at.file, rule.until.line, rule.until.column)
