"""A folder whose config has several targets, each an embedded service of its own place."""

import json
from dataclasses import dataclass
from pathlib import Path

from reconciler.cli.main import run
from reconciler.sandbox.api import seed
from tests.e2e.world import Ran, copy_database

ACCOUNTS = ("111122223333", "222233334444", "333344445555", "444455556666")


@dataclass
class Lanes:
    """Targets called a, b, c... of the same cases, in different accounts."""

    folder: Path
    capsys: object
    database: Path

    def configure(self, **targets):
        """Write the config; each target is the text of its further keys, or None for none."""
        lines = ["apiVersion: reconcile/v1", "kind: Config", "targets:"]
        for name, keys in targets.items():
            path = self.folder / f"{name}.db"
            if not path.exists():
                copy_database(self.database, path)
            lines.append(f"  {name}:\n    sandbox: {name}.db\n    domain: support")
            lines.extend(f"    {one}" for one in (keys or "").splitlines())
        (self.folder / "reconcile.yaml").write_text("\n".join(lines) + "\n")

    def spec(self, text, name="spec.yaml"):
        path = self.folder / "specs" / name
        path.parent.mkdir(exist_ok=True)
        if "apiVersion" not in text:
            text = f"apiVersion: reconcile/v1\nkind: Cases\nmetadata: {{name: {path.stem}}}\n{text}"
        path.write_text(text, encoding="utf-8")

    def run(self, *arguments):
        """Run the program in this folder, as its command line would."""
        self.capsys.readouterr()
        status = run([str(one) for one in arguments])
        seen = self.capsys.readouterr()
        return Ran(int(status), seen.out, seen.err)

    def plan(self, *arguments, status=0):
        """The plan as saved."""
        ran = self.run("plan", "--out", "plan.json", *arguments)
        assert ran.status == status, ran
        return json.loads((self.folder / "plan.json").read_bytes())


def place(account, region="us-west-2"):
    """The keys that say where a target is."""
    return f'account: "{account}"\nregion: {region}'


def made(folder, capsys):
    """A world with a seeded database that is only ever copied."""
    database = folder / "seeded.db"
    seed(database, cases=20)
    return Lanes(folder, capsys, database)
