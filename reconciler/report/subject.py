"""What a report is about, whatever its format: a plan, problems in specs, or outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:  # commands that only say what they take wait for none of these
    from collections.abc import Mapping

    from reconciler.config.model import Config, Limits
    from reconciler.model.diagnostic import Problem, Source
    from reconciler.model.event import Outcome
    from reconciler.model.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where a reader can click; every part is empty when it is not known.

    `files` is the address under which the files of the planned commit are shown, with a slash at
    its end, `commit` that of the commit itself, `run` that of the CI run. `prefix` leads from the
    root of the repository to the folder that places in specs count from, also with a slash.
    """

    files: str = ""
    commit: str = ""
    run: str = ""
    prefix: str = ""

    def path(self, at: Source) -> str:
        """The file from the root of the repository, as CI systems name it."""
        return self.prefix + at.file

    def at(self, at: Source) -> str:
        """The address of one line of a spec, or an empty string."""
        path = quote(self.path(at), errors="surrogatepass")  # a path can hold bytes, not text
        return f"{self.files}{path}#L{at.line}" if self.files else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One report's matter. `command` is the reconcile command that is telling.

    `limits` are the guards' numbers by target name, shown beside the counts; `full` asks for
    every case by name. `colour` and `width` (columns) are those of a terminal. `allowed_conflicts`
    are the values in conflict that the command line allows, instead of the limits. A `brief` text
    leaves the changes to the plan file.
    """

    command: str
    plan: Plan | None = None
    problems: tuple[Problem, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    limits: Mapping[str, Limits] = field(default_factory=dict)
    allowed_conflicts: int | None = None
    links: Links = Links()
    full: bool = False
    brief: bool = False
    colour: bool = False
    width: int | None = None


def about_plan(
    command: str,
    plan: Plan,
    config: Config | None,
    *,
    full: bool = False,
    allowed_conflicts: int | None = None,
) -> Subject:
    """What a command's reports of a plan are about; without a config, nobody knows the limits."""
    limits = {name: target.limits for name, target in config.targets.items()} if config else {}
    return Subject(
        command=command, plan=plan, limits=limits, allowed_conflicts=allowed_conflicts, full=full
    )
