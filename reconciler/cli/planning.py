"""What `plan`, `drift`, `show` and `apply` do alike with a plan once there is one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.cli.console import Console
from reconciler.engine.guard import Allowances
from reconciler.engine.plan_data import to_data
from reconciler.model.config import Config
from reconciler.model.plan import Mode, Plan
from reconciler.report.terminal import rendered
from reconciler.report.text import TextOptions, plan_text
from reconciler.wiring.planning import PlanRequest


def allowances(given: Mapping[str, Any]) -> Allowances:
    """The guards lifted on the command line."""
    return Allowances(
        cases=given["allow_cases"],
        percent=given["allow_percent"],
        clears=given["allow_clears"],
        fields=given["allow_fields"],
    )


def plan_request(paths: tuple[Path, ...], given: Mapping[str, Any]) -> PlanRequest:
    """The planning part of a command line."""
    return PlanRequest(
        paths=paths,
        targets=given["targets"],
        cases=frozenset(given["cases"]),
        mode=Mode(given["mode"]),
        catalog=given["catalog"],
        allowed=allowances(given),
        empty_allowed=given["allow_empty"],
    )


def show_plan(
    console: Console, plan: Plan, config: Config | None, output: str, *, full: bool = False
) -> None:
    """The plan on stdout, in the format asked for."""
    if output == "json":
        text = json.dumps(to_data(plan), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        console.result(text)
        return
    limits = {name: target.limits for name, target in config.targets.items()} if config else None
    lines = plan_text(plan, TextOptions(full=full, limits=limits))
    console.result(rendered(lines, colour=console.colour))
