"""One key for one machine, or one for all that share it."""

import stat

import pytest

from reconciler.adapters.seal_key import VARIABLE, seal_key


@pytest.fixture(autouse=True)
def no_shared_key(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_key_is_made_once_and_kept(tmp_path):
    key = seal_key(tmp_path / "state")
    assert len(key) == 32
    assert seal_key(tmp_path / "state") == key


def test_two_machines_have_two_keys(tmp_path):
    assert seal_key(tmp_path / "a") != seal_key(tmp_path / "b")


def test_the_key_and_its_folder_are_private(tmp_path):
    seal_key(tmp_path / "state")
    assert stat.S_IMODE((tmp_path / "state" / "seal.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_jobs_that_share_the_variable_share_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "secret of the team")
    assert seal_key(tmp_path / "a") == seal_key(tmp_path / "b")
    assert not (tmp_path / "a").exists()
    monkeypatch.setenv(VARIABLE, "another")
    assert seal_key(tmp_path / "a") != b"secret of the team"


def test_an_empty_variable_is_none(tmp_path, monkeypatch):
    key = seal_key(tmp_path)
    monkeypatch.setenv(VARIABLE, "")
    assert seal_key(tmp_path) == key


def test_a_key_that_another_process_made_meanwhile_is_taken(tmp_path, monkeypatch):
    (tmp_path / "seal.key").write_text("ab" * 32)
    reads = iter([FileNotFoundError, None])
    read = type(tmp_path).read_text

    def once_missing(path, **more):
        if next(reads) is FileNotFoundError:
            raise FileNotFoundError
        return read(path, **more)

    monkeypatch.setattr(type(tmp_path), "read_text", once_missing)
    assert seal_key(tmp_path) == b"\xab" * 32
