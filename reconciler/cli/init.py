"""`reconcile init`: a config, an example spec, their schemas, a CI workflow; never overwrites."""

from importlib.resources import files
from pathlib import Path

import click

from reconciler.adapters.schema_check import schema_path
from reconciler.cli.console import Console
from reconciler.cli.options import framed
from reconciler.errors import Exit

# What is written, and the template in reconciler/cli/starter/ that it comes from.
STARTERS = {
    "reconcile.yaml": "reconcile.yaml",
    "specs/example.yaml": "example.yaml",
    ".github/workflows/reconcile.yml": "workflow.yml",
}
# Copied beside them, so that an editor completes and checks both kinds of file.
SCHEMAS = ("config", "spec")
IGNORED = ".reconcile/"


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@framed
def command(console: Console, folder: Path) -> int:
    """Write a config, an example spec, their schemas and a CI workflow into FOLDER.

    Files that are there already are kept as they are.

    \b
    Examples
      reconcile init
      reconcile init ../case-data
    """
    starters = files("reconciler.cli") / "starter"
    for name, template in STARTERS.items():
        _write(console, folder / name, (starters / template).read_text(encoding="utf-8"))
    for name in SCHEMAS:
        source = schema_path(name)
        _write(console, folder / "schemas" / source.name, source.read_text(encoding="utf-8"))
    _ignore(console, folder / ".gitignore")
    console.note(
        "next: reconcile sandbox seed --db .reconcile/demo.db   (a local service to try on)\n"
        "      reconcile plan"
    )
    return Exit.OK


def _write(console: Console, path: Path, text: str) -> None:
    if path.exists():
        console.result(f"kept    {path} (it was there)")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    console.result(f"wrote   {path}")


def _ignore(console: Console, path: Path) -> None:
    """Keep journals, which hold case ids, and sandbox databases out of git."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if IGNORED in lines:
        return
    path.write_text("\n".join([*lines, IGNORED]) + "\n", encoding="utf-8")
    console.result(f"{'added to' if lines else 'wrote  '} {path}: {IGNORED}")
