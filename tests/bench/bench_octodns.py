"""Against octodns-sync, which plans the same number of records from YAML to YAML.

octoDNS is installed from PyPI into a virtual environment of its own, below the temporary folder.
"""

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.bench.bench_plan import planned, unpaced_search
from tests.bench.stage import configure, held, seeded, service, timed, wanted_as_held, write_specs

CONFIG = """
providers:
  config: {class: octodns.provider.yaml.YamlProvider, directory: ./config, enforce_order: false}
  target: {class: octodns.provider.yaml.YamlProvider, directory: ./target, enforce_order: false}
zones:
  example.com.: {sources: [config], targets: [target]}
"""


def octodns(folder: Path, records: int) -> tuple[float, int]:
    """CPU seconds and peak KB of planning so many records that are all in sync."""
    place = folder / "octodns"
    venv.create(place, with_pip=True)
    pip = [place / "bin" / "python", "-m", "pip", "install", "--quiet", "octodns"]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    zone = "".join(
        f"r{at:06d}:\n  ttl: 300\n  type: A\n  value: {address(at)}\n" for at in range(records)
    )
    for side in ("config", "target"):
        (place / side).mkdir()
        (place / side / "example.com.yaml").write_text("---\n" + zone)
    (place / "config.yaml").write_text(CONFIG)
    sync = [place / "bin" / "octodns-sync", "--config-file", "config.yaml"]
    used = timed(*sync, cwd=place)
    assert used.status == 0, used.err[-2000:]
    return used.cpu, used.peak_kb


def address(number: int) -> str:
    """A different address for each record."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    most = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        theirs, their_peak = octodns(folder, most)
        database = seeded(folder, most)
        with service(database, "--fast") as served:
            configure(folder, served.url, unpaced_search())
            write_specs(folder / "s", wanted_as_held(held(served.client(), most)), 1_000)
            ours = planned(folder, "s")
    rows = (("octodns-sync", theirs, their_peak), ("reconcile", ours.cpu, ours.peak_kb))
    for who, cpu, peak in rows:
        print(f"{who:13} {most:,} items  {cpu / most * 1e6:5.0f} us CPU  {peak / 1024:.0f} MB")
    print(f"ratio {ours.cpu / theirs:.2f} (whole processes, start included)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
