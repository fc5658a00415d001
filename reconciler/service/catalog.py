"""Find a target's domain and read what it offers: each list once a run, and only what is used."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from reconciler.config.model import Target
from reconciler.errors import NotFound, ReconcilerError
from reconciler.model.catalog import Catalog, Option, Template
from reconciler.model.fieldtypes.table import has_options
from reconciler.model.value import FieldId, TemplateId
from reconciler.service.paging import Paging
from reconciler.service.ports import CatalogReader, DomainFacts, Page

T = TypeVar("T")

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MOST_PAGES = 200  # of any list; documented quotas are far below that


def all_pages(page: Callable[[str], Page[T]], what: str) -> Iterator[T]:
    """Every item of a list, page by page; a list that never ends is an error."""
    # By hand: boto3 has no paginator for these lists, and `get_paginator("list_fields")` raises
    # (verified).
    paging, token = Paging(what, MOST_PAGES), ""
    while True:
        found = page(token)
        yield from found.items
        token = found.token
        if not paging.goes_on(token):
            return


def _each_once(items: Iterable[T], key: Callable[[T], str], what: str) -> tuple[T, ...]:
    """The items, each once; the same one told in two ways is an error."""
    found: dict[str, T] = {}
    for item in items:
        if found.setdefault(key(item), item) != item:
            raise ReconcilerError(f"{what}: {key(item)} is listed twice, and not alike")
    return tuple(found.values())


def find_domain(target: Target, reader: CatalogReader) -> DomainFacts:
    """The target's domain, by id or by name (config says either)."""
    if _UUID.fullmatch(target.domain):
        try:
            # Domain ids are UUIDs (documented); anything else is looked for among the names.
            found = reader.get_domain(target.domain)
            if found.id.casefold() != target.domain.casefold():
                raise ReconcilerError(
                    f"target {target.name}: asked for domain {target.domain}, and the service "
                    f"answered with domain {found.id}"
                )
            return found
        except NotFound as error:
            raise ReconcilerError(
                f"target {target.name}: no domain {target.domain} in this account and Region"
            ) from error
    listed = "the list of domains"
    domains = _each_once(all_pages(reader.list_domains, listed), lambda one: one.id, listed)
    named = [domain for domain in domains if target.domain == domain.name]
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(sorted(domain.id for domain in named))
        raise ReconcilerError(
            f'target {target.name}: {len(named)} domains are named "{target.domain}"; '
            f"write the id in reconcile.yaml: {ids}"
        )
    known = ", ".join(sorted(domain.name for domain in domains)) or "none"
    raise ReconcilerError(
        f'target {target.name}: no domain "{target.domain}" in this account and Region; '
        f"there: {known}"
    )


def read_fields(domain: DomainFacts, reader: CatalogReader) -> Catalog:
    """The fields alone: enough to know which options are needed."""
    listed = "the list of fields"
    fields = _each_once(
        all_pages(lambda token: reader.list_fields(domain.id, token), listed),
        lambda one: one.id,
        listed,
    )
    return Catalog(
        domain_id=domain.id,
        domain_name=domain.name,
        account=domain.account,
        region=domain.region,
        fields=fields,
    )


def with_options(catalog: Catalog, reader: CatalogReader, needed: Iterable[FieldId]) -> Catalog:
    """The catalog with the options of the single-selects that are in use."""
    # A domain may have 500 fields, and each costs a call at 6 a second: only those in use are read.
    options = {field_id: _options(catalog, reader, field_id) for field_id in needed}
    return replace(catalog, options={**catalog.options, **options})


def _options(catalog: Catalog, reader: CatalogReader, field_id: FieldId) -> tuple[Option, ...]:
    listed = f"the options of {field_id}"
    return _each_once(
        all_pages(
            lambda token: reader.list_field_options(catalog.domain_id, field_id, token), listed
        ),
        lambda one: one.value,
        listed,
    )


def with_templates(catalog: Catalog, reader: CatalogReader) -> Catalog:
    """The catalog with the templates' names."""
    listed = "the list of templates"
    templates = _each_once(
        all_pages(lambda token: reader.list_templates(catalog.domain_id, token), listed),
        lambda one: one.id,
        listed,
    )
    return replace(catalog, templates=templates)


def required_fields(
    catalog: Catalog, reader: CatalogReader, ids: Iterable[TemplateId]
) -> dict[TemplateId, Template]:
    """What each of these templates requires; one that is gone requires nothing we could know."""
    found: dict[TemplateId, Template] = {}
    for template_id in sorted(set(ids)):
        try:
            found[template_id] = reader.get_template(catalog.domain_id, template_id)
        except NotFound:
            # A case may outlive its template; then the service alone knows what may be cleared.
            found[template_id] = Template(id=template_id, name=template_id, required=frozenset())
    return found


def read_whole(domain: DomainFacts, reader: CatalogReader) -> Catalog:
    """Everything: what `reconcile catalog` shows and saves."""
    catalog = read_fields(domain, reader)
    selects = [field.id for field in catalog.fields if has_options(field)]
    catalog = with_templates(with_options(catalog, reader, selects), reader)
    known = required_fields(catalog, reader, (entry.id for entry in catalog.templates))
    return replace(catalog, templates=tuple(known[entry.id] for entry in catalog.templates))
