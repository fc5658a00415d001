"""What a commit holds, and whether files on disk are as it has them."""

from reconciler.git.repository import find_repository
from reconciler.git.tree import contents, holds, tree_of
from tests.e2e.repository import Repository, plain_git


def test_files_of_a_commit_are_known_by_their_digests_and_read_together(tmp_path, monkeypatch):
    plain_git(tmp_path, monkeypatch)
    repository = Repository(tmp_path)
    texts = {"a/one.yaml": b"one\n", "a/two words.yaml": b"two\nblob 3\n", "b.yaml": b""}
    for name, data in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    repository.commit()
    found = find_repository(tmp_path)
    tree = tree_of(found, {"."})
    assert texts.keys() <= tree.keys()
    digests = {name: tree[name][1] for name in texts}
    held = contents(found, [*digests.values(), "0" * 40])
    assert {name: held[digest] for name, digest in digests.items()} == texts
    assert all(holds(tmp_path / name, digest) for name, digest in digests.items())
    assert not holds(tmp_path / "b.yaml", digests["a/one.yaml"])
    assert set(tree_of(found, {"a"})) == {"a/one.yaml", "a/two words.yaml"}
