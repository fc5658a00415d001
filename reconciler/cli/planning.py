"""What `plan`, `drift`, `show` and `apply` do alike with a plan once there is one."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reconciler.cli.console import Console
from reconciler.cli.options import selectors
from reconciler.config.model import Config
from reconciler.model.plan import Mode, Plan
from reconciler.plan.guard import Allowances
from reconciler.project.planning import PlanRequest
from reconciler.report.formats import report
from reconciler.report.subject import Subject

# Of how many differing cases the histories are read; 96 take a minute at the default quotas.
HISTORIES = 100
HISTORIES_OF_DRIFT = 1_000  # where telling drift apart is what the run is for


def allowances(given: Mapping[str, Any]) -> Allowances:
    """The guards lifted on the command line."""
    return Allowances(
        cases=given.get("allow_cases"),
        percent=given.get("allow_percent"),
        clears=given.get("allow_clears"),
        fields=given.get("allow_fields", {}),
        owners=frozenset(given.get("allow_owners", ())),
        conflicts=given.get("allow_conflicts"),
        unclassified=given.get("allow_unclassified"),
    )


def plan_request(
    paths: tuple[Path, ...], given: Mapping[str, Any], histories: int = HISTORIES
) -> PlanRequest:
    """The planning part of a command line."""
    return PlanRequest(
        paths=paths,
        targets=given["targets"],
        only=selectors(given),
        mode=Mode(given["mode"]),
        catalog=given["catalog"],
        allowed=allowances(given),
        empty_allowed=given["allow_empty"],
        attribution=_attribution(given, histories),
    )


def _attribution(given: Mapping[str, Any], histories: int) -> int:
    """Of how many differing cases the history is read; of none where nobody reads the plan."""
    asked: int | None = given.get("attribution")
    if asked is not None:
        return asked
    return 0 if given.get("yes") else histories


def subject_of(
    command: str, plan: Plan, config: Config | None, given: Mapping[str, Any], *, full: bool = False
) -> Subject:
    """What the reports of a command are about."""
    limits = {name: target.limits for name, target in config.targets.items()} if config else {}
    return Subject(
        command=command,
        plan=plan,
        limits=limits,
        allowed_conflicts=given.get("allow_conflicts"),
        full=full,
    )


def show(console: Console, subject: Subject, output: str) -> None:
    """The subject on stdout, in the format asked for."""
    here = replace(subject, colour=console.colour, width=console.width)
    text = report(output, here)
    if output == "text":
        console.result(text)
    else:
        console.data(text if text.endswith("\n") else f"{text}\n")
