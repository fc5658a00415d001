"""Ten thousand changes in bulk mode: the calls of one apply, alike ones and different ones.

The alike ones go through the whole program and a local service. The different ones (six fields of
eight values, four of five differ) go through apply alone, in a domain in memory, so that the time
is that of the quotas: AWS's, at a share of 0.8, with 200 ms a call, on a clock that nobody waits
for.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from unittest.mock import patch

from reconciler.apply import applying, by_field
from reconciler.apply.applying import apply_plan
from reconciler.apply.run import ApplyOrder
from reconciler.model.event import Applied
from reconciler.model.plan import Mode
from reconciler.model.value import spelled
from reconciler.plan.assembling import estimate
from reconciler.plan.covering import cover
from reconciler.service.ports import SearchPage
from reconciler.service.quotas import DEFAULT_QUOTAS
from tests.bench.bench_plan import unpaced_search
from tests.bench.stage import (
    RECONCILE,
    configure,
    held,
    seeded,
    service,
    timed,
    write_specs,
)
from tests.builders import a_plan, case_change, field_change, live, target_plan
from tests.fakes import FakeWorld

LONG_AGO = "2026-11-30T09:00:00Z"
LATENCY = 0.2  # seconds a call
SHARE = 0.8
MOST_WRITES, MOST_MINUTES = 400, 10  # the bar


class Domain(FakeWorld):
    """A domain that finds cases by id at once; each call takes its time."""

    def _met(self, api, about):
        self.clock.seconds += LATENCY
        return super()._met(api, about)

    def search_cases(self, wanted, fields, token, order=None):
        self._read("SearchCases", "")
        ids = [one.id for one in fields]
        now = spelled(self.clock.now())
        found = (self.cases[one] for one in wanted.rule.operands)
        return SearchPage(
            tuple(replace(one, values=_only(one.values, ids), read_at=now) for one in found)
        )


def _only(values, ids):
    return {key: values[key] for key in ids if key in values}


def different(count: int, fields: int = 6, values: int = 8, share: float = 0.8):
    """Changes that hardly two cases have alike."""
    random = Random(1)
    for at in range(count):
        entries = [
            field_change(f"f{number}", "was", f"v{random.randrange(values)}")
            for number in range(fields)
            if random.random() < share
        ]
        if entries:
            yield case_change(f"c{at:06}", *entries, observed_at=LONG_AGO)


def alike(most: int) -> None:
    """The whole program against a local service."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = seeded(folder, most)
        with service(database, "--fast") as served:
            extra = "      BatchUpdateCase: {rate: 1000000, burst: 1000000}\n"
            configure(folder, served.url, unpaced_search() + extra)
            cases = held(served.client(), most)
            wanted = [(one, {"Root cause": "agreed"}) for one, _ in cases]
            write_specs(folder / "specs", wanted, 1_000)
            served.calls()
            plan = timed(
                RECONCILE, "plan", "--mode", "bulk", "--out", "plan.json", "--quiet", cwd=folder
            )
            assert plan.status == 0, plan.err
            planning, _ = served.calls()
            used = timed(RECONCILE, "apply", "plan.json", cwd=folder)
            assert used.status == 0, used.err + used.out[-2000:]
            calls, throttled = served.calls()
    print(f"{most:,} alike changes: plan {planning}")
    print(f"  apply {calls}, {throttled} throttled, {used.wall:.1f} s, CPU {used.cpu:.1f} s")
    single = most / 2
    print(f"  at 2 calls a second, single updates alone would take {single / 60:.0f} min")


def by_fields(most: int) -> bool:
    """Apply alone, on simulated time; whether the bar is met."""
    changes = tuple(different(most))
    began = time.process_time()
    made = cover(changes)
    took = time.process_time() - began
    domain = Domain.holding(
        *(
            live(one.case_id, last_updated_datetime=LONG_AGO, **dict.fromkeys(one.field_ids, "was"))
            for one in changes
        ),
        dated=True,
    )
    plan = replace(a_plan(target_plan(*changes)), mode=Mode.BULK, by_field=True)
    caller = domain.caller(DEFAULT_QUOTAS, SHARE)
    access = domain.apply_access(caller=caller)
    order = ApplyOrder(plan=plan, vault={}, performed_by="reconcile:aaaa:none", run_id="r")

    def in_turn(work, items, _=0):
        return map(work, items)

    with (
        patch.object(by_field, "in_order", in_turn),
        patch.object(applying, "in_order", in_turn),
    ):
        args = (domain.record, domain.stop, domain.clock)
        ends = Counter(type(one) for one in apply_plan(order, {"prod": access}, *args))
    assert ends == {Applied: len(changes)}, ends
    sent = Counter((case, name) for case, values, _ in domain.writes for name in values)
    assert set(sent.values()) == {1}
    calls, minutes = dict(domain.count), domain.clock.seconds / 60
    writes = calls["BatchUpdateCase"] + calls.get("UpdateCase", 0)
    whole = estimate(changes, Mode.BULK, DEFAULT_QUOTAS, SHARE)
    print(f"{len(changes):,} different changes of {sum(sent.values()):,} values, by field:")
    print(f"  cover {made.writes} writes in {len(made.waves)} waves, found in {took:.1f} s of CPU")
    print(f"  apply {calls}")
    print(f"  {writes} writes (bar {MOST_WRITES}), {minutes:.1f} min (bar {MOST_MINUTES})")
    print(f"  whole changes in bulk: {whole.calls}, {whole.seconds / 60:.0f} min")
    return writes <= MOST_WRITES and minutes <= MOST_MINUTES


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--by-field", action="store_true", help="the different changes alone")
    given = parser.parse_args()
    if not given.by_field:
        alike(given.cases)
    return 0 if by_fields(given.cases) else 1


if __name__ == "__main__":
    sys.exit(main())
