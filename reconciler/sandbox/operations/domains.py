"""Domains: create, read, list."""

import json
import sqlite3
from uuid import uuid4

from reconciler.sandbox.arns import Place
from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.clock import timestamp
from reconciler.sandbox.errors import conflict, quota_exceeded
from reconciler.sandbox.system_fields import BUILT_IN_STATUSES, STATUS, SYSTEM_FIELDS
from reconciler.sandbox.tokens import page_of

MOST_DOMAINS = 5
ACTIVE = "Active"


def create_domain(call: Call, params: Json) -> Json:
    """Make a domain with its system fields; it is ready at once."""
    domain_id = str(uuid4())
    with call.store.write() as connection:
        where = (call.place.account, call.place.region)
        (count,) = connection.execute(
            "SELECT COUNT(*) FROM domains WHERE account = ? AND region = ?", where
        ).fetchone()
        if count >= MOST_DOMAINS:
            raise quota_exceeded(f"An account has at most {MOST_DOMAINS} domains in a Region.")
        try:
            insert_domain(connection, domain_id, params["name"], call.place, timestamp(call.now))
        except sqlite3.IntegrityError:
            raise conflict(f"A domain named {params['name']} exists already.") from None
        call.store.catalog_changed()
    arn = call.place.domain(domain_id)
    return {"domainId": domain_id, "domainArn": arn, "domainStatus": ACTIVE}


def insert_domain(
    connection: sqlite3.Connection, domain_id: str, name: str, place: Place, created: str
) -> int:
    """Inside `write`: the rows of a new domain and its system fields; returns the domain's key."""
    key = connection.execute(
        "INSERT INTO domains (domain_id, name, account, region, created, tags)"
        " VALUES (?, ?, ?, ?, ?, '{}')",
        (domain_id, name, place.account, place.region, created),
    ).lastrowid
    assert key is not None
    for field in SYSTEM_FIELDS.values():
        arn = place.within(domain_id, "field", field.field_id)
        row = connection.execute(
            "INSERT INTO fields (domain, field_id, name, type, namespace, description, multiline,"
            " created, modified, tags) VALUES (?, ?, ?, ?, 'System', ?, ?, ?, ?, ?)",
            (
                key,
                field.field_id,
                field.name,
                field.type,
                field.description,
                field.multiline,
                created,
                created,
                # The only captured reply shows this odd tag on a system field.
                json.dumps({"resourceArn": arn}),
            ),
        ).lastrowid
        if field.field_id == STATUS:
            connection.executemany(
                "INSERT INTO options (field, value, name, active) VALUES (?, ?, ?, 1)",
                [(row, value, name) for value, name in BUILT_IN_STATUSES],
            )
    return key


def get_domain(call: Call, params: Json) -> Json:
    """One domain."""
    domain = call.domain(params["domainId"])
    return {
        "domainId": domain.domain_id,
        "domainArn": domain.arn,
        "name": domain.name,
        "createdTime": domain.created,
        "domainStatus": ACTIVE,
        "tags": dict(domain.tags),
    }


def list_domains(call: Call, params: Json) -> Json:
    """The account's domains in the caller's Region, oldest first."""
    rows = call.store.connection.execute(
        "SELECT domain_id, name, account, region FROM domains ORDER BY key"
    )
    found = ((*row[:2], call.catalogs.place(*row[2:])) for row in rows)
    summaries = [
        {
            "domainId": domain_id,
            "domainArn": place.domain(domain_id),
            "name": name,
        }
        for domain_id, name, place in found
        if call.region in (None, place.region)
    ]
    size = params.get("maxResults", 10)
    page, token = page_of(summaries, params.get("nextToken"), size, call.operation)
    return {"domains": page, **({"nextToken": token} if token else {})}
