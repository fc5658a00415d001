"""Find what a name in a spec stands for: a field or a template."""

from collections.abc import Iterable, Sequence

from reconciler.model.catalog import Catalog, Field, Template
from reconciler.model.diagnostic import UnplacedProblem, nearest
from reconciler.model.value import FieldId


class FieldNames:
    """Field definitions by id, by exact display name, or by a name unique but for case."""

    def __init__(self, catalog: Catalog) -> None:
        self._fields = catalog.fields
        self._known: dict[str, Field | UnplacedProblem] = {}
        by_name: dict[str, list[Field]] = {}
        by_fold: dict[str, list[Field]] = {}
        for field in catalog.fields:
            by_name.setdefault(field.name, []).append(field)
            by_fold.setdefault(field.name.casefold(), []).append(field)
        self._by_id = catalog.by_id
        self._by_name = by_name
        self._by_fold = by_fold

    def find(self, name: str) -> Field | UnplacedProblem:
        """The one field that `name` stands for, or why there is not exactly one."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._find(name)
        return known

    def _find(self, name: str) -> Field | UnplacedProblem:
        # Ids first: the display name of one field may be the id of another.
        if name in self._by_id:
            return self._by_id[name]
        found = self._by_name.get(name) or self._by_fold.get(name.casefold()) or []
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(sorted(field.id for field in found))
            return UnplacedProblem(
                "ambiguous-field",
                f'"{name}" is the name of {len(found)} fields',
                f"write the id of the one you mean: {ids}",
            )
        names = [field.name for field in self._fields] + [
            # Ids of custom fields are UUIDs, which nobody mistypes by a letter or two.
            field.id
            for field in self._fields
            if field.namespace == "System"
        ]
        return UnplacedProblem(
            "unknown-field", f'this domain has no field "{name}"', nearest(name, names)
        )


def fields_called(names: Iterable[str], catalog: Catalog) -> frozenset[FieldId]:
    """The fields with one of these names or ids, in any case; names that none has are no matter."""
    folded = {name.casefold() for name in names}
    return frozenset(
        field.id
        for field in catalog.fields
        if field.id.casefold() in folded or field.name.casefold() in folded
    )


def find_template(text: str, templates: Sequence[Template]) -> Template | UnplacedProblem:
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
        return UnplacedProblem(
            "ambiguous-template",
            f'"{text}" is the name of {len(found)} templates',
            f"write the id of the one you mean: {ids}",
        )
    return UnplacedProblem(
        "unknown-template",
        f'this domain has no template "{text}"',
        nearest(text, [template.name for template in templates]),
    )
