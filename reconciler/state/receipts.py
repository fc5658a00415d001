"""Leave the receipt of an apply, and open one again."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.config.model import Config
from reconciler.errors import Unwritable
from reconciler.files.canonical import laid_out
from reconciler.files.rereading import Kind, reread
from reconciler.model.receipt import Receipt
from reconciler.secrets.vouching import checked, signed_here
from reconciler.state.receipt_data import receipt_data, receipt_from
from reconciler.state.receipt_file import open_receipt, save_receipt

SUFFIX = ".receipt.json"
_RECEIPT = Kind(
    name="receipt",
    read=receipt_from,
    write=receipt_data,
    edited="use the receipt as `reconcile apply` left it: the journal of the same name says what "
    "was done",
)


@dataclass(frozen=True, slots=True)
class Left:
    """Where a receipt is, or its bytes where it could be kept nowhere; and what was in the way."""

    path: Path | None
    content: bytes
    errors: tuple[str, ...]


def leave_receipt(receipt: Receipt, runs: Path, config: Config) -> Left:
    """Write it beside its journal; where that cannot be, into another folder of this machine."""
    content = laid_out(signed_here(receipt_data(receipt), config))
    errors = []
    # Lazily: the temporary folder is made only when the first place cannot be had.
    folders: tuple[Callable[[], Path], ...] = (lambda: runs, _temporary, lambda: config.root)
    for folder in folders:
        try:
            path = folder() / f"{receipt.run.run_id}{SUFFIX}"
            save_receipt(content, path)
        except Unwritable as error:
            errors.append(str(error))
        except OSError as error:  # no temporary folder, or no folder to be in
            errors.append(str(error))
        else:
            return Left(path, content, tuple(errors))
    return Left(None, content, tuple(errors))


def _temporary() -> Path:
    return Path(tempfile.mkdtemp(prefix="reconcile-"))  # nobody else can have laid a link there


def saved_receipt(path: Path, config: Config) -> Receipt:
    """The receipt in a file, whole and unedited, and so the plan in it; PlanMisfit otherwise."""
    data, vouched = checked(path, open_receipt(path), "receipt", config)
    receipt = reread(path, data, _RECEIPT)
    return replace(receipt, plan=replace(receipt.plan, vouched=vouched))
