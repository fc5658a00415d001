"""For each command and option: the ways of calling in which the option would do nothing.

Nothing that somebody typed is ignored: `command.py` refuses an option in those ways, and a test
walks every command, option and way of calling, so that no option is left out of this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from sys import stdin
from typing import Any

from reconciler.cli.planfiles import looks_like_a_plan
from reconciler.model.guards import LIFTED, ROLLED_BACK, Limit

Options = Any  # the options of the command that the entry is about


@dataclass(frozen=True, slots=True)
class Idle:
    """A way of calling in which an option does nothing: when that is so, why, and what to do."""

    when: Callable[[Options], bool]
    why: str
    instead: str


Uses = Mapping[str, tuple[Idle, ...]]

# The formats of a plan that leave something out unless --full asks for all of it.
_SHORTENED = {"text", "markdown", "html"}


def _formats(options: Options) -> set[str]:
    """Every format that this call writes, on stdout and in reports."""
    return {options.output, *(name for name, _ in getattr(options, "reports", ()))}


def _plan_file(options: Options) -> bool:
    return options.retry is None and any(map(looks_like_a_plan, options.paths))


def _retry(options: Options) -> bool:
    return options.retry is not None


def _nothing_written(options: Options) -> bool:
    return options.out is not None or not (options.yes or stdin.isatty())


def _always(*options: str) -> Uses:
    return dict.fromkeys(options, ())


def _idle(options: str, *ways: Idle) -> Uses:
    return dict.fromkeys(options.split(), ways)


_FULL = Idle(
    lambda options: not _formats(options) & _SHORTENED,
    "this format leaves nothing out",
    "leave it out, or take --format text, markdown or html",
)
_PLANNED = Idle(
    _plan_file,
    "the plan file was made with such options, and is applied as it is",
    "plan again with it: reconcile plan {option} ... --out FILE",
)
_PLANNED_BY_FIELD = replace(
    _PLANNED, instead="plan again with it: reconcile plan --mode bulk {option} ... --out FILE"
)
_NOT_BULK = Idle(
    lambda options: options.mode != "bulk",
    "it is a way of bulk mode",
    "add --mode bulk, or leave it out",
)
_RETRIED = Idle(
    _retry,
    "a retry carries out the rest of the receipt's plan, as it was planned",
    "leave it out, or make a new plan",
)
_NOT_SAVED = Idle(
    lambda options: options.out is None and "json" not in _formats(options),
    "no plan is saved, so none expires",
    "save it with --out FILE",
)
_AGAINST = Idle(
    lambda options: options.against is not None,
    "--against says in words how two plans differ, and shows neither of them",
    "show one plan without --against",
)
_ONE_PLAN = Idle(
    lambda options: len(options.planfiles) < 2,
    "one plan is shown as it is",
    "name the others too",
)
_NOT_CARRIED_OUT = Idle(
    _nothing_written,
    "nothing is carried out: the plan is only shown or saved",
    "carry it out with --yes, or give this option to `reconcile apply FILE`",
)
_NO_STAGES = Idle(
    lambda options: options.canary is None and options.stages is None,
    "it is about the time between two stages",
    "say which, with --stages or --canary",
)
_BOTH_STAGES = Idle(
    lambda options: options.canary is not None and options.stages is not None,
    "--canary N is the same as --stages N,100%",
    "give one of the two",
)
_QUOTAS = Idle(
    lambda options: options.quotas,
    "--quotas lists the account's quotas instead of the catalog",
    "run it once more without --quotas",
)
_NO_FILE = Idle(
    lambda options: options.out is None and getattr(options, "out_dir", None) is None,
    "it is about files, and this goes to stdout",
    "say which file with --out FILE",
)
_NO_SPEC = Idle(
    lambda options: options.output != "yaml",
    "a table has no metadata",
    "give it to `reconcile import`, or take --format yaml",
)
_NO_NAME = Idle(
    lambda options: options.output != "yaml" and options.out_dir is None,
    "a table has no name, and without --out-dir there is no file to be named",
    "leave it out, or take --format yaml or --out-dir",
)
_PATHS_SAY = Idle(
    lambda options: bool(options.paths),
    "PATHS say what is laid out, and the config is read for nothing else",
    "leave it out, or name no PATHS",
)
_OFFLINE = Idle(
    lambda options: not (options.target or options.out or options.catalog),
    "nothing but the table is read",
    "leave it out, or name a --target or a --catalog",
)

_EMPTY = Limit.EMPTY.facts.flag
_OWNER = Limit.OWNERS.facts.flag
_GUARDS = " ".join(one.facts.flag for one in LIFTED if one is not Limit.EMPTY)
_ROLLED_BACK = " ".join(one.facts.flag for one in ROLLED_BACK if one is not Limit.OWNERS)
_STAGING = "--max-failures --override-window --skip-after"
_SELECTING = "--target --case --field --spec --policy"
_PLANNING = "--mode --catalog --attribution --no-attribution"

USES: Mapping[str, Uses] = {
    "init": _always("--ci", "--policy"),
    "validate": _always(
        "--config", "--target", "--catalog", "--format", _OWNER, "--report"
    ),
    "fmt": {**_always("--check", "--diff"), **_idle("--config", _PATHS_SAY)},
    "plan": {
        **_idle(f"--config {_SELECTING} {_PLANNING} {_GUARDS} {_EMPTY} --parallel"),
        **_always("--out", "--format", "--report", "--detailed-exitcode"),
        **_idle("--by-field", _NOT_BULK),
        **_idle("--full", _FULL),
        **_idle("--ttl", _NOT_SAVED),
    },
    "apply": {
        **_idle(f"--config {_SELECTING} {_GUARDS} {_STAGING} --parallel"),
        # Beside a plan file nobody is asked anyway; scripts may say so for every way of calling.
        **_always("--yes", "--expect", "--limit", "--retry", "--report"),
        **_idle(_PLANNING, _PLANNED, _RETRIED),
        **_idle("--by-field", _PLANNED_BY_FIELD, _RETRIED, _NOT_BULK),
        **_idle(_EMPTY, _RETRIED),
        **_idle("--canary --stages", _BOTH_STAGES),
        **_idle("--pause", _NO_STAGES),
    },
    "rollback": {
        **_idle(f"--config {_SELECTING} --parallel"),
        **_always("--yes", "--out", "--format", "--report", "--last"),
        **_idle(_ROLLED_BACK),
        **_idle(_OWNER, _NOT_CARRIED_OUT),
        **_idle("--full", _FULL),
        **_idle("--ttl", _NOT_SAVED),
        **_idle(_STAGING, _NOT_CARRIED_OUT),
        **_idle("--canary --stages", _BOTH_STAGES, _NOT_CARRIED_OUT),
        **_idle("--pause", _NO_STAGES, _NOT_CARRIED_OUT),
    },
    "runs list": _always("--config", "--format", "--limit"),
    "runs show": _always("--config", "--format"),
    "show": {
        **_always("--against"),
        **_idle("--join", _ONE_PLAN),
        **_idle("--format --report", _AGAINST),
        **_idle("--full", _AGAINST, _FULL),
    },
    "drift": {
        **_idle(f"--config {_SELECTING} {_PLANNING} {_EMPTY} --parallel"),
        **_always("--format", "--report"),
        **_idle("--full", _FULL),
    },
    "targets": _always("--config", "--json", "--changed-since"),
    "history": {
        **_always("--config", "--target", "--field", "--format"),
        **_idle("--full", _FULL),
    },
    "accept": _always("--config", "--target", "--case", "--field", "--all-drift", "--dry-run"),
    "ignore": _always(
        "--config", "--from-plan", "--case", "--field", "--all", "--reason", "--until", "--scope",
        "--out",
    ),
    "export": {
        **_always("--config", "--target", "--case", "--where", "--template", "--tag", "--all"),
        **_always("--field", "--format", "--out", "--out-dir", "--limit", "--mode"),
        **_idle(
            "--split",
            Idle(lambda options: options.out_dir is None, "it makes several files",
                 "say where with --out-dir"),
        ),
        **_idle("--name", _NO_NAME),
        **_idle("--reason", _NO_SPEC),
        **_idle(
            "--bom",
            Idle(lambda options: options.output != "csv", "it is for spreadsheets",
                 "take --format csv"),
        ),
        **_idle("--force", _NO_FILE),
    },
    "import": {
        **_always("--target", "--catalog", "--format", "--out", "--name", "--reason", "--empty"),
        **_always("--null"),
        **_idle("--config", _OFFLINE),
        **_idle("--force", _NO_FILE),
    },
    "catalog": {
        **_always("--config", "--target", "--quotas"),
        **_idle("--json --out --schema", _QUOTAS),
    },
    "completion": {},
    "sandbox serve": {
        **_always("--db", "--port", "--fast", "--latency", "--faults", "--set", "--log"),
        **_always("--account", "--region"),
        **_idle(
            "--quota-scale",
            Idle(lambda options: options.fast, "--fast lifts all quotas", "give one of the two"),
        ),
    },
    "sandbox seed": _always("--db", "--account", "--region", "--domain", "--cases", "--seed"),
    "sandbox edit": _always("--db", "--case", "--by"),
    "sandbox reset": _always("--db"),
}  # fmt: skip


def idle(command: str, option: str, options: Options) -> Idle | None:
    """Why an option would do nothing, called like this; None where it does something."""
    return next((one for one in USES[command][option] if one.when(options)), None)
