"""`reconcile validate`: check specs and config offline."""

from pathlib import Path

import click

from reconciler.cli.console import Console, problem_data
from reconciler.cli.options import EXISTING, FILE, config_option, framed, target_option
from reconciler.errors import AuthorErrors, Exit
from reconciler.model.spec import CasesSpec, SpecSet
from reconciler.wiring.inputs import load_config, load_specs


@click.command("validate")
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
@framed
def command(
    console: Console,
    paths: tuple[Path, ...],
    config_path: Path | None,
    targets: tuple[str, ...],
    catalog: Path | None,
    output: str,
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
    problems: tuple = ()  # type: ignore[type-arg]
    specs: SpecSet | None = None
    try:
        specs = load_specs(load_config(config_path), paths, targets, catalog, digested=False)
    except AuthorErrors as error:
        problems = error.problems
    if output == "json":
        import json  # only for whoever asked for it

        console.result(json.dumps([problem_data(one) for one in problems], ensure_ascii=False))
    elif problems:
        console.problems(problems, result=True)
    elif specs is not None:
        console.result(_said(specs))
    return Exit.ERROR if problems else Exit.OK


def _said(specs: SpecSet) -> str:
    cases = sum(len(spec.cases) for spec in specs.specs if isinstance(spec, CasesSpec))
    policies = sum(not isinstance(spec, CasesSpec) for spec in specs.specs)
    return (
        f"ok: {len(specs.files):,} files, {len(specs.specs):,} specs, "
        f"{cases:,} named cases, {policies:,} policies"
    )
