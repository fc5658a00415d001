"""Ten times the cases: at most eleven times the CPU, for every command that takes many of them.

The start of the program is taken off: what the same command takes of ten cases. The commands that
call the service for each single case run on a fiftieth of the cases.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.stage import (
    RECONCILE,
    Used,
    configure,
    held,
    quick_confirms,
    seeded,
    service,
    timed,
    wanted_as_held,
    write_specs,
)

BAR = 11
FEW = 10
PER_FILE = 1_000
FRACTION = 50  # of the cases for what takes several calls a case


@dataclass(frozen=True)
class Row:
    """One command on so many cases."""

    name: str
    cases: int
    used: Used


def rows(folder: Path, most: int) -> Iterator[Row]:
    """Every command once, in a project of its own with a domain of so many cases."""
    folder.mkdir()
    database = seeded(folder, most)

    def row(name: str, *command: object, status: tuple[int, ...] = (0,), cases: int = most) -> Row:
        used = timed(RECONCILE, *command, cwd=folder)
        assert used.status in status, f"{name}: {used.status}: {used.err[-2000:]}"
        return Row(name, cases, used)

    with service(database, "--fast") as served:
        configure(folder, served.url, quick_confirms())
        cases = wanted_as_held(held(served.client(), most))
        write_specs(folder / "specs", cases, PER_FILE)
        write_specs(folder / "one", cases, most)
        yield row("validate", "validate")
        yield row("validate, one file", "validate", "one")
        yield row("fmt --check", "fmt", "--check", "specs", status=(0, 1))
        yield row("fmt --check, one file", "fmt", "--check", "one", status=(0, 1))
        yield row("plan, in sync", "plan", "--quiet")
        write_specs(folder / "specs", _differing(cases), PER_FILE)
        plan = ("plan", "-o", "plan.json", "--no-attribution")
        yield row("plan, all differ, -o, --quiet", *plan, "--quiet")
        yield row("plan, all differ, -o, text", *plan)
        yield row("show", "show", "plan.json")
        words = ("--reason", "growth", "--until", "2999-12-31")
        yield row("ignore --all", "ignore", "--from-plan", "plan.json", "--all", *words)
        (folder / "specs" / "ignore.yaml").unlink()
        yield row("export, yaml", "export", "--all", "--limit", most, "-o", "out.yaml")
        table = ("--format", "csv", "-o", "out.csv")
        yield row("export, csv", "export", "--all", "--limit", most, *table)
        yield row("import, csv", "import", "out.csv", "-o", "imported.yaml")
        yield row("accept", "accept", "--field", "Score", "--quiet")
        few = max(FEW, most // FRACTION)
        write_specs(folder / "part", _differing(cases)[:few], PER_FILE)
        row("plan", "plan", "part", "-o", "part.json", "--quiet", "--no-attribution")
        yield row("apply of a saved plan", "apply", "part.json", "--quiet", cases=few)
        [receipt] = (folder / ".reconcile" / "runs").glob("*.receipt.json")
        back = ("rollback", receipt.relative_to(folder), "--out", "undo.json", "--quiet")
        yield row("rollback, its plan", *back, cases=few)


def _differing(cases: list[tuple[str, dict]]) -> list[tuple[str, dict]]:
    """The same cases with a score that none of them holds, another one for each."""
    return [(one, {**values, "Score": at + 0.125}) for at, (one, values) in enumerate(cases)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    most = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        start = list(rows(Path(name) / "start", FEW))
        tenth = list(rows(Path(name) / "tenth", most // 10))
        print(f"ten times the cases, start-up taken off (CPU at most {BAR} x)")
        for first, small, large in zip(start, tenth, rows(Path(name) / "whole", most), strict=True):
            print(_line(first.used, small, large), flush=True)
    return 0


def _line(start: Used, small: Row, large: Row) -> str:
    ratio = (large.used.cpu - start.cpu) / max(0.01, small.used.cpu - start.cpu)
    memory = (large.used.peak_kb - start.peak_kb) / large.cases
    over = "" if ratio <= BAR else "   over the bar"
    return (
        f"  {large.name:30} {large.cases:7,} cases  CPU {large.used.cpu:6.2f} s  {ratio:5.1f} x"
        f"  {large.used.peak_kb / 1024:5.0f} MB  {memory:5.2f} KB a case{over}"
    )


if __name__ == "__main__":
    sys.exit(main())
