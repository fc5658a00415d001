"""What a plan costs as text: changes that differ all from each other, so that each has its lines.

In one process, on a plan in memory: reading, planning and the terminal itself are left out.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from reconciler.cli.console import Console
from reconciler.model.plan import Plan
from reconciler.model.value import FieldType
from reconciler.report.formats import report
from reconciler.report.subject import Subject
from tests.builders import a_plan, case_change, field_change

BAR = 60
RUNS = 3
WAYS = {
    "plain": {},
    "plain, 100 columns": {"width": 100},
    "in colour": {"colour": True},
    "in colour, 100 columns": {"colour": True, "width": 100},
}


def different(changes: int) -> Plan:
    """A plan of so many cases with one change each, no two alike."""
    return a_plan(
        *(
            case_change(
                f"0b7e5f6a-3c1d-4c8e-9a55-{at:012x}",
                field_change("score", float(at), at + 0.5, FieldType.NUMBER),
                title=f"Parcel {at} did not arrive",
            )
            for at in range(changes)
        )
    )


class Swallowing(Console):
    """A console whose terminal costs nothing."""

    def _out(self, text: str | bytes) -> None:
        pass


def show(subject: Subject) -> None:
    """What the command does with a plan that it shows."""
    console = Swallowing(colour=subject.colour, width=subject.width)
    console.result(report("text", subject))


def best(work: Callable[[], object]) -> float:
    """The least CPU seconds of a few runs."""
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, nargs="+", default=[1_000, 10_000])
    for changes in parser.parse_args().changes:
        subject = Subject(command="plan", plan=different(changes))
        for name, way in WAYS.items():
            shown = replace(subject, **way)
            each = best(partial(show, shown)) / changes * 1e6
            print(f"{changes:>7,} changes, {name:<23} {each:5.0f} us a change   (at most {BAR})")
    return 0


if __name__ == "__main__":
    main()
