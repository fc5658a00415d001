"""A sandbox as a process of its own, until a signal ends it."""

import json
import signal
import subprocess
import sys

import pytest

from reconciler.sandbox.api import SandboxError, serve

SCRIPT = """
import sys
from pathlib import Path
from reconciler.sandbox.api import serve
serve(
    Path(sys.argv[1]),
    fast=True,
    faults=Path(sys.argv[2]),
    switches={"empty_style": "empty"},
    access_log=sys.stderr,
    ready=lambda url: print(url, flush=True),
)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal_comes(tmp_path, connect, care_of, seeded, number):
    db, faults = tmp_path / "x.db", tmp_path / "faults.json"
    db.write_bytes(seeded.path.read_bytes())
    faults.write_text(json.dumps([{"kind": "throttle", "operation": "GetDomain", "times": 1}]))
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(db), str(faults)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        care = care_of(connect(process.stdout.readline().strip()))
        case = care.create()
        assert care.read(case, "Note") == {"Note": None}
        with pytest.raises(care.client.exceptions.ThrottlingException):
            care.client.get_domain(domainId=care.domain)
        process.send_signal(number)
        _, log = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    operations = [line.split()[1] for line in log.splitlines()]
    assert operations == ["CreateCase", "GetCase", "GetDomain"]


@pytest.mark.parametrize(
    "wrong",
    [{"switches": {"x": "y"}}, {"faults": "nothing.json"}, {"quota_scale": -1}],
)
def test_mistakes_are_told_before_anything_is_opened(tmp_path, wrong):
    db = tmp_path / "x.db"
    if "faults" in wrong:
        wrong = {"faults": tmp_path / wrong["faults"]}
    with pytest.raises(SandboxError):
        serve(db, ready=lambda url: pytest.fail(url), **wrong)
    assert not db.exists()


def test_an_address_that_cannot_be_had_is_told(tmp_path, sandbox):
    port = int(sandbox.url.rpartition(":")[2])
    script = SCRIPT.replace("fast=True", f"port={port}")
    faults = tmp_path / "faults.json"
    faults.write_text("[]")
    found = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "x.db"), str(faults)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert f"cannot listen on 127.0.0.1 port {port}" in found.stderr
