"""A consumer of the library is checked by `mypy --strict`, against the types that are shipped."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_consumer_is_typed_strictly(tmp_path):
    consumer = tmp_path / "consumer.py"
    consumer.write_text(Path(__file__).with_name("consumer.py").read_text())
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent",
         "--cache-dir", str(tmp_path / "cache"), "--no-error-summary", "--config-file=",
         str(consumer)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", "", 0)


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "reconciler" / "py.typed").exists()
