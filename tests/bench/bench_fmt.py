"""`fmt --check` against `validate`, whole processes less their start, over the same files.

Regular files are as most authors write them, canonical or with the list at the margin. One with a
comment beside each case is for the parser; it is shown too, and has no bar.
"""

import argparse
import re
import tempfile
from pathlib import Path

from reconciler.yaml.layout import laid_out
from tests.bench.bench_specs import write_specs
from tests.bench.stage import RECONCILE, Used, timed

RUNS = 3
CONFIG = """apiVersion: reconcile/v1
kind: Config
targets:
  demo: {domain: support, region: us-west-2}
"""


def best(cwd: Path, *words: object) -> Used:
    """The run that took the least CPU."""
    runs = [timed(RECONCILE, *words, cwd=cwd) for _ in range(RUNS)]
    assert not any(used.err.startswith("error: there") for used in runs), runs[0].err
    return min(runs, key=lambda used: used.cpu)


def compared(title: str, folder: Path, cases: int, start: Used, bar: str = "") -> None:
    """Print both, a case, and the memory of `fmt` against the file."""
    size = sum(file.stat().st_size for file in folder.iterdir())
    ours, theirs = (
        best(folder.parent, "fmt", "--check", folder),
        best(folder.parent, "validate", folder),
    )
    spent, base = ours.cpu - start.cpu, theirs.cpu - start.cpu
    memory = (ours.peak_kb - start.peak_kb) * 1024 / size
    print(
        f"{title:<38} {cases:>7,} cases: fmt --check {spent / cases * 1e6:5.1f} us, validate "
        f"{base / cases * 1e6:5.1f} us a case, {spent / base:.2f} x{bar and '   (at most 2)'}; "
        f"memory {memory:.1f} x the file{bar and '   (at most 8)'}",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    most = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "few").mkdir()
        write_specs(folder / "few", 1, per_file=1)
        (folder / "reconcile.yaml").write_text(CONFIG)
        start = best(folder, "validate", folder / "few")
        for cases in (most // 10, most):
            margin, canonical = folder / f"margin-{cases}", folder / f"canonical-{cases}"
            margin.mkdir()
            canonical.mkdir()
            write_specs(margin, cases, per_file=cases)
            [file] = margin.iterdir()
            made, _ = laid_out(file.read_bytes(), "")
            (canonical / file.name).write_bytes(made)
            compared("one file, canonical", canonical, cases, start, "bar")
            compared("one file, its list at the margin", margin, cases, start, "bar")
        commented = folder / "commented"
        commented.mkdir()
        text = re.sub(r"(- id: .*)", r"\1  # agreed", (margin / file.name).read_text())
        tenth = "".join(text.partition(f"- id: {text.split('- id: ')[most // 10 + 1]}")[:1])
        (commented / file.name).write_text(tenth)
        compared("one file, a comment beside each case", commented, most // 10, start)
    return 0


if __name__ == "__main__":
    main()
