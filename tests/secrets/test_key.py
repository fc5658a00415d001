"""One key for one machine, or one for all that share it."""

import os
import stat

import pytest

from reconciler.errors import ReconcilerError
from reconciler.secrets.key import VARIABLE, Use, kept_key, seal_key, shared_key


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


def test_keys_for_values_and_for_files_tell_nothing_of_one_another(tmp_path, monkeypatch):
    assert seal_key(tmp_path, Use.VALUES) != seal_key(tmp_path, Use.FILES)
    monkeypatch.setenv(VARIABLE, "secret of the team")
    assert shared_key(Use.VALUES) != shared_key(Use.FILES)


def test_a_line_break_at_the_end_of_a_secret_is_no_part_of_it(monkeypatch):
    monkeypatch.setenv(VARIABLE, "secret of the team")
    key = shared_key(Use.FILES)
    monkeypatch.setenv(VARIABLE, "secret of the team\n")
    assert shared_key(Use.FILES) == key


def test_without_the_variable_nothing_is_shared_and_no_key_is_made_by_asking(tmp_path):
    assert shared_key(Use.FILES) is None
    assert kept_key(tmp_path, Use.FILES) is None
    assert list(tmp_path.iterdir()) == []


def _key(mode):
    def made(path):
        path.write_text("ab" * 32)
        path.chmod(mode)

    return made


def _holding(text):
    def made(path):
        path.write_text(text)
        path.chmod(0o600)

    return made


@pytest.mark.parametrize(
    ("made", "said"),
    [
        pytest.param(_key(0o644), "others may read", id="as-git-checks-it-out"),
        pytest.param(_key(0o660), "others may read", id="of-a-group"),
        pytest.param(_holding(""), "no key of ours", id="empty"),
        pytest.param(_holding("abc"), "no key of ours", id="half-a-byte"),
        pytest.param(_holding("ab"), "no key of ours", id="one-byte"),
        pytest.param(_holding("ab" * 33), "no key of ours", id="too-long"),
        pytest.param(_holding("zz" * 32), "no key of ours", id="not-hex"),
        pytest.param(os.mkfifo, "a pipe", id="pipe"),
        pytest.param(os.mkdir, "a folder", id="folder"),
        pytest.param(lambda path: path.symlink_to("gone"), "nowhere", id="link-to-nothing"),
        pytest.param(lambda path: path.symlink_to(path), "cannot be read", id="link-to-itself"),
    ],
)
def test_what_is_no_key_of_ours_is_refused_with_what_to_do(tmp_path, made, said):
    made(tmp_path / "seal.key")
    with pytest.raises(ReconcilerError, match=said) as refused:
        seal_key(tmp_path)
    assert VARIABLE in str(refused.value)


def test_a_key_that_another_process_made_meanwhile_is_taken(tmp_path, monkeypatch):
    link = os.link
    others = []

    def slower(draft, path):
        monkeypatch.setattr(os, "link", link)
        others.append(seal_key(tmp_path))
        link(draft, path)

    monkeypatch.setattr(os, "link", slower)
    assert [seal_key(tmp_path)] == others
    assert [path.name for path in tmp_path.iterdir()] == ["seal.key"]
