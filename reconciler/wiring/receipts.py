"""Leave the receipt of an apply, and open one again."""

from datetime import datetime
from pathlib import Path

from reconciler.adapters.receipt_file import explain_receipt, open_receipt, save_receipt
from reconciler.engine.plan_data import canonical, digest_of
from reconciler.engine.receipt_data import receipt_data, receipt_from
from reconciler.errors import PlanMisfit
from reconciler.model.receipt import Receipt

SUFFIX = ".receipt.json"


def leave_receipt(receipt: Receipt, runs: Path) -> Path:
    """Write it beside its journal; the path."""
    path = runs / f"{receipt.run.run_id}{SUFFIX}"
    save_receipt(receipt_data(receipt), path)
    return path


def saved_receipt(path: Path) -> Receipt:
    """The receipt in a file, whole and unedited; PlanMisfit otherwise.

    As with plans: reading it and writing it again must give the same data, which also proves
    that the plan in it has the digest it claims.
    """
    data = open_receipt(path)
    try:
        receipt = receipt_from(data)
        for moment in (receipt.run.started_at, receipt.run.finished_at, receipt.plan.created_at):
            datetime.fromisoformat(moment)
        again = receipt_data(receipt)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        misfit = explain_receipt(path, data)
        raise misfit or PlanMisfit(
            f"{path}: is no receipt that this program made: {error}"
        ) from error
    if canonical(again) == canonical(data):
        return receipt
    if misfit := explain_receipt(path, data):
        raise misfit
    if digest_of(data) != data["digest"]:
        raise PlanMisfit(
            f"{path}: was changed after it was made (its digest does not fit); use the receipt as "
            "`reconcile apply` left it: the journal of the same name says what was done"
        )
    raise PlanMisfit(
        f"{path}: holds something that this version does not know; "
        "use the version of reconcile that made it"
    )
