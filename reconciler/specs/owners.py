"""Whose spec may change what.

A rule of `owners` names an owner, the specs they hold, the fields they own, or both. A spec is
that of its `metadata.owner`, else of the first owner who holds its file. A file that somebody
holds may carry specs of its holders only. A field that some rules list may be changed only by a
spec that keeps one of those rules: of that owner, and in a file that they hold, if the rule says
which. What no rule names is free.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from reconciler.config.model import OwnerRule
from reconciler.model.catalog import Catalog
from reconciler.model.diagnostic import Source, UnplacedProblem, quoted
from reconciler.model.guards import Guard
from reconciler.model.plan import Blocker, CaseChange, FieldChange, TargetPlan
from reconciler.model.plural import plural
from reconciler.model.spec import Header
from reconciler.specs.names import FieldNames

SHOWN = 3  # files and fields named in one message

_WILD = re.compile(r"\*\*/|\*\*|\*|\?")
_MEANS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(glob: str, file: str) -> bool:
    """Whether a path is one that a glob means: `*` within a folder, `**` across folders."""
    return _compiled(glob).fullmatch(file) is not None


@cache
def _compiled(glob: str) -> re.Pattern[str]:
    whole = f"{glob}**" if glob.endswith("/") else glob
    # By hand: fnmatch lets `*` cross folders.
    literal = (re.escape(part) for part in _WILD.split(whole))
    wild = (_MEANS[found] for found in _WILD.findall(whole))
    pieces = [piece for pair in zip(literal, [*wild, ""], strict=True) for piece in pair]
    return re.compile("".join(pieces), re.DOTALL)


class Ownership:
    """The config's rules, asked about one spec or one field at a time."""

    def __init__(self, rules: Sequence[OwnerRule]) -> None:
        self._rules = rules
        self._holders: dict[str, tuple[str, ...]] = {}

    def owner_of(self, header: Header) -> str:
        """Whose spec this is; empty when it does not say, and nobody holds its file."""
        said = header.metadata.get("owner", "").strip()
        return said or next(iter(self.holders(header.at.file)), "")

    def holders(self, file: str) -> tuple[str, ...]:
        """The owners who hold a file, in the order of the rules."""
        known = self._holders.get(file)
        if known is None:
            known = self._holders[file] = _unique(
                rule.owner for rule in self._rules if _holds(rule, file)
            )
        return known

    def intruded(self, file: str, owner: str) -> tuple[str, ...]:
        """The holders of a file which a spec of this owner should not be in."""
        holders = self.holders(file)
        return () if owner in holders else holders

    def deprived(self, file: str, owner: str, names: Collection[str]) -> tuple[str, ...]:
        """Those who own the field of these names, where a spec of this owner may not change it."""
        # By id or by display name, in any case: a rule must not be missed for its spelling.
        folded = {name.casefold() for name in names}
        listing = [rule for rule in self._rules if folded & set(map(str.casefold, rule.fields))]
        if any(rule.owner == owner and (not rule.specs or _holds(rule, file)) for rule in listing):
            return ()
        return _unique(rule.owner for rule in listing)


def _holds(rule: OwnerRule, file: str) -> bool:
    return any(matches(glob, file) for glob in rule.specs)


def _unique(owners: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(owners))


def owned(
    changes: tuple[CaseChange, ...], headers: Sequence[Header], rules: Sequence[OwnerRule]
) -> tuple[CaseChange, ...]:
    """The changes, each told whose spec wants it."""
    if not (rules or any("owner" in header.metadata for header in headers)):
        return changes
    ownership = Ownership(rules)
    by_file: dict[str, list[tuple[int, str]]] = {}
    for header in headers:
        by_file.setdefault(header.at.file, []).append((header.at.line, ownership.owner_of(header)))
    for documents in by_file.values():
        # By line, since a file may hold specs of several owners.
        documents.sort()
    return tuple(
        replace(
            change,
            fields=tuple(
                replace(entry, owner=_owner_at(entry.source, by_file)) for entry in change.fields
            ),
        )
        for change in changes
    )


def _owner_at(at: Source, by_file: Mapping[str, list[tuple[int, str]]]) -> str:
    """The owner of the last document that begins at or before this place."""
    documents = by_file.get(at.file, [])
    place = bisect_right(documents, at.line, key=lambda document: document[0])
    return documents[place - 1][1] if place else ""


def owner_guards(
    target: TargetPlan, rules: Sequence[OwnerRule], allowed: Collection[str]
) -> tuple[Blocker, ...]:
    """The guard `owner`: changes that belong to somebody else, unless that owner is allowed."""
    if not rules:
        return ()
    ownership = Ownership(rules)
    found: dict[tuple[str, ...], list[FieldChange]] = {}
    for change in target.changes:
        for entry in change.fields:
            for owners in _wronged(ownership, entry):
                found.setdefault(owners, []).append(entry)
    return tuple(
        _blocker(target.name, owners, entries)
        for owners, entries in sorted(found.items())
        if not set(owners) & set(allowed)
    )


def disowned(target: TargetPlan) -> TargetPlan:
    """The target's part of a plan that nobody vouches for: whose specs want it is not proven."""
    return replace(
        target,
        changes=tuple(
            replace(change, fields=tuple(replace(entry, owner="") for entry in change.fields))
            for change in target.changes
        ),
    )


def unknown_fields(rules: Sequence[OwnerRule], catalog: Catalog) -> Iterator[str]:
    """A warning for each field of the rules that this domain lacks: mistyped, it is nobody's.

    It may be the field of another target, so it stops no plan.
    """
    names = FieldNames(catalog) if rules else None
    for rule in rules:
        for name in rule.fields:
            found = names.find(name) if names else None
            if isinstance(found, UnplacedProblem) and found.code == "unknown-field":
                hint = f" ({found.hint})" if found.hint else ""
                domain = f"domain {catalog.domain_name}"
                yield f"owners: {rule.owner} owns {quoted(name)}, and {domain} lacks it{hint}"


def _wronged(ownership: Ownership, entry: FieldChange) -> Iterator[tuple[str, ...]]:
    file = entry.source.file
    intruded = ownership.intruded(file, entry.owner)
    deprived = ownership.deprived(file, entry.owner, (entry.id, entry.name))
    yield from (owners for owners in dict.fromkeys((intruded, deprived)) if owners)


def _blocker(target: str, owners: tuple[str, ...], entries: Sequence[FieldChange]) -> Blocker:
    count = len(entries)
    who = " or ".join(owners)
    names = _few(entry.name for entry in entries)
    places = _few(f"{entry.source.file} ({owner_said(entry.owner)})" for entry in entries)
    return Blocker(
        guard=Guard.OWNER,
        scope=f"{target}, owner {who}",
        found=count,
        limit=0,
        message=f"{plural(count, 'value')} of {names} would be changed from {places}, "
        f"and only specs of {who} may",
        names=owners[0],
    )


def owner_said(owner: str) -> str:
    """An owner for a sentence about their spec."""
    return f"owner {owner}" if owner else "no owner"


def _few(texts: Iterable[str]) -> str:
    found = sorted(set(texts))
    hidden = len(found) - SHOWN
    return ", ".join(found[:SHOWN]) + (f" and {hidden:,} more" if hidden > 0 else "")
