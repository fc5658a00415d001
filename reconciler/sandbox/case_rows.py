"""Cases as rows of the file: reading, writing, and what the lagging index still shows of them."""

import sqlite3

from reconciler.sandbox.call import Call
from reconciler.sandbox.case import Case, pack, unpack
from reconciler.sandbox.catalog import Domain
from reconciler.sandbox.errors import ServiceError, conflict, not_found
from reconciler.sandbox.store import Store
from reconciler.sandbox.system_fields import REFERENCE_ID, REFERENCE_NUMBER

NOT_INDEXED = ""


def read(call: Call, domain: Domain, case_id: str) -> Case:
    """The case as GetCase sees it."""
    row = call.store.connection.execute(
        "SELECT key, case_id, template_id, live FROM cases"
        " WHERE domain = ? AND case_id = ? AND live IS NOT NULL",
        (domain.key, case_id),
    ).fetchone()
    if row is None:
        raise not_found("Case", case_id)
    return unpack(*row)


def case_id_of_reference(call: Call, domain: Domain, reference_id: str) -> str | None:
    """The id of the case with this reference id, in any spelling of its letters."""
    row = call.store.connection.execute(
        "SELECT case_id FROM cases WHERE domain = ? AND reference_id = ?",
        (domain.key, reference_id.lower()),
    ).fetchone()
    return row[0] if row else None


def insert(call: Call, domain: Domain, case: Case) -> int:
    """Add a case, and return the key of its row."""
    lag = call.settings.index_lag
    packed = pack(case)
    try:
        cursor = call.store.connection.execute(
            "INSERT INTO cases (domain, case_id, template_id, reference_id, reference_number,"
            " live, shown) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                domain.key,
                case.case_id,
                case.template_id,
                *_references(case),
                packed,
                NOT_INDEXED if lag else None,
            ),
        )
    except sqlite3.IntegrityError:
        raise _taken(case) from None
    key = cursor.lastrowid
    assert key is not None
    if lag:
        _show_later(call, key, packed)
    return key


def save(call: Call, case: Case) -> None:
    """Write a changed case back."""
    packed = pack(case)
    lag = call.settings.index_lag
    shown = "COALESCE(shown, live)" if lag else "NULL"
    try:
        call.store.connection.execute(
            f"UPDATE cases SET shown = {shown}, live = ?, reference_id = ?, reference_number = ?"
            " WHERE key = ?",
            (packed, *_references(case), case.key),
        )
    except sqlite3.IntegrityError:
        raise _taken(case) from None
    if lag:
        _show_later(call, case.key, packed)
    else:
        _forget_pending(call, case.key)


def remove(call: Call, case: Case) -> None:
    """Delete a case with its history; a lagging index goes on showing it for a while."""
    run = call.store.connection.execute
    run("DELETE FROM audit WHERE cases_key = ?", (case.key,))
    if call.settings.index_lag:
        run(
            "UPDATE cases SET shown = COALESCE(shown, live), live = NULL, reference_id = NULL"
            " WHERE key = ?",
            (case.key,),
        )
        _show_later(call, case.key, NOT_INDEXED)
    else:
        _forget_pending(call, case.key)
        run("DELETE FROM cases WHERE key = ?", (case.key,))


def settle(store: Store, now: float) -> None:
    """Let the index show all that has become due; called before every search."""
    due = "SELECT 1 FROM pending WHERE visible_at <= ? LIMIT 1"
    if store.connection.execute(due, (now,)).fetchone() is None:
        return
    with store.write() as connection:
        latest = connection.execute(
            "SELECT cases_key, snapshot, MAX(key) FROM pending WHERE visible_at <= ?"
            " GROUP BY cases_key",
            (now,),
        ).fetchall()
        connection.execute("DELETE FROM pending WHERE visible_at <= ?", (now,))
        connection.executemany(
            "UPDATE cases SET shown = ? WHERE key = ?",
            [(snapshot, key) for key, snapshot, _ in latest],
        )
        # Cases that nothing is waiting for are shown as they are, or not at all any more.
        settled = [(key,) for key, _, _ in latest]
        waiting = "NOT EXISTS (SELECT 1 FROM pending WHERE cases_key = cases.key)"
        connection.executemany(
            f"DELETE FROM cases WHERE key = ? AND live IS NULL AND {waiting}", settled
        )
        connection.executemany(
            f"UPDATE cases SET shown = NULL WHERE key = ? AND {waiting}", settled
        )


def _show_later(call: Call, key: int, snapshot: str) -> None:
    call.store.connection.execute(
        "INSERT INTO pending (cases_key, visible_at, snapshot) VALUES (?, ?, ?)",
        (key, call.now.timestamp() + call.settings.index_lag, snapshot),
    )


def _forget_pending(call: Call, key: int) -> None:
    call.store.connection.execute("DELETE FROM pending WHERE cases_key = ?", (key,))


def _references(case: Case) -> tuple[str | None, str | None]:
    reference = case.text(REFERENCE_ID)
    return reference.lower() if reference else None, case.text(REFERENCE_NUMBER)


def _taken(case: Case) -> ServiceError:
    reference = case.text(REFERENCE_ID)
    return conflict(f"Another case of the domain has the reference ID {reference}.")
