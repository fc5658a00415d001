"""The sandbox's database file: opening, its tables, and transactions.

A domain's account and Region are empty where nobody chose them: it is then where it is served.

A case is one row. `live` is what GetCase reads. `shown` is what the search index still has while
it lags: NULL when it equals `live`, an empty text when the case is not in the index yet.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from reconciler.sandbox.arns import NOBODY, Place, Told
from reconciler.sandbox.errors import SandboxError

APPLICATION_ID = 0x43415345
LAYOUT = 1
BUSY_SECONDS = 30
# A case takes about half of this; with smaller pages much room is left over on each.
PAGE_BYTES = 8192
_HEADER = b"SQLite format 3\x00"
_APPLICATION_ID_AT = 68

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE domains (
    key INTEGER PRIMARY KEY, domain_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    account TEXT NOT NULL, region TEXT NOT NULL, created TEXT NOT NULL, tags TEXT NOT NULL,
    UNIQUE (account, region, name));
CREATE TABLE fields (
    key INTEGER PRIMARY KEY, domain INTEGER NOT NULL, field_id TEXT NOT NULL, name TEXT NOT NULL,
    type TEXT NOT NULL, namespace TEXT NOT NULL, description TEXT, multiline INTEGER,
    deleted INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL, modified TEXT NOT NULL,
    tags TEXT NOT NULL, UNIQUE (domain, field_id));
CREATE TABLE options (
    key INTEGER PRIMARY KEY, field INTEGER NOT NULL, value TEXT NOT NULL, name TEXT NOT NULL,
    active INTEGER NOT NULL, UNIQUE (field, value));
CREATE TABLE templates (
    key INTEGER PRIMARY KEY, domain INTEGER NOT NULL, template_id TEXT NOT NULL,
    name TEXT NOT NULL, description TEXT, status TEXT NOT NULL, layout TEXT, required TEXT NOT NULL,
    rules TEXT NOT NULL, propagation TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL,
    tags TEXT NOT NULL, UNIQUE (domain, template_id));
CREATE TABLE cases (
    key INTEGER PRIMARY KEY AUTOINCREMENT, domain INTEGER NOT NULL, case_id TEXT NOT NULL,
    template_id TEXT NOT NULL, reference_id TEXT, reference_number TEXT, live TEXT, shown TEXT);
CREATE UNIQUE INDEX cases_by_id ON cases (domain, case_id);
CREATE INDEX cases_by_domain ON cases (domain);
CREATE UNIQUE INDEX cases_by_reference ON cases (domain, reference_id)
    WHERE reference_id IS NOT NULL;
CREATE INDEX cases_by_number ON cases (domain, reference_number);
CREATE INDEX cases_unsettled ON cases (domain) WHERE shown IS NOT NULL;
CREATE TABLE pending (
    key INTEGER PRIMARY KEY AUTOINCREMENT, cases_key INTEGER NOT NULL, visible_at REAL NOT NULL,
    snapshot TEXT NOT NULL);
CREATE INDEX pending_by_time ON pending (visible_at);
CREATE INDEX pending_by_case ON pending (cases_key);
CREATE TABLE audit (
    key INTEGER PRIMARY KEY AUTOINCREMENT, cases_key INTEGER NOT NULL, event TEXT NOT NULL);
CREATE INDEX audit_by_case ON audit (cases_key);
CREATE TABLE idempotency (
    scope TEXT NOT NULL, token TEXT NOT NULL, digest TEXT NOT NULL, response TEXT NOT NULL,
    PRIMARY KEY (scope, token)) WITHOUT ROWID;
"""


class Store:
    """One open database file."""

    def __init__(self, path: Path, told: Told = NOBODY) -> None:
        if path.exists() and path.stat().st_size > 0 and not is_sandbox_file(path):
            raise SandboxError(f"{path} is not a sandbox database; give the name of a new file")
        try:
            path.touch(mode=0o600)  # cases are nobody else's affair; SQLite's own files follow
            self.connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._prepare(told.account)
        except (sqlite3.Error, OSError) as error:
            raise SandboxError(f"cannot open the sandbox database {path}: {error}") from error
        held = self.meta("account")
        if told.account and held and told.account != held:
            self.close()
            raise SandboxError(f"{path} belongs to account {held}, not {told.account}")
        self.told = replace(told, account=told.account or held)

    def _prepare(self, account: str) -> None:
        run = self.connection.execute
        if run("PRAGMA journal_mode").fetchone()[0] != "wal":
            run(f"PRAGMA page_size = {PAGE_BYTES}")
            # Before the log exists, so that the mark is in the file itself whatever happens later.
            run(f"PRAGMA application_id = {APPLICATION_ID}")
            run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        run("PRAGMA cache_size = -65536")
        if run("PRAGMA user_version").fetchone()[0] == LAYOUT:
            return
        with self.write():
            # Another process may have made the tables while this one waited for the lock.
            if run("PRAGMA user_version").fetchone()[0] == LAYOUT:
                return
            for statement in _TABLES.split(";\n"):
                run(statement)
            run("INSERT INTO meta VALUES ('account', ?), ('catalog', '0')", (account,))
            run(f"PRAGMA user_version = {LAYOUT}")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock for a read-modify-write; an exception undoes all of it."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    @contextmanager
    def attempt(self) -> Iterator[sqlite3.Connection]:
        """Inside `write`: a part that may be undone without undoing the rest."""
        self.connection.execute("SAVEPOINT attempt")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK TO attempt")
            raise
        finally:
            self.connection.execute("RELEASE attempt")

    def version(self) -> tuple[int, int]:
        """A mark that changes whenever anyone, this process or another, has written."""
        foreign: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
        return foreign, self.connection.total_changes

    def meta(self, name: str) -> str:
        """One of the database's own settings."""
        query = "SELECT value FROM meta WHERE name = ?"
        value: str = self.connection.execute(query, (name,)).fetchone()[0]
        return value

    def region_of(self, domain: str) -> str:
        """The Region of the first domain with this name or id; the usual one where none is."""
        query = "SELECT account, region FROM domains WHERE domain_id = ? OR name = ? ORDER BY key"
        account, region = self.connection.execute(query, (domain, domain)).fetchone() or ("", "")
        return Place.of(account, region, self.told).region

    def catalog_changed(self) -> None:
        """Inside `write`: make every process read domains, fields and templates anew."""
        self.connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'catalog'")

    def close(self) -> None:
        """Close the file; the last one out folds the write-ahead log into it."""
        self.connection.close()


def is_sandbox_file(path: Path) -> bool:
    """Whether a file was made by the sandbox, by the mark in its header."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise SandboxError(f"cannot read {path}: {error.strerror}") from error
    mark = header[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4]
    return header.startswith(_HEADER) and mark == APPLICATION_ID.to_bytes(4, "big")


def remove(path: Path) -> None:
    """Delete a sandbox database with its side files; anything else is left alone."""
    if not path.exists():
        raise SandboxError(f"there is no file {path}")
    if not is_sandbox_file(path):
        raise SandboxError(f"{path} is not a sandbox database, so it was not removed")
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
