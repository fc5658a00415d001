"""Hundreds of seeded schedules of faults, foreign edits and kills: what they met and what broke.

A schedule is about 6 to 14 cases; its laws are in tests/e2e/fault_laws.py. Every sixteenth kills a
process of its own with SIGKILL; the others die inside this one, between any two steps.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

from tests.e2e.fault_laws import violations
from tests.e2e.fault_schedules import Schedule, draw, draw_by_field
from tests.e2e.faults import Story, database, play


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=500)
    parser.add_argument("--first", type=int, default=1, metavar="SEED")
    parser.add_argument("--verbose", action="store_true", help="tell each schedule and its calls")
    parser.add_argument("--by-field", action="store_true", help="several batches for each case")
    given = parser.parse_args()
    drawn = draw_by_field if given.by_field else draw
    met: Counter[str] = Counter()
    broken: list[str] = []
    windows: list[tuple[str, float]] = []
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeded = database(folder)
        for seed in range(given.first, given.first + given.schedules):
            schedule = drawn(seed)
            story = play(schedule, seeded, folder / str(seed))
            wrong = violations(story)
            met.update(story.met)
            windows += story.windows
            met[f"schedules in {schedule.mode} mode"] += 1
            broken += [f"seed {seed}: {one}" for one in wrong]
            if given.verbose:
                tell(schedule, story)
            if wrong:
                print(f"seed {seed} breaks {len(wrong)} laws; to see it again:")
                print(f"  {again(seed, schedule)}", flush=True)
    took = time.perf_counter() - began
    print(f"{given.schedules} schedules in {took:.0f} s ({took / given.schedules:.2f} s each)")
    for what, count in sorted(met.items()):
        print(f"  {count:6,}  {what}")
    for operation in ("UpdateCase", "BatchUpdateCase"):
        found = [seconds for name, seconds in windows if name == operation] or [0.0]
        print(
            f"from guard read to {operation}, with one hand: median {median(found):.3f} s, "
            f"longest {max(found):.3f} s"
        )
    print(f"violations: {len(broken)}")
    for one in broken:
        print(f"  {one}")
    if not broken:
        print(f"to play one of them again: {again(given.first, drawn(given.first))}")
    return 1 if broken else 0


def again(seed: int, schedule: Schedule) -> str:
    more = " --by-field" if schedule.by_field else ""
    return f"python -m tests.bench.bench_faults --first {seed} --schedules 1 --verbose{more}"


def tell(schedule: Schedule, story: Story) -> None:
    """The schedule, each call in the order in which the service carried it out, and the ends."""
    print(schedule)
    for case_id in story.cases:
        print(f"  case {story.cases.index(case_id)} is {case_id}")
    for call in story.seen:
        who = "ours  " if call.ours else "theirs"
        about = ",".join(str(story.cases.index(one)) for one in call.cases if one in story.cases)
        reply = f"{call.status}{'' if call.whole else ' lost or refused'}"
        wrote = "; ".join(f"{story.cases.index(w.case)}: {w.values}" for w in call.landed)
        print(
            f"  {call.number:4} {call.began:8.3f} s  apply {call.run}  {who} {call.operation}"
            f" [{about}] {reply}  {wrote}"
        )
    for apply in story.applies:
        print(f"apply {apply.run}: status {apply.ran.status}\n{apply.ran.out}{apply.ran.err}")
        for event in apply.journal or ():
            print(f"  {event['event']:12} {event.get('case_id', '')}")


if __name__ == "__main__":
    sys.exit(main())
