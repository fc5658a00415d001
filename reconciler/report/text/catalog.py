"""A domain's catalog as a table for people."""

from collections.abc import Iterator, Mapping

from rich.text import Text

from reconciler.config.model import Rate
from reconciler.model.catalog import Catalog, Field
from reconciler.model.fieldtypes.table import TYPES, has_options
from reconciler.report.escaping import visible
from reconciler.service.quotas import DEFAULT_QUOTAS


def catalog_text(catalog: Catalog) -> Iterator[Text]:
    """Fields with what may be written to them, then templates with what they require."""
    yield Text.assemble(
        ("domain ", "dim"),
        (visible(catalog.domain_name), "bold"),
        f"  {visible(catalog.domain_id)}",
        ("   account ", "dim"),
        visible(catalog.account),
        ("   Region ", "dim"),
        visible(catalog.region),
    )
    yield Text()
    fields = sorted(catalog.fields, key=lambda field: (field.namespace != "System", field.name))
    names = max((len(visible(field.name)) for field in fields), default=0)
    ids = max((len(visible(field.id)) for field in fields), default=0)
    yield Text(f"{'FIELD':<{names}}  {'TYPE':<12}  {'ID':<{ids}}  VALUES", "bold")
    for field in fields:
        yield Text.assemble(
            (f"{visible(field.name):<{names}}", "cyan"),
            f"  {field.type:<12}  {visible(field.id):<{ids}}  ",
            (_values(catalog, field), "dim"),
        )
    yield Text()
    width = max((len(visible(template.name)) for template in catalog.templates), default=0)
    yield Text(f"{'TEMPLATE':<{width}}  REQUIRES", "bold")
    for template in sorted(catalog.templates, key=lambda entry: entry.name):
        required = ", ".join(
            sorted(
                visible(catalog.by_id[key].name if key in catalog.by_id else key)
                for key in template.required or ()
            )
        )
        yield Text.assemble((f"{visible(template.name):<{width}}", "cyan"), f"  {required or '-'}")


def quotas_text(found: Mapping[str, Rate]) -> Iterator[Text]:
    """The quotas of the calls that reconcile makes, and what the config should say of them."""
    yield Text(f"{'API':<20}  {'RATE':>8}  {'BURST':>6}  DEFAULT", "bold")
    other: dict[str, Rate] = {}
    for api, default in DEFAULT_QUOTAS.items():
        quota = found.get(api)
        shown = (f"{quota.rate:g}", f"{quota.burst}") if quota is not None else ("?", "?")
        if quota is not None and quota != default:
            other[api] = quota
        yield Text.assemble(
            (f"{api:<20}", "cyan"),
            f"  {shown[0]:>8}  {shown[1]:>6}  ",
            (f"{default.rate:g}/{default.burst}", "dim"),
        )
    if other:
        yield Text()
        yield Text("for the target in reconcile.yaml:", "dim")
        yield Text("    quotas:")
        for api, quota in other.items():
            yield Text(f"      {api}: {{rate: {quota.rate:g}, burst: {quota.burst}}}")


def _values(catalog: Catalog, field: Field) -> str:
    if field.read_only:
        return "read-only"
    if has_options(field):
        return ", ".join(
            visible(
                option.value if option.value == option.name else f"{option.value} ({option.name})"
            )
            + ("" if option.active else " [inactive]")
            for option in catalog.options.get(field.id, ())
        )
    return TYPES[field.type].describe(field)
