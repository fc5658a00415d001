"""A signal ends the program at once, from its first import to its last line."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

STATUSES = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]

# A signal that comes while a module is being imported.
DURING_IMPORT = """
import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == {name!r}:
            os.kill(os.getpid(), {number})
sys.meta_path.insert(0, Finder())
sys.argv = ["reconcile", "plan"]
from reconciler.cli.start import main
main()
"""


def config(folder, url):
    (folder / "specs").mkdir()
    (folder / "reconcile.yaml").write_text(
        "apiVersion: reconcile/v1\nkind: Config\ndefault_target: demo\ntargets:\n  demo:\n"
        f"    endpoint_url: {url}\n    region: us-west-2\n    domain: support\n"
    )


@pytest.mark.parametrize(("number", "status"), STATUSES)
@pytest.mark.parametrize(
    "name",
    ["reconciler.cli.main", "click", "reconciler.cli.commands.plan", "boto3", "botocore.session"],
)
def test_a_signal_while_starting_ends_it(tmp_path, number, status, name):
    config(tmp_path, "http://127.0.0.1:9")
    code = DURING_IMPORT.format(name=name, number=int(number))
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == status, ran.stderr
    assert ran.stderr.strip() == "interrupted"


@pytest.mark.parametrize(("number", "status"), STATUSES)
@pytest.mark.parametrize(
    "command", [["plan"], ["drift"], ["catalog"], ["apply", "--yes"], ["export", "--all"]]
)
def test_a_signal_while_a_reply_is_awaited_ends_it(tmp_path, number, status, command):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config(tmp_path, f"http://127.0.0.1:{listener.getsockname()[1]}")
        process = subprocess.Popen(
            [sys.executable, "-m", "reconciler", *command],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        listener.settimeout(60)
        connection, _ = listener.accept()
        with connection:
            assert connection.recv(65_536)
            sent = time.monotonic()
            process.send_signal(number)
            _, err = process.communicate(timeout=15)
            assert time.monotonic() - sent < 10
    assert process.returncode == status, err
    assert "Traceback" not in err
    assert "interrupted" in err


def test_the_last_resort_needs_no_stderr(monkeypatch):
    from reconciler.cli import start

    def closed(*_):
        raise OSError("closed")

    monkeypatch.setattr(os, "write", closed)
    start.say("x")
