"""Find the cases that specs name by reference: exactly one each, or it is said why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reconciler.model.case import LiveCase
from reconciler.model.catalog import Catalog, Field
from reconciler.model.filter import Check, Rule, Some
from reconciler.model.plan import UnreadableCase
from reconciler.model.system_fields import REFERENCE_FIELDS
from reconciler.model.value import CaseId
from reconciler.read.index import Index
from reconciler.specs.merging import wanted_of
from reconciler.specs.resolve import ResolvedCase


@dataclass(slots=True)
class _Matches:
    """Cases by reference, and why an answer of the index may lack one."""

    cases: dict[str, dict[CaseId, LiveCase]] = field(default_factory=dict)
    doubt: str = ""


def find_references(
    index: Index, catalog: Catalog, cases: Sequence[ResolvedCase], fields: Sequence[Field]
) -> Iterator[tuple[ResolvedCase, LiveCase | UnreadableCase]]:
    """The case of each named one, by reference number or id, whatever its letters' case.

    The cases come with the values of `fields`, as the index shows them.
    """
    keys = [catalog.by_id[key] for key in REFERENCE_FIELDS if key in catalog.by_id]
    if not keys:
        for case in cases:
            yield (
                case,
                _unreadable(case, "no-references", "this domain has no reference number field"),
            )
        return
    asked = {entry.id: entry for entry in (*keys, *fields)}
    matches = _matches(index, keys, cases, list(asked.values()))
    for case in cases:
        found = matches.cases.get(case.key.casefold(), {})
        if matches.doubt and len(found) < 2:  # what is unreadable may be the one, or another one
            yield case, _unreadable(case, "unreadable-value", matches.doubt)
        elif len(found) == 1:
            yield case, next(iter(found.values()))
        elif found:
            ids = ", ".join(sorted(found))
            yield (
                case,
                _unreadable(case, "ambiguous-reference", f"{len(found)} cases have it: {ids}"),
            )
        else:
            yield case, _unreadable(case, "not-found", "the search index finds no case with it")


def _matches(
    index: Index, keys: Sequence[Field], cases: Sequence[ResolvedCase], fields: Sequence[Field]
) -> _Matches:
    """The cases that hold each reference, among those asked for."""
    asked = {case.key.casefold() for case in cases}
    found = _Matches()

    def rule(part: Sequence[ResolvedCase]) -> Rule:
        references = tuple(case.key for case in part)
        # Either may be meant: AWS documents a reference number, and announced a reference id for
        # 2026 that older cases lack.
        checks = tuple(Check(key, "in", references) for key in keys)
        return checks[0] if len(checks) == 1 else Some(checks)

    for page in index.matching(cases, rule, len(keys), fields):
        for case_id, detail in page.unreadable.items():
            found.doubt = found.doubt or f"case {case_id} of the answer is unreadable: {detail}"
        for live in page.cases:
            for key in keys:
                # The index may match more than equal texts, so that only what was read counts.
                # Reference ids are case-insensitive (documented).
                held = str(live.value_of(key.id) or "").casefold()
                if held in asked:
                    found.cases.setdefault(held, {})[live.case_id] = live
    return found


def _unreadable(case: ResolvedCase, reason: str, detail: str) -> UnreadableCase:
    return UnreadableCase(f"reference {case.key}", reason, detail, case.at, wanted_of([case]))
