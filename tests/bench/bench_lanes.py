"""Four accounts of 1,500 cases each: how much longer do four lanes take than the slowest alone?

Each is a local service in its own process, with AWS's quotas and 30 ms a reply. `plan` reads cases
in sync, `apply` writes alike changes in bulk. One account for all four shows what a shared pace is.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench.stage import RECONCILE, Service, held, service, timed, wanted_as_held

CASES = 1_500
LATENCY_MS = 30
NAMES = ("a", "b", "c", "d")
BAR = 1.3


def place(name: str, *, shared: bool) -> str:
    """The account of a target."""
    return "1" * 12 if shared else str(NAMES.index(name) + 1) * 12


def seed(folder: Path, *, shared: bool) -> None:
    """A database for each target."""
    for name in NAMES:
        words = ["--cases", str(CASES), "--account", place(name, shared=shared)]
        subprocess.run(
            [RECONCILE, "sandbox", "seed", "--db", folder / f"{name}.db", *words],
            check=True,
            stdout=subprocess.DEVNULL,
        )


def configure(folder: Path, services: dict[str, Service], *, shared: bool) -> None:
    """A target for each service, pinned to its account."""
    rows = [
        f"  {name}: {{endpoint_url: {one.url}, region: us-west-2, domain: support, account: "
        f'"{place(name, shared=shared)}", limits: {{cases: 1000000}}}}\n'
        for name, one in services.items()
    ]
    head = "apiVersion: reconcile/v1\nkind: Config\ntargets:\n"
    (folder / "reconcile.yaml").write_text(head + "".join(rows))


def write_spec(folder: Path, cases: list) -> None:
    """One spec about all targets."""
    spec = {
        "apiVersion": "reconcile/v1",
        "kind": "Cases",
        "metadata": {"name": "bench"},
        "target": list(NAMES),
        "cases": [{"id": one, "fields": values} for one, values in cases],
    }
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(spec))


def ran(folder: Path, *words: str, status: int = 0) -> float:
    """The seconds of one call of the program."""
    used = timed(RECONCILE, *words, cwd=folder)
    assert used.status == status, used.err[-2000:] + used.out[-2000:]
    return used.wall


def measured(*, shared: bool) -> None:
    """Each target alone, then all of them."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        seed(folder, shared=shared)
        with service(folder / "a.db", "--fast") as fast:
            cases = held(fast.client(), CASES)
        options = ("--latency", str(LATENCY_MS))
        services = {
            one: stack.enter_context(service(folder / f"{one}.db", *options)) for one in NAMES
        }
        configure(folder, services, shared=shared)
        write_spec(folder / "specs", wanted_as_held(cases))
        kind = "one account" if shared else "four accounts"
        alone = [ran(folder, "plan", "-t", one) for one in (NAMES if not shared else NAMES[:1])]
        four = ran(folder, "plan")
        told(f"plan, in sync, {kind}", max(alone), four)
        if shared:
            return
        write_spec(folder / "specs", [(one, {"Root cause": "bench"}) for one, _ in cases])
        plan = ("plan", "--mode", "bulk", "--no-attribution", "--out", "plan.json")
        ran(folder, *plan)
        for one in services.values():
            one.calls()
        alone = [ran(folder, "apply", "plan.json", "-t", "a")]
        write_spec(folder / "specs", [(one, {"Root cause": "again"}) for one, _ in cases])
        ran(folder, *plan)
        four = ran(folder, "apply", "plan.json")
        told(f"apply in bulk, {kind}", max(alone), four)
        throttled = sum(one.calls()[1] for one in services.values())
        print(f"  throttled calls {throttled}")


def told(what: str, alone: float, four: float) -> None:
    """One line of the result."""
    print(f"{what}: slowest alone {alone:6.2f} s, all four {four:6.2f} s, {four / alone:.2f} x")


def main() -> int:
    print(f"{len(NAMES)} targets of {CASES:,} cases, AWS's quotas, {LATENCY_MS} ms a reply")
    measured(shared=False)
    measured(shared=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
