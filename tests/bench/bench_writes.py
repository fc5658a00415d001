"""Thousands of simulated worlds against the rule about repeated writes, or against a wrong one.

The worlds and the laws are in tests/simulation. With `--without` one part of the rule is left out,
and worlds that catch it are listed.
"""

import argparse
import sys
import time
from collections import Counter
from contextlib import ExitStack
from unittest.mock import patch

from tests.simulation.play import play
from tests.simulation.rules import WRONG, WRONG_OF_PARTS

RULES = (*WRONG, *WRONG_OF_PARTS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=60_000)
    parser.add_argument("--first", type=int, default=1, metavar="SEED")
    parser.add_argument("--without", choices=[rule.__name__ for rule in RULES])
    parser.add_argument("--parts", action="store_true", help="apply single fields of the plan too")
    parser.add_argument("--verbose", action="store_true", help="tell each change and each journal")
    given = parser.parse_args()
    met: Counter[str] = Counter()
    broken: list[str] = []
    began = time.perf_counter()
    with ExitStack() as stack:
        for rule in RULES:
            if rule.__name__ == given.without:
                rule(lambda *change: stack.enter_context(patch.object(*change)))
        for seed in range(given.first, given.first + given.worlds):
            story = play(seed, parts=given.parts)
            met.update(story.met)
            broken += [f"seed {seed}: {found}" for found in story.broken]
            if given.verbose:
                tell(story)
    took = time.perf_counter() - began
    print(f"{given.worlds:,} worlds in {took:.0f} s ({1000 * took / given.worlds:.1f} ms each)")
    for what, count in sorted(met.items()):
        print(f"  {count:8,}  {what}")
    print(f"violations: {len(broken)}")
    for one in broken[:50]:
        print(f"  {one}")
    return 1 if broken else 0


def tell(story) -> None:
    """What the service carried out, and what each apply put on record."""
    print(story.plan.mode, story.world.physics)
    for change in story.world.changes:
        print(f"  {change.at:8.3f}  {change.case}  {change.run or 'theirs':6}  {change.values}")
    for folder, journals in story.journals.items():
        for journal in journals:
            print(f"  an apply {folder}")
            for event in journal:
                print(f"    {event}")


if __name__ == "__main__":
    sys.exit(main())
