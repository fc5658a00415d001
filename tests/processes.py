"""The environment of every process that a test starts.

What steers the program or git is left out, so that no test depends on the machine it runs on.
Everything else stays: whoever moves the clock, the zone or the language of this process means the
processes that it starts as well.
"""

import os
from pathlib import Path

_STEERS = ("AWS_", "CI", "GIT_", "GITHUB_", "GITLAB_", "RECONCILE_", "RUNNER_")


def plain_environment(**more: str) -> dict[str, str]:
    """This environment without what steers the program, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_STEERS)}
    return {**kept, "NO_COLOR": "1", **more}


def python_path(*folders: str | Path) -> str:
    """A PYTHONPATH that begins with these folders and keeps what this process was given."""
    kept = os.environ.get("PYTHONPATH", "")
    return os.pathsep.join([*map(str, folders), *([kept] if kept else [])])
