"""Drift and rollback of N differing cases: does the quota of the histories alone decide the time?

The quotas' rates are scaled up, their bursts are not, and every reply takes 30 ms. The minimum is
what our share of GetCaseAuditEvents' own quota allows, (calls - burst) / rate; one by one the calls
would also take what the other quotas allow.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.bench_pace import LATENCY_MS, SCALE
from tests.bench.bench_pace import QUOTAS as OTHERS
from tests.bench.stage import (
    RECONCILE,
    configure,
    held,
    seeded,
    service,
    timed,
    unpaced,
    write_specs,
)

QUOTAS = {**OTHERS, "GetCaseAuditEvents": (2, 10)}
SHARE = 0.8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    most = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = seeded(folder, most)
        with service(database, "--fast") as served:
            configure(folder, served.url, unpaced())
            cases = [one for one, _ in held(served.client(), most)]
            want(folder, cases, "cause")
            used = timed(RECONCILE, "apply", "--yes", "--quiet", cwd=folder)
            assert used.status == 0, used.err
        [receipt] = (folder / ".reconcile" / "runs").glob("*.receipt.json")
        want(folder, cases, "another cause")
        print(f"{most:,} cases, quotas x{SCALE}, {LATENCY_MS} ms a reply   (at most 1.1 x)")
        for command in (
            ("drift", "--attribution", str(most)),
            ("drift", "--attribution", str(most), "--mode", "strict"),
            ("rollback", receipt.relative_to(folder), "--out", "undo.json"),
        ):
            measure(folder, database, *command)
    return 0


def want(folder: Path, cases: list[str], text: str) -> None:
    """Specs that want a value of its own of each case."""
    wanted = [(one, {"Root cause": f"{text} {at}"}) for at, one in enumerate(cases)]
    write_specs(folder / "specs", wanted, len(cases))


def measure(folder: Path, database: Path, *command: object) -> None:
    """One command with full buckets at both ends."""
    with service(database, "--quota-scale", str(SCALE), "--latency", str(LATENCY_MS)) as slow:
        rows = "".join(
            f"      {api}: {{rate: {rate * SCALE}, burst: {burst}}}\n"
            for api, (rate, burst) in QUOTAS.items()
        )
        configure(folder, slow.url, f"    share: {SHARE}\n    quotas:\n{rows}")
        used = timed(RECONCILE, *command, "--quiet", cwd=folder)
        assert used.status in (0, 2), used.err
        calls, throttled = slow.calls()
    floors = {
        api: max(0, calls.get(api, 0) - burst * SHARE) / (rate * SCALE * SHARE)
        for api, (rate, burst) in QUOTAS.items()
    }
    floor = floors["GetCaseAuditEvents"]
    said = ", ".join(f"{calls[api]:,} {api}" for api in QUOTAS if api in calls)
    words = " ".join(map(str, command[:1] + command[3:5]))
    print(
        f"  {words:24} {slow.span:6.2f} s   {slow.span / floor:.2f} x the histories' quota alone"
        f" (one by one {sum(floors.values()) / floor:.2f} x)   {said}; {throttled} throttled",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
