"""Leave the receipt of an apply, and open one again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from reconciler.adapters.receipt_file import explain_receipt, open_receipt, save_receipt
from reconciler.engine.receipt_data import receipt_data, receipt_from
from reconciler.model.config import Config
from reconciler.model.receipt import Receipt
from reconciler.wiring.rereading import Kind, reread
from reconciler.wiring.vouching import checked, signed_here

SUFFIX = ".receipt.json"
_RECEIPT = Kind(
    name="receipt",
    explain=explain_receipt,
    edited="use the receipt as `reconcile apply` left it: the journal of the same name says what "
    "was done",
    newer="use the version of reconcile that made it",
)


def leave_receipt(receipt: Receipt, runs: Path, config: Config) -> Path:
    """Write it beside its journal; the path."""
    path = runs / f"{receipt.run.run_id}{SUFFIX}"
    save_receipt(signed_here(receipt_data(receipt), config), path)
    return path


def saved_receipt(path: Path, config: Config) -> Receipt:
    """The receipt in a file, whole and unedited, and so the plan in it; PlanMisfit otherwise."""
    data, vouched = checked(path, open_receipt(path), "receipt", config)
    receipt = reread(path, data, _RECEIPT, _receipt, receipt_data)
    return replace(receipt, plan=replace(receipt.plan, vouched=vouched))


def _receipt(data: Mapping[str, Any]) -> Receipt:
    receipt = receipt_from(data)
    for moment in (receipt.run.started_at, receipt.run.finished_at, receipt.plan.created_at):
        datetime.fromisoformat(moment)
    return receipt
