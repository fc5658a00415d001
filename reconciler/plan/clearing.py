"""Find the clears that the service would refuse: fields that the case's template requires."""

from collections.abc import Iterator, Sequence

from reconciler.model.catalog import Catalog
from reconciler.model.diagnostic import Problem
from reconciler.model.value import TemplateId
from reconciler.read.gathered import Compared
from reconciler.service.catalog import required_fields
from reconciler.service.ports import CatalogReader


def refused_clears(
    found: Sequence[Compared], catalog: Catalog, reader: CatalogReader
) -> Iterator[Problem]:
    """A problem for each; templates are read only when something is cleared."""
    clearing = [
        (one.live.template_id, difference.desired)
        for one in found
        for difference in one.differences
        if difference.desired.value is None
    ]
    ids: set[TemplateId] = {template_id for template_id, _ in clearing}
    templates = required_fields(catalog, reader, ids)
    for template_id, desired in clearing:
        template = templates[template_id]
        # Documented: emptyValue is refused for a field that the template requires.
        if desired.field in (template.required or ()):
            yield Problem(
                desired.at,
                "required-field",
                f"{catalog.by_id[desired.field].name} cannot be cleared: the template "
                f'"{template.name}" of this case requires it',
                "give it a value, or leave it out",
            )
