"""A thousand different single changes: does the slowest quota alone decide the time?

The quotas' rates are scaled up, their bursts are not, and every reply takes 30 ms. The minimum is
what the slowest API's own quota allows, (calls - burst) / rate.
"""

import sys
import tempfile
from pathlib import Path

from tests.bench.stage import RECONCILE, configure, held, seeded, service, timed, write_specs

CASES = 1_000
SCALE = 25
LATENCY_MS = 30
QUOTAS = {"UpdateCase": (2, 2), "GetCase": (4, 10), "SearchCases": (2, 10)}


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = seeded(folder, CASES)
        with service(database, "--fast") as fast:
            cases = held(fast.client(), CASES)
        wanted = [(one, {"Root cause": f"cause {at}"}) for at, (one, _) in enumerate(cases)]
        write_specs(folder / "specs", wanted, CASES)
        with service(database, "--quota-scale", str(SCALE), "--latency", str(LATENCY_MS)) as slow:
            rows = "".join(
                f"      {api}: {{rate: {rate * SCALE}, burst: {burst}}}\n"
                for api, (rate, burst) in QUOTAS.items()
            )
            configure(folder, slow.url, f"    share: 1.0\n    quotas:\n{rows}")
            planned = timed(RECONCILE, "plan", "--out", "plan.json", "--quiet", cwd=folder)
            assert planned.status == 0, planned.err
            slow.calls()
            used = timed(RECONCILE, "apply", "plan.json", cwd=folder)
            assert used.status == 0, used.err + used.out[-2000:]
            calls, throttled = slow.calls()
    floors = {
        api: (calls.get(api, 0) - burst) / (rate * SCALE) for api, (rate, burst) in QUOTAS.items()
    }
    slowest = max(floors, key=lambda api: floors[api])
    floor = floors[slowest]
    print(f"{CASES} single changes, quotas x{SCALE}, {LATENCY_MS} ms a reply: calls {calls}")
    print(f"  slowest quota alone ({slowest})  {floor:6.2f} s")
    print(f"  apply, whole process           {used.wall:6.2f} s   ratio {used.wall / floor:.3f}")
    print(f"  first call to last             {slow.span:6.2f} s   ratio {slow.span / floor:.3f}")
    print(f"  throttled calls                {throttled} of {sum(calls.values())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
