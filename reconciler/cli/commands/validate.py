"""`reconcile validate`: check specs and config offline."""

from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.options import (
    EXISTING,
    FILE,
    allow_owner,
    config_option,
    target_option,
    with_console,
)
from reconciler.cli.reporting import publish_problems, report_option
from reconciler.config.model import Config
from reconciler.errors import AuthorErrors, Exit
from reconciler.model.diagnostic import Problem
from reconciler.model.plural import plural
from reconciler.model.spec import CasesSpec, SpecSet
from reconciler.project.inputs import (
    SpecsRequest,
    about_chosen,
    load_config,
    load_specs,
    warnings_of,
)


@subcommand("validate")
@click.argument("paths", nargs=-1, type=EXISTING)
@config_option
@target_option
@click.option(
    "--catalog",
    type=FILE,
    help="A catalog saved by `reconcile catalog --out`: also check names, types and options.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How problems are shown.",
)
@allow_owner
@report_option
@with_console
def command(
    console: Console, paths: tuple[Path, ...], config_path: Path | None, **given: Any
) -> int:
    """Check specs and config. Offline: no credentials, no network.

    Every problem of every file is shown in one run, as FILE:LINE:COLUMN: CODE: MESSAGE (HINT).

    \b
    Exit status: 0 all good, 1 problems.

    \b
    Examples
      reconcile validate
      reconcile validate specs/vip.yaml --catalog catalog.json
    """
    problems: tuple[Problem, ...] = ()
    config: Config | None = None
    specs: SpecSet | None = None
    try:
        config = load_config(config_path)
        specs = load_specs(
            config,
            SpecsRequest(
                paths=paths,
                targets=given["targets"],
                catalog=given["catalog"],
                digested=False,
                allowed_owners=given["allow_owners"],
            ),
        )
    except AuthorErrors as error:
        problems = error.problems
    steps = Steps(console)
    with steps.each():
        about = about_chosen(specs, config, given["targets"]) if specs and config else None
        _show(console, problems, about, given["output"])
    if config is not None and specs is not None:
        for warning in warnings_of(specs, config, given["targets"]):
            console.note(str(warning))
    with steps.each():
        publish_problems(console, "validate", problems, config, given["reports"])
    return Exit.ERROR if problems else steps.status


def _show(
    console: Console, problems: tuple[Problem, ...], specs: SpecSet | None, output: str
) -> None:
    if output == "json":
        import json  # only for whoever asked for it

        console.data(json.dumps([one.data() for one in problems], ensure_ascii=False) + "\n")
    elif problems:
        console.problems(problems, result=True)
    elif specs is not None:
        console.result(_said(specs))


def _said(specs: SpecSet) -> str:
    cases = sum(len(spec.cases) for spec in specs.specs if isinstance(spec, CasesSpec))
    policies = sum(not isinstance(spec, CasesSpec) for spec in specs.specs)
    rules = sum(len(spec.rules) for spec in specs.ignores)
    said = [
        plural(len(specs.files), "file"),
        plural(len(specs.headers), "spec"),
        plural(cases, "named case"),
        plural(policies, "policy", "policies"),
        *([plural(rules, "ignore rule")] if rules else []),
    ]
    return f"ok: {', '.join(said)}"
