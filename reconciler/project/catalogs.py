"""What a domain offers, to look at, to save, and for editors."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reconciler.model import catalog as model


class Catalog:
    """The fields, types, options and templates of one domain.

    Example:
        >>> any(field.name == "Severity" for field in project.catalog().data.fields)
        True
    """

    __slots__ = ("data",)

    def __init__(self, data: "model.Catalog") -> None:
        self.data = data

    def to_json(self) -> bytes:
        """The whole catalog, as `save` writes it.

        Example:
            >>> project.catalog().to_json()[:1]
            b'{'
        """
        from reconciler.service.catalog_data import catalog_data
        from reconciler.service.catalog_file import rendered

        return rendered(catalog_data(self.data))

    def save(self, path: str | Path) -> None:
        """Write it, for checks without any call.

        Raises:
            Unwritable: the file cannot be written.

        Example:
            >>> project.catalog().save(folder / "catalog.json")
        """
        from reconciler.service.catalog_data import catalog_data
        from reconciler.service.catalog_file import save_catalog

        save_catalog(catalog_data(self.data), Path(path))

    def schema(self) -> Mapping[str, Any]:
        """A JSON Schema of specs that knows this domain, for editors.

        Example:
            >>> "$schema" in project.catalog().schema()
            True
        """
        from reconciler.files.schema_check import schema_data
        from reconciler.specs.catalog_schema import domain_schema

        return domain_schema(schema_data("spec"), self.data)

    def save_schema(self, path: str | Path) -> None:
        """Write that schema.

        Raises:
            Unwritable: the file cannot be written.

        Example:
            >>> project.catalog().save_schema(folder / "spec.schema.json")
        """
        from reconciler.service.catalog_file import save_catalog

        save_catalog(self.schema(), Path(path))
