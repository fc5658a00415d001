"""Open a saved plan, and check that it is the one that was meant."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from reconciler.config.model import Config
from reconciler.errors import PlanMisfit, ReconcilerError
from reconciler.files.canonical import Data
from reconciler.files.rereading import Kind, reread
from reconciler.model.argument import argument
from reconciler.model.plan import Plan
from reconciler.plan.file.data import changes_digest, from_data, identity, to_data
from reconciler.plan.file.disk import open_plan
from reconciler.plan.file.once import shared_case
from reconciler.secrets.vouching import checked

_PLAN = Kind(
    name="plan",
    read=from_data,
    write=to_data,
    edited="make a new one with `reconcile plan --out FILE`",
)


def saved_plan(path: Path, config: Config | None = None) -> Plan:
    """The plan in a file, whole and unedited; PlanMisfit otherwise.

    Only with the config is it found out whether anybody vouches for what it says about itself.
    """
    data, vouched = checked(path, open_plan(path), "plan", config)
    return replace(reread(path, data, _PLAN), vouched=vouched)


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan file as it was opened: whether its HMAC is right is found out where that matters."""

    path: Path
    data: Data


def opened_plan(path: Path, environment: Mapping[str, str] | None = None) -> tuple[Plan, PlanFile]:
    """The plan in a file, for which nobody vouches yet, and the file.

    With an environment, its seal key must have sealed the file.
    """
    data = open_plan(path)
    bare, _ = checked(path, data, "plan", None, environment or {})
    return replace(reread(path, bare, _PLAN), vouched=False), PlanFile(path, data)


def vouched_for(plan: Plan, file: PlanFile, config: Config) -> Plan:
    """The same plan, vouched for where a key of ours has sealed its file."""
    _, vouched = checked(file.path, file.data, "plan", config)
    return replace(plan, vouched=vouched)


def check_fits(plan: Plan, config: Config, now: datetime, *, saved: bool) -> None:
    """A plan must be young enough, and its targets in the config; a saved one has a case once."""
    expires = datetime.fromisoformat(plan.expires_at)
    if now >= expires:
        raise PlanMisfit(
            f"the plan expired at {plan.expires_at}; make a new one with `reconcile plan`"
        )
    check_targets(plan, config)
    if saved and (misfit := shared_case(plan)):
        raise PlanMisfit(f"{misfit}; nothing was written")


def check_targets(plan: Plan, config: Config) -> None:
    """Every target of the plan must be in the config."""
    for target in plan.targets:
        if target.name not in config.targets:
            raise PlanMisfit(f'the plan is for target "{target.name}", which reconcile.yaml lacks')


def ordered(plan: Plan, config: Config) -> Plan:
    """The plan's targets in the order in which the config names them now."""
    place = {name: at for at, name in enumerate(config.targets)}
    targets = tuple(sorted(plan.targets, key=lambda target: place[target.name]))
    return (
        plan if targets == plan.targets else replace(plan, targets=targets, part_of=identity(plan))
    )


def check_expectation(expected: str) -> None:
    """What is expected must be a plan file, or look like a digest; found out before any call."""
    if Path(expected).is_file():
        return
    if len(expected) < 12 or not all(character in "0123456789abcdef" for character in expected):
        raise ReconcilerError(
            f"{argument('expect')} {expected}: is neither a plan file nor a changes_digest "
            "(at least its first 12 characters)"
        )


def check_expected(plan: Plan, expected: str) -> None:
    """Refuse unless the changes are the reviewed ones, named by digest or by their plan file."""
    ours = changes_digest(plan)
    path = Path(expected)
    if path.is_file():
        reviewed = saved_plan(path)
        if changes_digest(reviewed) == ours:
            return
        from reconciler.plan.compare import differences

        lines = (f"  {line}" for line in differences(reviewed, plan))
        raise PlanMisfit(f"the changes are not the reviewed ones in {path}:", *lines)
    check_expectation(expected)
    if not ours.startswith(expected):
        raise PlanMisfit(
            f"the changes are not the reviewed ones: expected {expected}, and now {ours} "
            f"({plan.changed_fields} fields on {plan.changed_cases} cases); "
            "review the new plan, and give its digest"
        )
