"""Every node of a plan that holds everything, changed in every way: refused in one line, or read
as a plan whose every value is of its type. The digests are made again each time."""

import json
import os
from itertools import islice
from pathlib import Path

from reconciler.config.model import Config
from reconciler.errors import PlanMisfit
from reconciler.model.event import AlreadyDone, Applied, Conflict, Failed, FieldConflict
from reconciler.model.plan import Sealed
from reconciler.model.receipt import Receipt, RunFacts
from reconciler.plan.file.data import to_data
from reconciler.plan.file.saved import saved_plan
from reconciler.state.receipt_data import receipt_data
from reconciler.state.receipts import saved_receipt
from tests.e2e.mutations import mutations, resigned
from tests.plan.file.test_data import PLAN

# Of all of them one in so many is tried; 1 takes ten seconds.
STEP = int(os.environ.get("RECONCILE_MUTATIONS_STEP", "5"))
KINDS = {"Number": float, "Boolean": bool}
CONFIG = Config(
    root=Path("/repo"), path=None, specs=Path("/repo/specs"), targets={}, default_target=None
)
RECEIPT = Receipt(
    run=RunFacts(
        run_id="20261201T090000.000000Z-aaaaaaaa-bbbb",
        started_at="2026-12-01T09:00:00Z",
        finished_at="2026-12-01T09:00:05Z",
        complete=False,
        actor="jane",
        tool_version="0.1.0",
        overridden_windows=("year-end",),
    ),
    plan=PLAN,
    outcomes=tuple(
        make(target=target.name, case_id=change.case_id)
        for target in PLAN.targets
        for change, make in zip(
            target.changes,
            [
                lambda **about: Applied(**about, request_id="r"),
                lambda **about: Conflict(
                    **about,
                    fields=(FieldConflict("note", "Note", None, 1.0, Sealed("a" * 64)),),
                    changed_by="arn",
                    changed_at="then",
                ),
                lambda **about: Failed(**about, code="x", message="y"),
                AlreadyDone,
            ],
            strict=False,
        )
    ),
)


def whole(plan):
    """Whether everything in a plan is of the type that it says, and stands in it once."""
    names = [target.name for target in plan.targets]
    assert len(set(names)) == len(names)
    for target in plan.targets:
        cases = [change.case_id.casefold() for change in target.changes]
        assert len(set(cases)) == len(cases)
        for change in target.changes:
            assert 0 < len(change.fields) <= 500
            for entry in change.fields:
                assert entry.before != entry.after
                for value in (entry.before, entry.after):
                    kinds = (KINDS.get(str(entry.type), str), type(None), Sealed)
                    assert type(value) in kinds
                    assert value != "" and len(str(value)) <= 4_100


def tried(path, data, read):
    found = []
    for name, change in islice(mutations(data, 7), 0, None, STEP):
        path.write_bytes(resigned(change()))
        try:
            read(path)
        except PlanMisfit as refused:
            assert str(refused).isprintable(), name
            assert len(str(refused)) < 1_000, name
        else:
            found.append(name)
    return found


def test_every_mutation_of_a_plan(tmp_path, monkeypatch):
    monkeypatch.delenv("RECONCILE_SEAL_KEY", raising=False)
    data = json.loads(json.dumps(to_data(PLAN)))
    taken = tried(tmp_path / "plan.json", data, lambda path: whole(saved_plan(path)))
    assert taken


def test_every_mutation_of_a_receipt(tmp_path, monkeypatch):
    monkeypatch.delenv("RECONCILE_SEAL_KEY", raising=False)
    data = json.loads(json.dumps(receipt_data(RECEIPT)))
    assert tried(
        tmp_path / "a.receipt.json", data, lambda path: whole(saved_receipt(path, CONFIG).plan)
    )
