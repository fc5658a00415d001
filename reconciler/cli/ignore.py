"""`reconcile ignore`: rules that leave differences of a saved plan alone."""

from pathlib import Path
from typing import Any

import click

from reconciler.adapters.spec_search import real_path, shown
from reconciler.cli.console import Console
from reconciler.cli.options import EXISTING, FILE, config_option, framed
from reconciler.errors import Exit, ReconcilerError
from reconciler.model.config import Config
from reconciler.wiring.inputs import load_config

SUFFIXES = (".yaml", ".yml")


def _printable(ctx: click.Context, parameter: click.Parameter, given: str) -> str:
    if not given.strip() or not given.isprintable():
        raise click.BadParameter("write why this is left alone, on one line")
    return given


def _until(ctx: click.Context, parameter: click.Parameter, given: str) -> str:
    from reconciler.model.ignore import end_of

    if end_of(given) is None:
        raise click.BadParameter(
            f'"{given}" is neither a day, such as 2026-12-31, nor a time with an offset'
        )
    return given


@click.command("ignore")
@click.option(
    "--from-plan", "planfile", type=EXISTING, required=True, help="The saved plan to choose from."
)
@click.option("--case", "cases", multiple=True, metavar="ID", help="Only this case; repeatable.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME",
    help="Only this field, by id or name; repeatable.",
)
@click.option("--all", "everything", is_flag=True, help="Every field that the plan would change.")
@click.option(
    "--reason",
    required=True,
    callback=_printable,
    help="Why it is left alone; every report shows it.",
)
@click.option(
    "--until",
    required=True,
    callback=_until,
    metavar="DATE",
    help="The last day, all of it in UTC, or a time with an offset.",
)
@click.option(
    "--scope",
    type=click.Choice(["both", "drift", "apply"]),
    default="both",
    show_default=True,
    help="drift: left out of `drift` only. apply: left as it is, and reported by `drift`.",
)
@click.option(
    "--out",
    type=FILE,
    help="The spec file to write to, new or not. Default: ignore.yaml in the specs folder.",
)
@config_option
@framed
def command(
    console: Console, planfile: Path, config_path: Path | None, out: Path | None, **given: Any
) -> int:
    """Leave chosen differences of a saved plan alone for a while.

    Writes one rule for each chosen field of each chosen case into a spec of kind Ignore, and
    keeps everything else in the file as it is. Nothing live is read or touched.

    \b
    Exit status: 0 written, or there already; 1 error, nothing written.

    \b
    Examples
      reconcile ignore --from-plan plan.json --case 5f0c9d0e \\
          --reason "CHG-7" --until 2026-12-31
      reconcile ignore --from-plan plan.json --field note --scope drift \\
          --reason "agents triage by hand" --until 2026-12-31
    """
    if given["everything"] == bool(given["cases"] or given["fields"]):
        raise click.UsageError("say what is left alone: --case, --field or both; or --all alone")
    config = load_config(config_path)
    path = _checked(out or config.specs / "ignore.yaml", config)
    _in_the_future(given["until"])
    added, there = _write(path, planfile, config, given)
    if there:
        console.note(f"{there:,} of the fields had a rule there already; edit its `until`")
    if added:
        console.result(added)
        console.note(f"wrote {path}; review and commit it, as every spec")
    return Exit.OK


def _checked(path: Path, config: Config) -> Path:
    if path.suffix not in SUFFIXES:
        raise ReconcilerError(f"{path}: found this suffix, expected {' or '.join(SUFFIXES)}")
    if not real_path(path).is_relative_to(real_path(config.specs)):
        raise ReconcilerError(
            f"{path} is not below {config.specs}, where runs look for rules; name a file there"
        )
    return path


def _in_the_future(until: str) -> None:
    from reconciler.adapters.system_clock import SystemClock
    from reconciler.model.ignore import end_of

    ends = end_of(until)
    if ends is None or ends <= SystemClock().now():
        raise ReconcilerError(f"--until {until}: is past, expected a day to come")


def _write(path: Path, planfile: Path, config: Config, given: dict[str, Any]) -> tuple[str, int]:
    """Add the rules, and give their text and how many were there before."""
    from reconciler.adapters.ignore_file import IgnoreFile, NewRule
    from reconciler.adapters.whole_file import replace_file
    from reconciler.engine.choosing import chosen_fields
    from reconciler.model.ignore import Scope
    from reconciler.wiring.saved_plan import saved_plan

    chosen = chosen_fields(saved_plan(planfile), given["cases"], given["fields"])
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    file = IgnoreFile(
        path.read_bytes() if path.exists() else b"", shown(real_path(path), config.root)
    )
    texts: list[str] = []
    there = 0
    for target, entries in chosen.items():
        rules = [
            NewRule(
                field=entry.id,
                name=entry.name,
                case=change.case_id,
                reason=given["reason"],
                until=given["until"],
                scope=Scope(given["scope"]),
            )
            for change, entry in entries
        ]
        text, kept = file.add(rules, target, config.default_target, f"{path.stem}-{target}")
        texts.append(text)
        there += kept
    if any(texts):
        replace_file(path, file.data, mode=mode)
    return "".join(texts), there
