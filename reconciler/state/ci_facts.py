"""What the CI system says of itself in the environment: GitHub Actions, GitLab CI, or neither."""

import getpass
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_SHA = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CiFacts:
    """Empty strings and None where nothing is known.

    `files` and `commit` are the addresses of the planned commit's files and of the commit, `run`
    that of this run. `summary` and `outputs` are GitHub's files for the step; `annotates` says
    that workflow commands in the log are understood.
    """

    actor: str = ""
    run: str = ""
    files: str = ""
    commit: str = ""
    summary: Path | None = None
    outputs: Path | None = None
    annotates: bool = False

    @property
    def listens(self) -> bool:
        """Whether something is read after this step without being asked for."""
        return bool(self.summary or self.outputs or self.annotates)


def ci_facts(sha: str, environment: Mapping[str, str] | None = None) -> CiFacts:
    """The facts for a plan of commit `sha`; there are no links to what is not a commit's digest.

    Without an environment, as that of the process says.
    """
    said = os.environ if environment is None else environment
    sha = sha if _SHA.fullmatch(sha) else ""
    summary = said.get("GITHUB_STEP_SUMMARY", "")
    outputs = said.get("GITHUB_OUTPUT", "")
    run, files, commit = _addresses(sha, said)
    return CiFacts(
        actor=_first(said, "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "RECONCILE_ACTOR"),
        run=run,
        files=files,
        commit=commit,
        summary=Path(summary) if summary else None,
        outputs=Path(outputs) if outputs else None,
        annotates=said.get("GITHUB_ACTIONS") == "true",
    )


def _addresses(sha: str, said: Mapping[str, str]) -> tuple[str, str, str]:
    """Of the run, of the commit's files, of the commit."""
    server = said.get("GITHUB_SERVER_URL", "")
    name = said.get("GITHUB_REPOSITORY", "")
    number = said.get("GITHUB_RUN_ID", "")
    if server and name:
        home = f"{server}/{name}"
        run = f"{home}/actions/runs/{number}" if number else ""
        return run, *((f"{home}/blob/{sha}/", f"{home}/commit/{sha}") if sha else ("", ""))
    home = said.get("CI_PROJECT_URL", "")
    run = said.get("CI_JOB_URL", "")
    if home and sha:
        return run, f"{home}/-/blob/{sha}/", f"{home}/-/commit/{sha}"
    return run, "", ""


def _first(said: Mapping[str, str], *names: str) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def actor(environment: Mapping[str, str] | None = None) -> str:
    """Who runs this, as far as CI or the machine says."""
    if named := ci_facts("", environment).actor:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
