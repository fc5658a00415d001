"""Spec files that are not as they were at a commit."""

from reconciler.git.changed import ChangedFile, changed_files, file_at
from reconciler.git.repository import find_repository
from tests.e2e.repository import Repository, plain_git


def test_edited_new_gone_and_moved_files_are_found_with_both_sides(tmp_path, monkeypatch):
    plain_git(tmp_path, monkeypatch)
    repository = Repository(tmp_path)
    specs = tmp_path / "specs"
    specs.mkdir()
    for name in ("same", "edited", "gone", "moved"):
        (specs / f"{name}.yaml").write_text(name)
    (specs / ".hidden.yaml").write_text("x")
    (specs / "link.yaml").symlink_to("same.yaml")
    repository.commit()
    (specs / "edited.yaml").write_text("after")
    (specs / "gone.yaml").unlink()
    (specs / "moved.yaml").rename(specs / "there.yaml")
    (specs / ".hidden.yaml").unlink()
    (specs / "link.yaml").unlink()
    (specs / "link.yaml").symlink_to("edited.yaml")
    now = [one for one in specs.glob("[a-z]*.yaml") if not one.is_symlink()]
    found = find_repository(tmp_path)
    changed = sorted(changed_files(found, tmp_path, [specs], now), key=lambda one: one.path)
    assert changed == [
        ChangedFile("specs/edited.yaml", b"edited", b"after"),
        ChangedFile("specs/gone.yaml", b"gone", None),
        ChangedFile("specs/link.yaml", None, None, unreadable=True),
        ChangedFile("specs/moved.yaml", b"moved", None),
        ChangedFile("specs/there.yaml", None, b"moved"),
    ]
    assert file_at(found, "specs/edited.yaml") == b"edited"
    assert file_at(found, "specs/nowhere.yaml") is None
