"""Against a plain boto3 loop (GetCase and UpdateCase for every case), at AWS's own quotas.

Nothing is scaled: the quotas, the bursts and the SDK's waits are the real ones. The loop takes all
of each quota; reconcile its default share of 0.8. Every way begins with full buckets.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.stage import (
    RECONCILE,
    Service,
    configure,
    domain_of,
    held,
    seeded,
    service,
    timed,
    unpaced,
    write_specs,
)

WANTED = {"Root cause": "agreed"}


def naive(served: Service, wanted: list[tuple[str, dict[str, Any]]]) -> int:
    """The throwaway script: read each case, write each case; the SDK's retries, ten attempts."""
    from botocore.config import Config

    client = served.client(config=Config(retries={"mode": "standard", "total_max_attempts": 10}))
    domain = domain_of(client)
    fields = client.list_fields(domainId=domain, maxResults=100)["fields"]
    field = next(one["fieldId"] for one in fields if one["name"] == "Root cause")
    for case_id, values in wanted:
        client.get_case(domainId=domain, caseId=case_id, fields=[{"id": field}])
        value = {"stringValue": values["Root cause"]}
        client.update_case(domainId=domain, caseId=case_id, fields=[{"id": field, "value": value}])
    return 0


def measured(served: Service, run: Callable[[], int]) -> str:
    """Calls and time of one run."""
    served.calls()
    began = time.perf_counter()
    status = run()
    seconds = time.perf_counter() - began
    assert status == 0
    counts, throttled = served.calls()
    calls = ", ".join(f"{count:,} {api}" for api, count in sorted(counts.items()) if "Case" in api)
    return f"{seconds:6.1f} s   {throttled:4d} throttled   {calls}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100)
    most = parser.parse_args().cases
    print(f"{most:,} cases at AWS's quotas")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # What differs is all the same to the loop: it reads and writes every case.
        short = [(percent, way) for percent in (1, 10) for way in ("balanced", "bulk")]
        long = [(100, way) for way in ("plain loop", "balanced", "bulk")]
        for percent, way in (*short, *long):
            prepare(place_of(folder, percent, way), most, percent)

        def one(chosen: tuple[int, str]) -> str:
            return compare(place_of(folder, *chosen), most, *chosen)

        for chosen in short:
            print(one(chosen), flush=True)
        # These wait for their own quotas nearly all the time, so they do it side by side.
        with ThreadPoolExecutor(len(long)) as pool:
            for line in pool.map(one, long):
                print(line, flush=True)
    return 0


def place_of(folder: Path, percent: int, way: str) -> Path:
    """The folder of one comparison, with a database of its own."""
    return folder / f"{way}-{percent}".replace(" ", "-")


def prepare(place: Path, most: int, percent: int) -> None:
    """Specs that want one value of every case, which all but one share of them hold."""
    place.mkdir(parents=True)
    with service(seeded(place, most), "--fast") as served:
        cases = [one for one, _ in held(served.client(), most)]
        write_specs(place / "specs", [(one, WANTED) for one in cases], 1_000)
        configure(place, served.url, unpaced())
        in_sync = cases[len(cases) * percent // 100 :]
        write_specs(place / "before", [(one, WANTED) for one in in_sync], 1_000)
        if in_sync:
            first = timed(
                RECONCILE, "apply", "before", "--yes", "--mode", "bulk", "--quiet", cwd=place
            )
            assert first.status == 0, first.err + first.out[-1000:]


def compare(place: Path, most: int, percent: int, way: str) -> str:
    """One share of drifted cases, one way."""
    with service(place / f"cases-{most}.db") as served:
        configure(place, served.url)
        command = [RECONCILE, "apply", "specs", "--yes", "--mode", way, "--quiet"]
        loop = way == "plain loop"
        cases = held(served.client(), most) if loop else []
        run = (
            partial(naive, served, [(one, WANTED) for one, _ in cases])
            if loop
            else partial(status_of, command, place)
        )
        return f"  {'any' if loop else f'{percent} %':>5} differ  {way:11}{measured(served, run)}"


def status_of(command: list[Any], folder: Path) -> int:
    """The exit status of one run of the program."""
    return timed(*command, cwd=folder).status


if __name__ == "__main__":
    sys.exit(main())
