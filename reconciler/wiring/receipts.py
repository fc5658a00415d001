"""Leave the receipt of an apply, and open one again."""

from dataclasses import replace
from pathlib import Path

from reconciler.adapters.receipt_file import open_receipt, save_receipt
from reconciler.engine.receipt_data import receipt_data, receipt_from
from reconciler.engine.receipt_shape import check_receipt
from reconciler.model.config import Config
from reconciler.model.receipt import Receipt
from reconciler.wiring.rereading import Kind, reread
from reconciler.wiring.vouching import checked, signed_here

SUFFIX = ".receipt.json"
_RECEIPT = Kind(
    name="receipt",
    check=check_receipt,
    read=receipt_from,
    write=receipt_data,
    edited="use the receipt as `reconcile apply` left it: the journal of the same name says what "
    "was done",
)


def leave_receipt(receipt: Receipt, runs: Path, config: Config) -> Path:
    """Write it beside its journal; the path."""
    path = runs / f"{receipt.run.run_id}{SUFFIX}"
    save_receipt(signed_here(receipt_data(receipt), config), path)
    return path


def saved_receipt(path: Path, config: Config) -> Receipt:
    """The receipt in a file, whole and unedited, and so the plan in it; PlanMisfit otherwise."""
    data, vouched = checked(path, open_receipt(path), "receipt", config)
    receipt = reread(path, data, _RECEIPT)
    return replace(receipt, plan=replace(receipt.plan, vouched=vouched))
