"""Run the program many times, each in a process of its own with something wrong around it.

A new interpreter for each of some hundred runs would cost a minute; a copy of one that has loaded
everything costs a few milliseconds. Run as a script: jobs as JSON on stdin, results on stdout.
"""

import importlib
import json
import os
import resource
import signal
import sys
import threading
from pathlib import Path

SECONDS = 120  # after which a run counts as hanging


def closed(number):
    """A stream that the caller closed, as an interpreter finds it."""
    os.close(number)
    setattr(sys, ("stdin", "stdout", "stderr")[number], None)


def led_to(number, place):
    """A stream that leads to a device."""
    handle = os.open(place, os.O_RDWR)
    os.dup2(handle, number)
    os.close(handle)


def broken(number):
    """A pipe whose reader has gone."""
    end, start = os.pipe()
    os.close(end)
    os.dup2(start, number)
    os.close(start)


def limited(what, most):
    """A limit of the system."""
    resource.setrlimit(what, (most, most))


def placed(make, *places):
    """Something in the place of a file or folder."""
    for place in places:
        os.system(f"rm -rf {place}")
        make(place)


def gone():
    """A working folder that was removed."""
    folder = Path.cwd() / "gone"
    folder.mkdir()
    os.chdir(folder)
    folder.rmdir()


def encoded(encoding):
    """A terminal that knows few letters."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding=encoding, errors="strict")


def no_threads():
    """A system that lets no thread begin."""

    def refuse(self):
        raise RuntimeError("can't start new thread")

    threading.Thread.start = refuse


def touch(place):
    """An empty file."""
    Path(place).touch()


def dangle(place):
    """A link that leads nowhere."""
    Path(place).symlink_to("nowhere/at/all")


def circle(place):
    """A link that leads to itself."""
    Path(place).symlink_to(Path(place).name)


WRONG = {
    "nothing": lambda: None,
    "stdin closed": lambda: closed(0),
    "stdout closed": lambda: closed(1),
    "stdout full": lambda: led_to(1, "/dev/full"),
    "stdout broken": lambda: broken(1),
    "stderr closed": lambda: closed(2),
    "stderr full": lambda: led_to(2, "/dev/full"),
    "all closed": lambda: [closed(number) for number in (0, 1, 2)],
    "latin-1": lambda: encoded("latin-1"),
    "disk full": lambda: limited(resource.RLIMIT_FSIZE, 0),
    "few files": lambda: limited(resource.RLIMIT_NOFILE, 9),
    "no threads": no_threads,
    "folder gone": gone,
    "state a file": lambda: placed(touch, ".reconcile"),
    "runs a dangling link": lambda: placed(dangle, ".reconcile/runs"),
    "config a pipe": lambda: placed(os.mkfifo, "reconcile.yaml"),
    "specs a pipe": lambda: placed(os.mkfifo, "specs"),
    "a spec a circle": lambda: placed(circle, "specs/circle.yaml"),
    "database text": lambda: placed(lambda place: Path(place).write_text("no"), "demo.db"),
}


def main():
    """Every job, one after the other."""
    from reconciler.cli import main as program

    for name in program.COMMANDS:
        program.cli.get_command(None, name)
    for name in ("boto3", "reconciler.sandbox.api", "reconciler.service.aws.session"):
        importlib.import_module(name)
    results = [run(program, job) for job in json.loads(sys.stdin.read())]
    sys.stdout.write(json.dumps(results))


def run(program, job):
    """One job in a copy of this process."""
    out, err = Path(job["folder"], "out.txt"), Path(job["folder"], "err.txt")
    child = os.fork()
    if not child:
        try:
            begin(job, out, err)
            sys.argv = ["reconcile", *job["arguments"]]
            program.main()
        except SystemExit as end:
            os._exit(end.code if isinstance(end.code, int) else bool(end.code))
        except BaseException:  # noqa: BLE001 - the copy must never go on as the original
            with err.open("a") as file:
                import traceback

                traceback.print_exc(file=file)
            os._exit(99)
        os._exit(98)
    _, status = os.waitpid(child, 0)
    said = {
        name: file.read_bytes().decode("latin-1") for name, file in (("out", out), ("err", err))
    }
    return {"status": os.waitstatus_to_exitcode(status), **said}


def begin(job, out, err):
    """Make the copy look like a process that has just been started."""
    signal.alarm(SECONDS)
    os.chdir(job["folder"])
    for number, place in ((0, "/dev/null"), (1, out), (2, err)):
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    WRONG[job["wrong"]]()


if __name__ == "__main__":
    main()
