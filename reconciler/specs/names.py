"""Find what a name in a spec stands for: a field, an option or a template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconciler.model.catalog import Catalog, Field, Option, Template
from reconciler.model.value import FieldId


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something an author wrote has no meaning here; a Problem once it has a place."""

    code: str
    message: str
    hint: str


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that offers the most alike known names, or the few there are."""
    from difflib import get_close_matches  # costs more to import than most runs need

    names = sorted(set(known))
    by_fold = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), by_fold, n=3, cutoff=0.55)
    if close:
        return "did you mean " + " or ".join(f'"{by_fold[fold]}"' for fold in close) + "?"
    if names and len(names) <= 12:
        return "known: " + ", ".join(names)
    return ""


class FieldNames:
    """Field definitions by id, by exact display name, or by a name unique but for case."""

    def __init__(self, catalog: Catalog) -> None:
        self._fields = catalog.fields
        self._known: dict[str, Field | Trouble] = {}
        by_name: dict[str, list[Field]] = {}
        by_fold: dict[str, list[Field]] = {}
        for field in catalog.fields:
            by_name.setdefault(field.name, []).append(field)
            by_fold.setdefault(field.name.casefold(), []).append(field)
        self._by_id = catalog.by_id
        self._by_name = by_name
        self._by_fold = by_fold

    def find(self, name: str) -> Field | Trouble:
        """The one field that `name` stands for, or why there is not exactly one."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._find(name)
        return known

    def _find(self, name: str) -> Field | Trouble:
        if name in self._by_id:
            return self._by_id[name]
        found = self._by_name.get(name) or self._by_fold.get(name.casefold()) or []
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(sorted(field.id for field in found))
            return Trouble(
                "ambiguous-field",
                f'"{name}" is the name of {len(found)} fields',
                f"write the id of the one you mean: {ids}",
            )
        names = [field.name for field in self._fields] + [
            field.id for field in self._fields if field.namespace == "System"
        ]
        return Trouble("unknown-field", f'this domain has no field "{name}"', nearest(name, names))


def fields_called(names: Iterable[str], catalog: Catalog) -> frozenset[FieldId]:
    """The fields with one of these names or ids, in any case; names that none has are no matter."""
    folded = {name.casefold() for name in names}
    return frozenset(
        field.id
        for field in catalog.fields
        if field.id.casefold() in folded or field.name.casefold() in folded
    )


def find_option(text: str, options: Sequence[Option], *, may_be_inactive: bool) -> Option | Trouble:
    """The option that `text` means: its value, else its name, else either but for case."""
    folded = text.casefold()
    found = (
        [option for option in options if option.value == text]
        or [option for option in options if option.name == text]
        or [o for o in options if folded in (o.value.casefold(), o.name.casefold())]
    )
    if len(found) > 1:
        values = ", ".join(f'"{option.value}"' for option in found)
        return Trouble(
            "ambiguous-option",
            f'"{text}" means {len(found)} options of this field',
            f"write the value of the one you mean: {values}",
        )
    if not found:
        offered = [option.name for option in options if option.active]
        return Trouble(
            "unknown-option", f'this field has no option "{text}"', nearest(text, offered)
        )
    if not (found[0].active or may_be_inactive):
        active = ", ".join(f'"{option.name}"' for option in options if option.active)
        return Trouble(
            "inactive-option",
            f'the option "{found[0].name}" is inactive, and no case can be given it any more',
            f"active options: {active}" if active else "this field has no active option",
        )
    return found[0]


def find_template(text: str, templates: Sequence[Template]) -> Template | Trouble:
    """The template that `text` means: its id, else its name, else its name but for case."""
    folded = text.casefold()
    found = (
        [template for template in templates if template.id == text]
        or [template for template in templates if template.name == text]
        or [template for template in templates if template.name.casefold() == folded]
    )
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(sorted(template.id for template in found))
        return Trouble(
            "ambiguous-template",
            f'"{text}" is the name of {len(found)} templates',
            f"write the id of the one you mean: {ids}",
        )
    return Trouble(
        "unknown-template",
        f'this domain has no template "{text}"',
        nearest(text, [template.name for template in templates]),
    )
