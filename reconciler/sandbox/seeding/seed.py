"""Put a seeded domain into a database, by bulk rather than by calls."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from reconciler.sandbox.arns import ACCOUNT, Place, Told
from reconciler.sandbox.clock import timestamp
from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.operations.domains import insert_domain
from reconciler.sandbox.seeding.cast import Cast, cast_of
from reconciler.sandbox.seeding.draw import BASE, Drawn, draw_case
from reconciler.sandbox.seeding.scene import CASE_REASONS, FIELDS, TEMPLATES, SceneField
from reconciler.sandbox.store import Store

BATCH = 1000


def seed(
    db: Path,
    *,
    domain: str = "support",
    cases: int = 200,
    seed: int = 1,
    account: str = "",
    region: str = "",
) -> str:
    """Make a domain with fields, templates and cases, and return its id.

    The same seed makes the same domain; case number n is the same however many there are.

    Where neither account nor Region is chosen, the domain is wherever it is served.
    """
    if cases < 0:
        raise SandboxError(f"the number of cases must be 0 or more, not {cases}")
    told = Told(account=account, region=region)
    store = Store(db, told)
    try:
        cast = cast_of(seed, domain, told)
        with store.write() as connection:
            _refuse_elsewhere(connection, store, db)
            _refuse_second(connection, cast, db)
            key = _insert_catalog(connection, cast)
            _insert_cases(connection, key, cast, cases)
            store.catalog_changed()
        return cast.domain_id
    finally:
        store.close()


def _refuse_elsewhere(connection: sqlite3.Connection, store: Store, db: Path) -> None:
    """A file is of one account; domains that were made without one are of the usual one."""
    (domains,) = connection.execute("SELECT COUNT(*) FROM domains").fetchone()
    chosen = store.told.account
    if domains and chosen not in ("", ACCOUNT, store.meta("account")):
        raise SandboxError(f"{db} belongs to account {ACCOUNT}, not {chosen}; reset it first")


def _refuse_second(connection: sqlite3.Connection, cast: Cast, db: Path) -> None:
    rows = connection.execute("SELECT account, region FROM domains WHERE name = ?", (cast.name,))
    if cast.place.region in [
        Place.of(account, region, cast.told).region for account, region in rows
    ]:
        raise SandboxError(
            f"{db} has a domain named {cast.name!r} already; choose another name, or reset the"
            " database first"
        )


def _insert_catalog(connection: sqlite3.Connection, cast: Cast) -> int:
    created = timestamp(BASE.replace(year=BASE.year - 1))
    key = insert_domain(connection, cast.domain_id, cast.name, cast.place, created)
    connection.execute(
        "UPDATE domains SET account = ?, region = ? WHERE key = ?",
        (cast.told.account, cast.told.region, key),
    )
    (reason,) = connection.execute(
        "SELECT key FROM fields WHERE domain = ? AND field_id = 'case_reason'", (key,)
    ).fetchone()
    _insert_options(connection, reason, CASE_REASONS, ())
    for field in FIELDS:
        _insert_field(connection, key, cast, field, created)
    for template in TEMPLATES:
        required = [cast.fields[name] for name in template.required]
        tags = [{"resourceType": "Cases", "tagMap": dict(template.tags)}]
        connection.execute(
            "INSERT INTO templates (domain, template_id, name, description, status, layout,"
            " required, rules, propagation, created, modified, tags)"
            " VALUES (?, ?, ?, ?, 'Active', NULL, ?, '[]', ?, ?, ?, '{}')",
            (
                key,
                cast.templates[template.name],
                template.name,
                template.description,
                json.dumps(["title", *required]),
                json.dumps(tags),
                created,
                created,
            ),
        )
    return key


def _insert_field(
    connection: sqlite3.Connection, domain: int, cast: Cast, field: SceneField, created: str
) -> None:
    key = connection.execute(
        "INSERT INTO fields (domain, field_id, name, type, namespace, description, multiline,"
        " created, modified, tags) VALUES (?, ?, ?, ?, 'Custom', ?, ?, ?, ?, '{}')",
        (
            domain,
            cast.fields[field.name],
            field.name,
            field.type,
            field.description,
            field.multiline,
            created,
            created,
        ),
    ).lastrowid
    assert key is not None
    _insert_options(connection, key, field.options, field.inactive)


def _insert_options(
    connection: sqlite3.Connection,
    field: int,
    options: tuple[tuple[str, str], ...],
    inactive: tuple[str, ...],
) -> None:
    connection.executemany(
        "INSERT INTO options (field, value, name, active) VALUES (?, ?, ?, ?)",
        [(field, value, name, value not in inactive) for value, name in options],
    )


def _insert_cases(connection: sqlite3.Connection, domain: int, cast: Cast, cases: int) -> None:
    (first,) = connection.execute(
        "SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'cases'"
    ).fetchone()
    drawn = ((first + index, draw_case(cast, index)) for index in range(cases))
    while batch := list(islice(drawn, BATCH)):
        connection.executemany(
            "INSERT INTO cases (key, domain, case_id, template_id, reference_id, reference_number,"
            " live) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [_case_row(key, domain, case) for key, case in batch],
        )
        connection.executemany(
            "INSERT INTO audit (cases_key, event) VALUES (?, ?)", _audit_rows(batch)
        )


def _case_row(key: int, domain: int, case: Drawn) -> tuple[object, ...]:
    reference = case.values.get("reference_id")
    return (
        key,
        domain,
        case.case_id,
        case.template_id,
        reference["stringValue"].lower() if reference else None,
        case.values["reference_number"]["stringValue"],
        _packed([case.values, case.tags]),
    )


def _audit_rows(batch: list[tuple[int, Drawn]]) -> Iterator[tuple[int, str]]:
    for key, case in batch:
        for event in case.events:
            yield key, _packed(event)


def _packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
