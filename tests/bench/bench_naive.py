"""Against a plain boto3 loop (GetCase and UpdateCase for every case), quotas scaled up.

Times are the scaled ones multiplied back: what the same run takes at AWS's default quotas.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
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
    write_specs,
)

SCALE = 25
QUOTAS = {
    "UpdateCase": (2, 2),
    "GetCase": (4, 10),
    "SearchCases": (2, 10),
    "BatchUpdateCase": (2, 2),
}


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
    """Calls and time of one run, scaled back."""
    served.calls()
    began = time.perf_counter()
    status = run()
    seconds = (time.perf_counter() - began) * SCALE
    assert status == 0
    counts, throttled = served.calls()
    calls = ", ".join(f"{count:,} {api}" for api, count in sorted(counts.items()) if "Case" in api)
    return f"{seconds / 60:6.1f} min   {throttled:4d} throttled   {calls}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000)
    most = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for percent in (1, 10, 100):
            compare(folder / str(percent), most, percent)
    return 0


def compare(folder: Path, most: int, percent: int) -> None:
    """One share of drifted cases, three ways, each on a database of its own."""
    print(f"{most:,} cases, {percent} % of them differ")
    for way in ("plain loop", "balanced", "bulk"):
        place = folder / way.replace(" ", "-")
        place.mkdir(parents=True)
        database = seeded(place, most)
        with service(database, "--fast") as served:
            cases = [one for one, _ in held(served.client(), most)]
            wanted = [(one, {"Root cause": "agreed"}) for one in cases]
            write_specs(place / "specs", wanted, 1_000)
            configure(place, served.url, rows())
            in_sync = cases[len(cases) * percent // 100 :]
            write_specs(
                place / "before", [(one, {"Root cause": "agreed"}) for one in in_sync], 1_000
            )
            if in_sync:
                first = timed(
                    RECONCILE, "apply", "before", "--yes", "--mode", "bulk", "--quiet", cwd=place
                )
                assert first.status == 0, first.err + first.out[-1000:]
        with service(database, "--quota-scale", str(SCALE)) as served:
            configure(place, served.url, rows(SCALE))
            command = [RECONCILE, "apply", "specs", "--yes", "--mode", way, "--quiet"]
            run = (
                partial(naive, served, wanted)
                if way == "plain loop"
                else partial(status_of, command, place)
            )
            print(f"  {way:11}{measured(served, run)}")


def status_of(command: list[Any], folder: Path) -> int:
    """The exit status of one run of the program."""
    return timed(*command, cwd=folder).status


def rows(scale: int = 100_000) -> str:
    """The quotas of one run, for the config."""
    return "    quotas:\n" + "".join(
        f"      {api}: {{rate: {rate * scale}, burst: {burst * scale}}}\n"
        for api, (rate, burst) in QUOTAS.items()
    )


if __name__ == "__main__":
    sys.exit(main())
