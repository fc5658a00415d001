"""Against octodns-sync, which plans as many records of as many values from YAML to YAML.

octoDNS is installed from PyPI into a virtual environment of its own, below the temporary folder.
"""

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.bench.bench_plan import planned, unpaced_search
from tests.bench.stage import (
    FIELDS,
    Used,
    configure,
    held,
    seeded,
    service,
    timed,
    wanted_as_held,
    write_specs,
)

CONFIG = """
providers:
  config: {class: octodns.provider.yaml.YamlProvider, directory: ./config, enforce_order: false}
  target: {class: octodns.provider.yaml.YamlProvider, directory: ./target, enforce_order: false}
zones:
  example.com.: {sources: [config], targets: [target]}
"""


# octoDNS reads with PyYAML's pure Python loader; the other one is put in its place beforehand.
C_LOADER = """
import sys, yaml
yaml.SafeLoader = yaml.CSafeLoader
from octodns.cmds.sync import main
sys.exit(main())
"""


def install(folder: Path) -> Path:
    """octoDNS in a virtual environment of its own."""
    place = folder / "octodns"
    venv.create(place, with_pip=True)
    pip = [place / "bin" / "python", "-m", "pip", "install", "--quiet", "octodns"]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    return place


def octodns(place: Path, records: int, *, c_loader: bool) -> Used:
    """Planning so many records of five values each that are all in sync."""
    zone = "".join(
        f"r{at:06d}:\n  ttl: 300\n  type: A\n  values:\n{addresses(at)}" for at in range(records)
    )
    for side in ("config", "target"):
        (place / side).mkdir(exist_ok=True)
        (place / side / "example.com.yaml").write_text("---\n" + zone)
    (place / "config.yaml").write_text(CONFIG)
    loader = ("-c", C_LOADER) if c_loader else (place / "bin" / "octodns-sync",)
    used = timed(place / "bin" / "python", *loader, "--config-file", "config.yaml", cwd=place)
    assert used.status == 0, used.err[-2000:]
    return used


def addresses(number: int) -> str:
    """Five addresses that no other record has."""
    return "".join(f"  - {address(number * len(FIELDS) + at)}\n" for at in range(len(FIELDS)))


def address(number: int) -> str:
    """A different address for each record."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    most = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = install(folder)
        database = seeded(folder, most)
        with service(database, "--fast") as served:
            configure(folder, served.url, unpaced_search())
            cases = wanted_as_held(held(served.client(), most))
            for count, c_loader, bar in (
                (most // 10, False, ""),
                (most // 10, True, ""),
                (most, True, "   (at most a third)"),
            ):
                specs = f"s{count}"
                write_specs(folder / specs, cases[:count], 1_000)
                ours = planned(folder, specs)
                theirs = octodns(place, count, c_loader=c_loader)
                loader = "the C loader" if c_loader else "its loader as shipped, pure Python"
                print(
                    f"{count:,} items of {len(FIELDS)} values: reconcile"
                    f" {ours.cpu / count * 1e6:.0f} us CPU an item, {ours.peak_kb / 1024:.0f} MB;"
                    f" octodns-sync with {loader} {theirs.cpu / count * 1e6:.0f} us,"
                    f" {theirs.peak_kb / 1024:.0f} MB: {ours.cpu / theirs.cpu:.2f} x{bar}",
                    flush=True,
                )
    print("whole processes, start included")
    return 0


if __name__ == "__main__":
    sys.exit(main())
