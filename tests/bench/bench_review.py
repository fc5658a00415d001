"""What a reviewer waits for: one changed spec in a repository of 10,000 cases, AWS's quotas."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.stage import (
    RECONCILE,
    configure,
    held,
    seeded,
    service,
    timed,
    wanted_as_held,
    write_specs,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    most = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = seeded(folder, most)
        with service(database, "--fast") as served:
            cases = held(served.client(), most)
        with service(database, "--latency", "30") as served:
            configure(folder, served.url)
            write_specs(folder / "specs", wanted_as_held(cases), 1_000)
            for words in (["init", "-q"], ["add", "specs"], ["commit", "-q", "-m", "specs"]):
                subprocess.run(
                    ["git", "-c", "user.name=b", "-c", "user.email=b@example.com", *words],
                    cwd=folder,
                    check=True,
                )
            [changed, *_] = sorted((folder / "specs").glob("*.yaml"))
            text = changed.read_text()
            first = text.index("Country: ")
            end = text.index("\n", first)
            changed.write_text(f'{text[:first]}Country: "changed"{text[end:]}')
            one = changed.relative_to(folder)
            for words in (
                ["validate"],
                ["validate", one],
                ["plan", "--format", "markdown"],
                ["plan", "--format", "markdown", one],
            ):
                served.calls()
                used = timed(RECONCILE, *words, cwd=folder)
                assert used.status == 0, used.err
                calls, _ = served.calls()
                said = ", ".join(f"{count} {api}" for api, count in sorted(calls.items()))
                print(
                    f"{' '.join(map(str, words)):<50} {used.wall:6.1f} s, CPU {used.cpu:4.1f} s"
                    f"   {said or 'no calls'}",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
