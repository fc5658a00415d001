"""Find the cases that specs name by reference: exactly one each, or it is said why not."""

from collections.abc import Iterator, Sequence

from reconciler.engine.resolve import NamedWish
from reconciler.model.catalog import Catalog, Field
from reconciler.model.plan import UnknownCase
from reconciler.model.selection import Check, Rule, Some
from reconciler.model.value import CaseId, FieldId
from reconciler.workflow.index import Index

REFERENCE_FIELDS = (FieldId("reference_number"), FieldId("reference_id"))


def find_references(
    index: Index, catalog: Catalog, wishes: Sequence[NamedWish]
) -> Iterator[tuple[NamedWish, CaseId | UnknownCase]]:
    """The case of each wish, by reference number or id, whatever its letters' case."""
    keys = [catalog.by_id[key] for key in REFERENCE_FIELDS if key in catalog.by_id]
    if not keys:
        for wish in wishes:
            yield wish, _unknown(wish, "no-references", "this domain has no reference number field")
        return
    matches = _matches(index, keys, wishes)
    for wish in wishes:
        found = matches.get(wish.key.casefold(), set())
        if len(found) == 1:
            yield wish, next(iter(found))
        elif found:
            ids = ", ".join(sorted(found))
            yield wish, _unknown(wish, "ambiguous-reference", f"{len(found)} cases have it: {ids}")
        else:
            yield wish, _unknown(wish, "not-found", "the search index finds no case with it")


def _matches(
    index: Index, keys: Sequence[Field], wishes: Sequence[NamedWish]
) -> dict[str, set[CaseId]]:
    """The cases that hold each reference, among those asked for."""
    asked = {wish.key.casefold() for wish in wishes}
    found: dict[str, set[CaseId]] = {}

    def rule(part: Sequence[NamedWish]) -> Rule:
        return Some(tuple(Check(key, "in", tuple(wish.key for wish in part)) for key in keys))

    for live in index.matching(wishes, rule, len(keys), keys):
        for key in keys:
            held = str(live.value_of(key.id) or "").casefold()
            if held in asked:
                found.setdefault(held, set()).add(live.case_id)
    return found


def _unknown(wish: NamedWish, reason: str, detail: str) -> UnknownCase:
    return UnknownCase(f"reference {wish.key}", reason, detail, wish.at)
