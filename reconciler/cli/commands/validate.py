"""`reconcile validate`: check specs and config offline."""

from pathlib import Path

import click

from reconciler.cli.console import Console, in_flags
from reconciler.cli.edge import Steps
from reconciler.cli.files import EXISTING, FILE
from reconciler.cli.groups import OUTPUT, WHERE
from reconciler.cli.options import Configured, OwnerGuard, Targeted
from reconciler.cli.reporting import Reporting, publish_problems
from reconciler.cli.typed import argument, option, subcommand
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


class Options(Targeted, Configured, OwnerGuard, Reporting):
    """What `validate` is told."""

    paths: tuple[Path, ...] = argument(nargs=-1, type=EXISTING)
    catalog: Path | None = option(
        "--catalog", group=WHERE, type=FILE,
        help="A saved catalog: also check names, types and options.",
    )  # fmt: skip
    output: str = option(
        "--format", group=OUTPUT, type=click.Choice(["text", "json"]), default="text",
        show_default=True, help="How problems are shown.",
    )  # fmt: skip


@subcommand("validate", Options)
def command(console: Console, options: Options) -> int:
    """Check specs and config. Offline: no credentials, no network.

    Every problem of every file is shown in one run, as FILE:LINE:COLUMN: CODE: MESSAGE (HINT).

    \b
    \b
    Examples
      reconcile validate
      reconcile validate specs/vip.yaml --catalog catalog.json
    """
    problems: tuple[Problem, ...] = ()
    config: Config | None = None
    specs: SpecSet | None = None
    try:
        config = load_config(options.config_path)
        specs = load_specs(
            config,
            SpecsRequest(
                paths=options.paths,
                targets=options.targets,
                catalog=options.catalog,
                digested=False,
                allowed_owners=options.limits().owners,
            ),
        )
    except AuthorErrors as error:
        problems = in_flags(error)
    steps = Steps(console)
    with steps.each():
        about = about_chosen(specs, config, options.targets) if specs and config else None
        _show(console, problems, about, options.output)
    if config is not None and specs is not None:
        for warning in warnings_of(specs, config, options.targets):
            console.note(str(warning))
    with steps.each():
        publish_problems(console, "validate", problems, config, options.reports)
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
