"""Save and open receipts: what an apply leaves beside its journal."""

from pathlib import Path
from typing import Any

from reconciler.errors import PlanMisfit, ReconcilerError
from reconciler.files.given_file import read_given
from reconciler.files.strict_json import strict_json
from reconciler.files.whole_file import replace_file
from reconciler.model.receipt import RECEIPT_FORMAT
from reconciler.plan.file.disk import wrong_format

JOURNAL = ".jsonl"
_HELP = "expected a receipt that `reconcile apply` left in .reconcile/runs"


def save_receipt(content: bytes, path: Path) -> None:
    """Write the receipt, mode 0600."""
    replace_file(path, content)


def open_receipt(path: Path) -> dict[str, Any]:
    """The file's data, when it is JSON of a receipt format we know; else PlanMisfit says why.

    A run's journal stands for the receipt beside it.
    """
    if path.suffix == JOURNAL:
        journal, path = path, path.with_suffix(".receipt.json")
        if not path.exists():
            raise PlanMisfit(
                f"{journal}: the run of this journal left no receipt, since it was killed; "
                "apply the same plan again, which finishes what was begun and leaves one"
            )
    try:
        data = strict_json(read_given(path))
    except FileNotFoundError:
        raise ReconcilerError(
            f"{path}: there is no such file; {_HELP}, or the name of a run (`reconcile runs list`)"
        ) from None
    except OSError as error:
        raise PlanMisfit(f"{path}: cannot be read: {error.strerror}; {_HELP}") from error
    except (ValueError, RecursionError) as error:
        raise PlanMisfit(f"{path}: is not a whole receipt: {error}; {_HELP}") from error
    if not isinstance(data, dict) or "format_version" not in data or "run" not in data:
        raise PlanMisfit(f"{path}: is JSON, but not a receipt; {_HELP}")
    if misfit := wrong_format("receipt", data["format_version"], RECEIPT_FORMAT):
        raise PlanMisfit(f"{path}: {misfit}")
    return data
