"""Read cases as the search index shows them."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator

from reconciler.sandbox.case import Case, unpack
from reconciler.sandbox.case_rows import NOT_INDEXED
from reconciler.sandbox.search.candidates import Lookup

# How many values one statement is given.
AT_ONCE = 500

_COLUMNS = "key, case_id, template_id, COALESCE(shown, live)"
_VISIBLE = f"COALESCE(shown, live) <> '{NOT_INDEXED}'"


def count(connection: sqlite3.Connection, domain: int) -> int:
    """How many cases of a domain the index has."""
    (stored,) = connection.execute(
        "SELECT COUNT(*) FROM cases INDEXED BY cases_by_domain WHERE domain = ?", (domain,)
    ).fetchone()
    (hidden,) = connection.execute(
        "SELECT COUNT(*) FROM cases INDEXED BY cases_unsettled WHERE domain = ?"
        f" AND shown IS NOT NULL AND shown = '{NOT_INDEXED}'",
        (domain,),
    ).fetchone()
    return int(stored) - int(hidden)


def after(connection: sqlite3.Connection, domain: int, key: int, size: int) -> list[Case]:
    """The next cases behind a key, in the order in which they were stored."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM cases INDEXED BY cases_by_domain"
        f" WHERE domain = ? AND key > ? AND {_VISIBLE} ORDER BY key LIMIT ?",
        (domain, key, size),
    )
    return [unpack(*row) for row in rows]


def every(connection: sqlite3.Connection, domain: int) -> Iterator[Case]:
    """All cases of a domain."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM cases INDEXED BY cases_by_domain"
        f" WHERE domain = ? AND {_VISIBLE} ORDER BY key",
        (domain,),
    )
    return (unpack(*row) for row in rows)


def with_keys(connection: sqlite3.Connection, keys: list[int]) -> list[Case]:
    """Some cases, in the order of the keys given."""
    marks = ", ".join("?" * len(keys))
    query = f"SELECT {_COLUMNS} FROM cases WHERE key IN ({marks}) AND {_VISIBLE}"
    rows = connection.execute(query, keys)
    found = {row[0]: unpack(*row) for row in rows}
    return [found[key] for key in keys if key in found]


def matching(
    connection: sqlite3.Connection, domain: int, lookups: Iterable[Lookup]
) -> Iterator[Case]:
    """The cases that have one of some indexed values, and those whose index lags behind."""
    by_column: dict[str, list[str]] = defaultdict(list)
    for column, text in lookups:
        by_column[column].append(text)
    keys: set[int] = set()
    for column, texts in by_column.items():
        for start in range(0, len(texts), AT_ONCE):
            part = texts[start : start + AT_ONCE]
            marks = ", ".join("?" * len(part))
            query = f"SELECT key FROM cases WHERE domain = ? AND {column} IN ({marks})"
            keys.update(key for (key,) in connection.execute(query, (domain, *part)))
    unsettled = (
        "SELECT key FROM cases INDEXED BY cases_unsettled WHERE domain = ? AND shown IS NOT NULL"
    )
    keys.update(key for (key,) in connection.execute(unsettled, (domain,)))
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield from with_keys(connection, ordered[start : start + AT_ONCE])
