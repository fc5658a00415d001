"""A catalog as plain data and back: what `reconcile catalog --out` saves.

What each part is, is said by its type; see `files.derived`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from reconciler.files.canonical import Data
from reconciler.files.derived import Forms
from reconciler.files.forms import TRUTH, Form, count, each, optional, text
from reconciler.files.records import Key, Keys, record
from reconciler.model.catalog import Catalog, Field, Option, Template
from reconciler.model.fieldtypes.table import max_length
from reconciler.model.marks import Mark

FORMAT_VERSION = "1.0"


FORMAT_VERSION = "1.0"
_VERSION = Key(form=text(Mark(pattern=r"1\.[0-9]+", expected="1 and a number")))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A field with its options, which the catalog itself holds by field.

    What else follows from a field is written for other programs and passed over by this one, so
    that a limit of the service that moves makes no saved catalog wrong.
    """

    field: Field
    options: tuple[Option, ...] | None

    @property
    def max_length(self) -> int:
        """In characters; 0 where the type has none."""
        return max_length(self.field)


@dataclass(frozen=True, slots=True)
class _Page:
    """A catalog as its file has it, all in a stable order."""

    catalog: Catalog

    @property
    def entries(self) -> tuple[_Entry, ...]:
        """Each field with its options."""
        options = self.catalog.options
        ordered = sorted(self.catalog.fields, key=_order)
        return tuple(_Entry(field, options.get(field.id)) for field in ordered)

    @property
    def templates(self) -> tuple[Template, ...]:
        """The templates by name."""
        return tuple(sorted(self.catalog.templates, key=lambda one: (one.name, one.id)))


def _order(field: Field) -> tuple[bool, str, str]:
    return field.namespace != "System", field.name.casefold(), field.id


@cache
def catalog_form() -> Form:
    """How a catalog is written down."""
    forms = Forms()
    own = forms.keys(Catalog, without=("fields", "options", "templates"))
    keys: Keys = {
        "format_version": _VERSION,
        **{key: replace(one, attribute=f"catalog.{one.attribute}") for key, one in own.items()},
        "fields": Key(form=each(_entry_form(forms)), attribute="entries"),
        "templates": Key(form=each(forms.of(Template)), attribute="templates"),
    }
    return record(keys, _catalog)


def _catalog(entries: tuple[_Entry, ...], **read: Any) -> Catalog:
    own = {key.removeprefix("catalog."): value for key, value in read.items()}
    options = {entry.field.id: entry.options for entry in entries if entry.options is not None}
    return Catalog(fields=tuple(entry.field for entry in entries), options=options, **own)


def _entry_form(forms: Forms) -> Form:
    options = each(forms.of(Option))
    keys = {
        **{
            key: replace(one, attribute=f"field.{one.attribute}")
            for key, one in forms.keys(Field).items()
        },
        "max_length": Key(form=count(Mark()), attribute="max_length", required=False),
        "read_only": Key(form=TRUTH, attribute="field.read_only", required=False),
        "options": Key(
            form=replace(options, convert=optional(options).convert),
            attribute="options",
            required=False,
        ),
    }
    form = record(keys, _entry)

    def write(entry: _Entry) -> Data:
        data: Data = form.write(entry)
        if entry.options is None:
            del data["options"]
        return data

    return replace(form, convert=write)


def _entry(options: tuple[Option, ...] | None = None, **read: Any) -> _Entry:
    own = {key.removeprefix("field."): value for key, value in read.items()}
    known = {one.name for one in fields(Field)}
    return _Entry(Field(**{key: own[key] for key in known & own.keys()}), options)


def catalog_data(catalog: Catalog) -> dict[str, Any]:
    """The catalog in a stable order."""
    data: Data = catalog_form().write(_Page(catalog))
    return {"format_version": FORMAT_VERSION, **data}


def catalog_from(data: Mapping[str, Any]) -> Catalog:
    """The catalog that `catalog_data` wrote; Misshapen where it is none."""
    catalog: Catalog = catalog_form().read(data)
    return catalog
