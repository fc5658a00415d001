"""What reading specs costs: time against the parser alone, memory for each case."""

import argparse
import gc
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import Callable
from pathlib import Path

import yaml

from reconciler.model.value import FieldType
from reconciler.specs.reading.files import read_specs
from reconciler.specs.resolve import resolve
from tests.builders import a_catalog, a_field, system

BARS = {"read": "   (at most 18)", "resolved": "   (at most 9)"}
CATALOG = a_catalog(
    (
        system("status"),
        a_field("priority"),
        a_field("score", FieldType.NUMBER),
        a_field("follow_up_on", FieldType.DATE_TIME),
        a_field("note"),
    )
)
HEAD = "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: cases-%d}\ntarget: demo\ncases:\n"


def write_specs(folder: Path, cases: int, *, per_file: int, seed: int = 1) -> None:
    """Five-field cases in the usual style, the same for the same seed."""
    chance = random.Random(seed)
    for first in range(0, cases, per_file):
        text = [HEAD % first]
        text += [_case(chance) for _ in range(min(per_file, cases - first))]
        (folder / f"cases-{first:07}.yaml").write_text("".join(text))


def _case(chance: random.Random) -> str:
    return (
        f"- id: {uuid.UUID(int=chance.getrandbits(128))}\n"
        "  fields:\n"
        f"    status: {chance.choice(('open', 'closed', 'pending'))}\n"
        f"    priority: {chance.choice(('High', 'Medium', 'Low'))}\n"
        f"    score: {chance.randrange(1000) / 10}\n"
        f"    follow_up_on: 2026-12-{chance.randrange(1, 29):02}T09:{chance.randrange(60):02}:00Z\n"
        f"    note: agreed with customer {chance.randrange(10**9)}\n"
    )


def read(folder: Path) -> None:
    """All of what a run does with specs before it knows a catalog."""
    found, problems = read_specs([folder], root=folder)
    assert found.specs
    assert not problems


def resolving(folder: Path) -> Callable[[Path], None]:
    """What turns these specs, which are read already, into ids and typed values."""
    found, _ = read_specs([folder], root=folder)

    def resolved(_: Path) -> None:
        assert not resolve(found.specs, CATALOG).problems

    return resolved


def compose(folder: Path) -> None:
    """PyYAML's node trees of the same files, which is the figure to compare with."""
    for file in sorted(folder.iterdir()):
        yaml.compose(file.read_bytes(), Loader=yaml.CSafeLoader)


def events(folder: Path) -> None:
    """The events of the same files alone, below which no reader can be."""
    for file in sorted(folder.iterdir()):
        next_event = yaml.CSafeLoader(file.read_bytes()).get_event
        while next_event() is not None:
            pass


def seconds(work: Callable[[Path], None], folder: Path) -> float:
    """CPU seconds of the better of two runs."""
    spent = []
    for _ in range(2):
        start = time.process_time()
        work(folder)
        spent.append(time.process_time() - start)
    return min(spent)


def memory(folder: Path) -> tuple[int, int]:
    """Bytes that a spec set keeps, and the most that reading it took."""
    tracemalloc.start()
    kept = read_specs([folder], root=folder)
    found = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept
    return found


def resident(folder: Path) -> int | None:
    """How many bytes reading adds to the most that a new process ever held; Linux knows."""
    if not Path("/proc/self/status").exists():
        return None
    run = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(folder)], capture_output=True, text=True, check=True
    )
    return int(run.stdout) * 1024


_MEASURE = """
import re, sys
from tests.bench.bench_specs import Path, read
most = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = most()
read(Path(sys.argv[1]))
print(most() - before)
"""


def main(argv: list[str] | None = None) -> None:
    """Print what each case costs, for one large file and for many small ones."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--per-file", type=int, default=1_000)
    chosen = parser.parse_args(argv)
    gc.set_threshold(50_000, 50, 1_000)  # as the command line has it
    cases = chosen.cases
    for title, per_file in (("many files", chosen.per_file), ("one file", cases)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_specs(folder, cases, per_file=per_file)
            spent = {
                work.__name__: seconds(work, folder)
                for work in (events, read, resolving(folder), compose)
            }
            print(f"{title}: {cases:,} cases of five fields, {per_file:,} in a file")
            for work, total in spent.items():
                ratio = total / spent["compose"]
                print(
                    f"  {work:8} {total / cases * 1e6:6.1f} us a case  {ratio:5.2f} of compose"
                    f"{BARS.get(work, '')}"
                )
            kept, peak = memory(folder)
            print(
                f"  kept {kept / cases:6.0f} bytes a case, {peak / cases:.0f} at most while reading"
            )
            grown = resident(folder)
            if grown is not None:
                print(f"  resident memory grows by {grown / cases:.0f} bytes a case at most")


if __name__ == "__main__":
    main()
