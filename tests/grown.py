"""A copy of the whole program in which one table has a made-up member more."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.processes import plain_environment

ROOT = Path(__file__).resolve().parent.parent
CONFIG = """\
apiVersion: reconcile/v1
kind: Config
targets: {demo: {sandbox: demo.db, domain: support}}
default_target: demo
"""


@dataclass(frozen=True)
class Program:
    """The copy's folder, which is also the folder of its config."""

    folder: Path

    def run(self, *arguments: str, status: int = 0) -> str:
        """What a command of the copy says, on either stream."""
        return self.python("-m", "reconciler", *arguments, status=status)

    def python(self, *arguments: str, status: int = 0) -> str:
        """What Python says, with the copy as its program."""
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=plain_environment(PYTHONPATH=str(self.folder)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == status, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def write(self, name: str, text: str) -> None:
        """A file of the copy's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def change(self, name: str, old: str, new: str) -> None:
        """Replace what stands in a file of the copy, where it stands exactly once."""
        path = self.folder / name
        text = path.read_text()
        assert text.count(old) == 1, (name, old)
        path.write_text(text.replace(old, new))


def a_copy(folder: Path) -> Program:
    """The program, its schemas and an empty project."""
    for name in ("reconciler", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "schemas.py", folder / "tests" / "schemas.py")
    (folder / "reconcile.yaml").write_text(CONFIG)
    return Program(folder)
