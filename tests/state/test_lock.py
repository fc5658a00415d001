"""One apply of a target at a time."""

import subprocess
import sys
from textwrap import dedent

import pytest

from reconciler.errors import ReconcilerError
from reconciler.state.lock import run_lock

HOLDER = dedent(
    """
    import sys
    from pathlib import Path
    from reconciler.state.lock import run_lock
    with run_lock(Path(sys.argv[1]), "process 5 of jane"):
        print("held", flush=True)
        sys.stdin.read()
    """
)


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock."""
    path = tmp_path / "state" / "a.lock"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        process.path = path
        yield process
        process.kill()


def test_a_second_holder_is_refused_and_told_who_holds_it(holder):
    with (
        pytest.raises(ReconcilerError, match="running on this machine: process 5 of jane"),
        run_lock(holder.path, "me"),
    ):
        raise AssertionError("two holders at once")


def test_the_lock_of_a_process_that_was_killed_is_free(holder):
    holder.kill()
    holder.wait()
    with run_lock(holder.path, "me"):
        assert holder.path.read_text() == "me"


def test_a_lock_is_free_again_after_its_block(tmp_path):
    for owner in ("first, with a long name", "second"):
        with run_lock(tmp_path / "a.lock", owner):
            assert (tmp_path / "a.lock").read_text() == owner


def test_a_lock_is_free_again_after_a_failure(tmp_path):
    with pytest.raises(ValueError, match="x"), run_lock(tmp_path / "a.lock", "me"):
        raise ValueError("x")
    with run_lock(tmp_path / "a.lock", "me"):
        pass


def test_two_locks_are_held_at_once(tmp_path):
    with run_lock(tmp_path / "a.lock", "me"), run_lock(tmp_path / "b.lock", "me"):
        pass


def test_one_process_cannot_hold_a_lock_twice(tmp_path):
    with (
        run_lock(tmp_path / "a.lock", "me"),
        pytest.raises(ReconcilerError, match="me"),
        run_lock(tmp_path / "a.lock", "me too"),
    ):
        raise AssertionError("held twice")
