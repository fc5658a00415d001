"""Options about how a plan is carried out: stages, pauses, failures, change windows."""

import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from reconciler.apply.stages import ALL, StageEnd, parse_stages
from reconciler.cli.planning import allowances
from reconciler.errors import ReconcilerError
from reconciler.model.receipt import Receipt
from reconciler.project.applying import ApplyRequest

Command = TypeVar("Command", bound=Callable[..., Any])
_ASK = "ask"


def staging_options(function: Command) -> Command:
    """What `apply` and `rollback` share."""
    options = [
        click.option(
            "--canary",
            type=click.IntRange(1),
            metavar="N",
            help="Write N cases first, and the others only if nothing went wrong with those.",
        ),
        click.option(
            "--stages",
            metavar="LIST",
            help="Write in stages, each counted from the first case: 1%,10%,100% or 5,50,100%. "
            "The next begins only if nothing went wrong in the last.",
        ),
        click.option(
            "--pause",
            is_flag=False,
            flag_value=_ASK,
            metavar="[SECONDS]",
            help="Between two stages: wait so long, or without a number ask.",
        ),
        click.option(
            "--max-failures",
            type=click.IntRange(1),
            metavar="N",
            help="Attempt no further case after N that failed or conflicted. With stages: let a "
            "stage have fewer than N (default: none).",
        ),
        click.option(
            "--override-window",
            "overridden_windows",
            multiple=True,
            metavar="NAME",
            help="Apply although this change window is in the way; repeatable, and recorded.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def apply_request(given: Mapping[str, Any], *, retried: Receipt | None = None) -> ApplyRequest:
    """What the options say about carrying out; what cannot be is refused before anything is."""
    stages = _stages(given)
    seconds, asks = _pause(given["pause"])
    if asks and not sys.stdin.isatty():
        raise ReconcilerError(
            "--pause: there is no terminal to ask on; give the seconds to wait, or leave it out"
        )
    return ApplyRequest(
        allowed=allowances(given),
        empty_allowed=given.get("allow_empty", False),
        limit=given.get("limit"),
        max_failures=given["max_failures"],
        stages=stages,
        pause_seconds=seconds,
        asks=asks,
        overridden_windows=given["overridden_windows"],
        retried=retried,
    )


def _stages(given: Mapping[str, Any]) -> tuple[StageEnd, ...]:
    if given["canary"] is not None:
        return (StageEnd(given["canary"]), ALL)
    return parse_stages(given["stages"]) if given["stages"] is not None else ()


def _pause(text: str | None) -> tuple[float, bool]:
    """Seconds to wait, and whether to ask."""
    if text is None or text == _ASK:
        return 0.0, text == _ASK
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ReconcilerError(
            f'--pause: found "{text}", expected seconds such as 60, or nothing to be asked; '
            "a plan file stands before it"
        )
    return seconds, False
