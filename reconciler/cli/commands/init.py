"""`reconcile init`: a config, an example spec, their schemas, CI files; never overwrites."""

from importlib.resources import files
from pathlib import Path

import click

from reconciler.cli.console import Console
from reconciler.cli.groups import WHAT
from reconciler.cli.typed import Options as Typed
from reconciler.cli.typed import argument, option, subcommand
from reconciler.errors import Exit
from reconciler.files.schema_check import schema_path
from reconciler.files.shipped import shipped
from reconciler.files.whole_file import replace_file
from reconciler.report.escaping import one_line

# What is written, and the template in reconciler/cli/starter/ that it comes from.
STARTERS = {"reconcile.yaml": "reconcile.yaml", "specs/example.yaml": "example.yaml"}
SHARED = 0o666  # less what the umask takes: these files hold no case data
# Copied beside them, so that an editor completes and checks both kinds of file.
SCHEMAS = ("config", "spec")
ACTION = ".github/actions/reconcile"
WORKFLOWS = ("plan", "apply", "drift")
# Case data, where the README and the CI files write it: journals, databases and seal keys; saved
# plans, reports, receipts and tables at the top. Specs lie deeper, and are there to be committed.
IGNORED = (
    ".reconcile/",
    "/plan*",
    "/drift*",
    "/apply*",
    "/rollback*",
    "/report*",
    "/cases.*",
    "/*.receipt.json",
    "/*.csv",
    "/*.jsonl",
    "/*.html",
    "/*.sarif",
    "/*.xml",
    "/codequality*.json",
    "/terraform*.json",
)


class Options(Typed):
    """What `init` is told."""

    folder: Path = argument(type=click.Path(path_type=Path, file_okay=False), default=".")
    ci: str = option(
        "--ci", group=WHAT, type=click.Choice(["github", "gitlab", "none"]), default="github",
        show_default=True, help="Which CI system to write files for.",
    )  # fmt: skip
    policy: bool = option(
        "--policy", group=WHAT, is_flag=True, help="Also examples of policies for conftest or OPA."
    )


@subcommand("init", Options)
def command(console: Console, options: Options) -> int:
    """Write a config, an example spec, their schemas and CI files into FOLDER.

    For GitHub: an action, and workflows that plan on pull requests, apply after the merge and
    look for drift at night. For GitLab: the same in one file. With --policy, also rules in Rego
    about saved plans. Files that are there already are kept as they are.

    \b
    Examples
      reconcile init
      reconcile init ../case-data --ci gitlab
    """
    folder, ci = options.folder, options.ci
    starters = files("reconciler.cli") / "starter"
    for name, template in STARTERS.items():
        _write(console, folder / name, (starters / template).read_text(encoding="utf-8"))
    for name in SCHEMAS:
        source = schema_path(name)
        _write(console, folder / "schemas" / source.name, source.read_text(encoding="utf-8"))
    if options.policy:
        text = (starters / "policy.rego").read_text(encoding="utf-8")
        _write(console, folder / "policy" / "reconcile.rego", text)
    if ci == "github":
        _github(console, folder)
    elif ci == "gitlab":
        text = (starters / "gitlab-ci.yml").read_text(encoding="utf-8")
        _write(console, folder / ".gitlab-ci.yml", text)
        _write(console, folder / ".gitlab" / "reconcile.lock", _lock())
    _ignore(console, folder / ".gitignore")
    if ci != "none":
        file = f"{ACTION}/action.yml (`package`)" if ci == "github" else ".gitlab-ci.yml"
        console.note(f"CI: say in {file} where reconcile is to be installed from")
    console.note(
        "next: reconcile sandbox seed --db .reconcile/demo.db   (a local service to try on)",
        "      reconcile plan",
        "      reconcile catalog --schema schemas/spec.schema.json   (editors learn your fields)",
    )
    return Exit.OK


def _github(console: Console, folder: Path) -> None:
    """The workflows use the action beside them, so that nothing has to be trusted from afar."""
    action = shipped("action.yml").read_text(encoding="utf-8")
    _write(console, folder / ACTION / "action.yml", action)
    _write(console, folder / ACTION / "action.lock", _lock())
    for name in WORKFLOWS:
        path = f".github/workflows/reconcile-{name}.yml"
        text = shipped(path).read_text(encoding="utf-8")
        text = text.replace("uses: ./\n", f"uses: ./{ACTION}\n")
        text = text.replace("uses: ./.trusted\n", f"uses: ./.trusted/{ACTION}\n")
        _write(console, folder / path, text)


def _lock() -> str:
    """What CI installs besides reconcile itself, by version and digest."""
    return shipped("action.lock").read_text(encoding="utf-8")


def _write(console: Console, path: Path, text: str) -> None:
    if path.exists() or path.is_symlink():  # a link that leads nowhere is somebody's, too
        console.result(one_line(f"kept    {path} (it was there)"))
        return
    replace_file(path, text.encode(), mode=SHARED)
    console.result(one_line(f"wrote   {path}"))


def _ignore(console: Console, path: Path) -> None:
    """Keep case data out of git; lines are only added to a file that is there."""
    before = path.read_bytes() if path.exists() else b""
    there = {line.strip() for line in before.decode("utf-8", "replace").splitlines()}
    missing = [line for line in IGNORED if line not in there]
    if not missing:
        return
    ending = "\r\n" if b"\r\n" in before else "\n"
    lines = ["# Case data that reconcile writes", *missing]
    gap = ending if before and not before.endswith(b"\n") else ""
    added = (gap + "".join(f"{line}{ending}" for line in lines)).encode()
    replace_file(path, before + added, mode=SHARED, keeps=True)
    said = f"{'added to' if before else 'wrote  '} {path}: {', '.join(missing)}"
    console.result(one_line(said))
