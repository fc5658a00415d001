"""A receipt as plain data and back; the plan in it is the one that was applied, to the byte."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from reconciler.files.canonical import Data, digest_of
from reconciler.model.event import Event, Outcome
from reconciler.model.receipt import RECEIPT_FORMAT, Receipt, RunFacts
from reconciler.plan.file.data import identity, to_data
from reconciler.plan.file.parsing import from_data
from reconciler.state.event_data import event_data, event_from
from reconciler.state.tally import counted

# Of the plan file these stand at the top of a receipt too; what can be made again is left out.
_SHARED = ("changes_digest", "git", "spec_digest", "spec_files")
_REMADE = ("format_version", "digest", "summary", "targets")


def receipt_data(receipt: Receipt) -> Data:
    """The whole receipt file, its digest included."""
    plan = to_data(receipt.plan)
    outcomes = {(one.target, one.case_id): one for one in receipt.outcomes}
    data: Data = {
        "format_version": RECEIPT_FORMAT,
        "run": {
            **asdict(receipt.run),
            "overridden_windows": list(receipt.run.overridden_windows),
            "mode": str(receipt.plan.mode),
        },
        "plan": {key: plan[key] for key in plan if key not in (*_SHARED, *_REMADE)},
        "plan_digest": identity(receipt.plan),
        **{key: plan[key] for key in _SHARED},
        "targets": [
            target
            | {
                "changes": [
                    change
                    | {"outcome": _outcome_data(outcomes.get((target["name"], change["case_id"])))}
                    for change in target["changes"]
                ]
            }
            for target in plan["targets"]
        ],
        "counts": dict(counted(receipt.outcomes)),
    }
    if receipt.unclassified_written is not None:
        data["unclassified_written"] = receipt.unclassified_written
    data["digest"] = digest_of(data)
    return data


def receipt_from(data: Mapping[str, Any]) -> Receipt:
    """The receipt that `receipt_data` wrote; it was checked to be whole and unedited."""
    run = {key: value for key, value in data["run"].items() if key != "mode"}
    return Receipt(
        run=RunFacts(**{**run, "overridden_windows": tuple(run["overridden_windows"])}),
        plan=from_data(
            {**data["plan"], **{key: data[key] for key in _SHARED}, "targets": data["targets"]}
        ),
        outcomes=tuple(
            _outcome(target["name"], change)
            for target in data["targets"]
            for change in target["changes"]
            if change["outcome"] is not None
        ),
        unclassified_written=data.get("unclassified_written"),
    )


def _outcome_data(outcome: Outcome | None) -> Data | None:
    if outcome is None:
        return None
    data = event_data(outcome)
    return {key: value for key, value in data.items() if key not in ("target", "case_id", "about")}


def _outcome(target: str, change: Mapping[str, Any]) -> Any:
    event: Event | None = event_from(
        {**change["outcome"], "target": target, "case_id": change["case_id"]}
    )
    if event is None:
        raise ValueError(f"case {change['case_id']} has an outcome of an unknown kind")
    return event
