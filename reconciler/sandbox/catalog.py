"""What a domain offers: its fields with their options, and its templates, as read from the file."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.sandbox.arns import Place
from reconciler.sandbox.errors import not_found
from reconciler.sandbox.store import Store
from reconciler.sandbox.system_fields import SYSTEM_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a single-select field."""

    value: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a domain."""

    key: int
    field_id: str
    name: str
    type: str
    namespace: str
    description: str | None
    multiline: bool
    deleted: bool
    created: str
    modified: str
    tags: Mapping[str, str]
    options: Mapping[str, Option]

    @property
    def limit(self) -> int:
        """The longest text the field takes."""
        if self.namespace == "System":
            return SYSTEM_FIELDS[self.field_id].limit
        return 500 if self.type == "Text" and not self.multiline else 4100


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template of a domain."""

    key: int
    template_id: str
    name: str
    description: str | None
    status: str
    layout: str | None
    required: tuple[str, ...]
    rules: tuple[Mapping[str, str], ...]
    propagation: tuple[Mapping[str, object], ...]
    created: str
    modified: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One domain, with all that its cases may refer to."""

    key: int
    domain_id: str
    name: str
    place: Place
    created: str
    tags: Mapping[str, str]
    fields: Mapping[str, Field]
    templates: Mapping[str, Template]

    @property
    def arn(self) -> str:
        """The domain's full name."""
        return self.place.domain(self.domain_id)

    def arn_of(self, kind: str, resource_id: str) -> str:
        """The full name of something inside the domain."""
        return self.place.within(self.domain_id, kind, resource_id)

    def field(self, field_id: str) -> Field:
        """A field by its id, deleted ones too."""
        found = self.fields.get(field_id)
        if found is None:
            raise not_found("Field", field_id)
        return found

    def template(self, template_id: str) -> Template:
        """A template by its id."""
        found = self.templates.get(template_id)
        if found is None:
            raise not_found("Template", template_id)
        return found


class Catalogs:
    """The catalogs of all domains in one file, read again only after someone changed them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version = ""
        self._domains: dict[str, Domain] = {}

    def domain(self, domain_id: str, region: str | None = None) -> Domain:
        """A domain by its id; in another Region than the caller's it does not exist."""
        version = self._store.meta("catalog")
        if version != self._version:
            self._domains.clear()
            self._version = version
        found = self._domains.get(domain_id) or self._read(domain_id)
        if found is None or (region is not None and region != found.place.region):
            raise not_found("Domain", domain_id)
        self._domains[domain_id] = found
        return found

    def place(self, account: str, region: str) -> Place:
        """Where a domain is, by what its row says."""
        return Place.of(account, region, self._store.told)

    def _read(self, domain_id: str) -> Domain | None:
        columns = "key, name, account, region, created, tags"
        row = self._store.connection.execute(
            f"SELECT {columns} FROM domains WHERE domain_id = ?", (domain_id,)
        ).fetchone()
        if row is None:
            return None
        key, name, account, region, created, tags = row
        connection = self._store.connection
        return Domain(
            key=key,
            domain_id=domain_id,
            name=name,
            place=self.place(account, region),
            created=created,
            tags=json.loads(tags),
            fields={field.field_id: field for field in _fields(connection, key)},
            templates={item.template_id: item for item in _templates(connection, key)},
        )


def _fields(connection: sqlite3.Connection, domain: int) -> Iterator[Field]:
    options: dict[int, dict[str, Option]] = {}
    for key, value, name, active in connection.execute(
        "SELECT field, value, name, active FROM options"
        " WHERE field IN (SELECT key FROM fields WHERE domain = ?) ORDER BY key",
        (domain,),
    ):
        options.setdefault(key, {})[value] = Option(value=value, name=name, active=bool(active))
    for row in connection.execute(
        "SELECT key, field_id, name, type, namespace, description, multiline, deleted,"
        " created, modified, tags FROM fields WHERE domain = ? ORDER BY key",
        (domain,),
    ):
        yield Field(
            key=row[0],
            field_id=row[1],
            name=row[2],
            type=row[3],
            namespace=row[4],
            description=row[5],
            multiline=bool(row[6]),
            deleted=bool(row[7]),
            created=row[8],
            modified=row[9],
            tags=json.loads(row[10]),
            options=options.get(row[0], {}),
        )


def _templates(connection: sqlite3.Connection, domain: int) -> Iterator[Template]:
    for row in connection.execute(
        "SELECT key, template_id, name, description, status, layout, required, rules,"
        " propagation, created, modified, tags FROM templates WHERE domain = ? ORDER BY key",
        (domain,),
    ):
        yield Template(
            key=row[0],
            template_id=row[1],
            name=row[2],
            description=row[3],
            status=row[4],
            layout=row[5],
            required=tuple(json.loads(row[6])),
            rules=tuple(json.loads(row[7])),
            propagation=tuple(json.loads(row[8])),
            created=row[9],
            modified=row[10],
            tags=json.loads(row[11]),
        )
