"""The targets by lane, and which of them a change of the repository is about."""

import json

import pytest

from tests.e2e.repository import Repository, plain_git

CONFIG = """\
apiVersion: reconcile/v1
kind: Config
targets:
  demo: {sandbox: demo.db, domain: support}
  staging: {region: us-west-2, account: "111122223333", domain: staging}
  prod: {region: us-west-2, account: "222233334444", domain: prod, after: [staging]}
  training: {region: us-west-2, role_arn: "arn:aws:iam::222233334444:role/r", domain: training}
  eu: {region: eu-central-1, account: "222233334444", domain: eu}
default_target: demo
"""
ALL = ["demo", "staging", "prod", "training", "eu"]
SPEC = """\
apiVersion: reconcile/v1
kind: Cases
metadata: {{name: {name}}}
{target}cases:
  - id: 00000000-0000-4000-8000-000000000001
    fields: {{note: {note}}}
"""


class Checkout:
    """A repository with a config and a spec for each target."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys = folder, capsys
        self.repository = Repository(folder)
        self.write("reconcile.yaml", CONFIG)
        for name in ("staging", "prod", "eu"):
            self.spec(name)
        self.spec("of-default", target="")
        self.commit()

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def spec(self, name, target=None, note="x"):
        about = f"target: {name}\n" if target is None else target
        self.write(f"specs/{name}.yaml", SPEC.format(name=name, target=about, note=note))

    def commit(self):
        self.repository.commit("a state", "2026-11-01T00:00:00+00:00")

    def run(self, *words):
        from reconciler.cli.main import run

        self.capsys.readouterr()
        status = int(run(["targets", *words]))
        seen = self.capsys.readouterr()
        return status, seen.out, seen.err

    def changed(self, revision="HEAD"):
        """The targets that a change since a commit is about."""
        status, out, err = self.run("--json", "--changed-since", revision)
        assert status == 0, err
        found = json.loads(out)
        names = [name for one in found["include"] for name in one["targets"]]
        assert found["any"] is bool(names)
        return sorted(names)


@pytest.fixture
def checkout(tmp_path, monkeypatch, capsys):
    plain_git(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RECONCILE_CONFIG", raising=False)
    return Checkout(tmp_path, capsys)


def test_the_matrix_has_an_entry_a_lane_and_joins_those_with_an_order(checkout):
    status, out, _ = checkout.run("--json")
    assert status == 0
    assert out == (
        '{"any": true, "include": [{"lane": "unpinned", "targets": ["demo"]}, '
        '{"lane": "111122223333/us-west-2+222233334444/us-west-2", '
        '"targets": ["staging", "prod", "training"]}, '
        '{"lane": "222233334444/eu-central-1", "targets": ["eu"]}]}\n'
    )


def test_as_text_each_lane_names_its_targets_and_what_comes_before_them(checkout):
    status, out, _ = checkout.run()
    assert status == 0
    assert out.splitlines() == [
        "lane unpinned",
        "  demo       domain support   sandbox   default",
        "lane 111122223333/us-west-2+222233334444/us-west-2",
        "  staging    domain staging",
        "  prod       domain prod   after staging",
        "  training   domain training",
        "lane 222233334444/eu-central-1",
        "  eu         domain eu",
    ]


def test_where_nothing_changed_the_matrix_is_empty(checkout):
    status, out, _ = checkout.run("--json", "--changed-since", "HEAD")
    assert (status, out) == (0, '{"any": false, "include": []}\n')
    assert checkout.run("--changed-since", "HEAD")[2] == "nothing since HEAD is about any target\n"


def test_without_its_order_a_lane_stands_alone(checkout):
    checkout.spec("prod", note="y")
    _, out, _ = checkout.run("--json", "--changed-since", "HEAD")
    assert json.loads(out)["include"] == [{"lane": "222233334444/us-west-2", "targets": ["prod"]}]


def move(checkout, old, new):
    target = checkout.folder / new
    target.parent.mkdir(parents=True, exist_ok=True)
    (checkout.folder / old).rename(target)


def config(checkout, old, new):
    assert old in CONFIG
    checkout.write("reconcile.yaml", CONFIG.replace(old, new))


CHANGES = {
    "an edited spec": (lambda one: one.spec("eu", note="y"), ["eu"]),
    "a spec of the default target": (
        lambda one: one.spec("of-default", target="", note="y"),
        ["demo"],
    ),
    "a new spec": (lambda one: one.spec("training"), ["training"]),
    "a spec that nobody committed yet": (
        lambda one: one.write("specs/a/b.json", "{}"),
        ALL,
    ),
    "a deleted spec": (lambda one: (one.folder / "specs/eu.yaml").unlink(), ["eu"]),
    "a moved spec": (lambda one: move(one, "specs/eu.yaml", "specs/a/b.yaml"), ["eu"]),
    "a spec moved away": (lambda one: move(one, "specs/eu.yaml", "old/eu.yaml"), ["eu"]),
    "a spec renamed to no spec": (lambda one: move(one, "specs/eu.yaml", "specs/eu.txt"), ["eu"]),
    "a spec about another target now": (
        lambda one: one.spec("eu", target="target: [prod]\n"),
        ["eu", "prod"],
    ),
    "a spec about one more": (
        lambda one: one.spec("eu", target="target: [prod, eu, staging]\n"),
        ["eu", "prod", "staging"],
    ),
    "a spec that is none": (lambda one: one.write("specs/eu.yaml", "kind: ["), ALL),
    "a file beside": (lambda one: one.write("README.md", "x"), []),
    "a file of no spec": (lambda one: one.write("specs/notes.txt", "x"), []),
    "a hidden file": (lambda one: one.write("specs/.eu.yaml", "x"), []),
    "an empty spec": (lambda one: one.write("specs/empty.yaml", ""), []),
    "a limit of one target": (
        lambda one: config(one, "domain: eu}", "domain: eu, limits: {cases: 5}}"),
        ["eu"],
    ),
    "the order of one target": (
        lambda one: config(one, "domain: eu}", "domain: eu, after: [prod]}"),
        ["eu"],
    ),
    "a comment": (lambda one: config(one, "kind: Config", "kind: Config # ours"), []),
    "a new target": (
        lambda one: config(one, "default_t", "  new: {sandbox: x, domain: y}\ndefault_t"),
        ["new"],
    ),
    "a target that went": (
        lambda one: config(
            one, '  eu: {region: eu-central-1, account: "222233334444", domain: eu}\n', ""
        ),
        [],
    ),
    "another default": (lambda one: config(one, "t: demo", "t: eu"), ["demo", "eu"]),
    "owners": (
        lambda one: config(one, "default_t", "owners: [{owner: a, fields: [b]}]\ndefault_t"),
        ALL,
    ),
    "a window of all": (
        lambda one: config(
            one,
            "default_t",
            "windows: [{name: n, time_zone: UTC, deny: {from: 2026-01-01T00:00,"
            " to: 2026-01-02T00:00}}]\ndefault_t",
        ),
        ALL,
    ),
    "another folder": (
        lambda one: (
            config(one, "default_t", "specs: other\ndefault_t"),
            one.write("other/x.yaml", SPEC.format(name="x", target="target: training\n", note="x")),
        ),
        ["demo", "eu", "prod", "staging", "training"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("committed", [False, True])
def test_only_what_a_change_is_about_is_named(checkout, what, committed):
    change, names = CHANGES[what]
    change(checkout)
    if committed:
        checkout.commit()
    assert checkout.changed("HEAD~1" if committed else "HEAD") == sorted(names)


def test_a_deleted_target_of_a_deleted_spec_is_no_job(checkout):
    (checkout.folder / "specs/eu.yaml").unlink()
    line = '  eu: {region: eu-central-1, account: "222233334444", domain: eu}\n'
    config(checkout, line, "")
    assert checkout.changed() == []


def test_line_ends_of_another_system_are_no_change(checkout):
    path = checkout.folder / "specs/eu.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert checkout.changed() == []


def test_a_config_that_a_commit_had_not_or_had_otherwise_is_about_all(checkout):
    checkout.write("reconcile.yaml", "kind: [")
    checkout.commit()
    checkout.write("reconcile.yaml", CONFIG)
    assert checkout.changed() == sorted(ALL)
    (checkout.folder / "reconcile.yaml").unlink()
    checkout.commit()
    checkout.write("reconcile.yaml", CONFIG)
    assert checkout.changed() == sorted(ALL)


def test_the_first_push_of_a_branch_comes_after_nothing_and_is_about_all(checkout):
    assert checkout.changed("0" * 40) == sorted(ALL)


def test_a_branch_and_a_tag_are_names_of_commits_too(checkout):
    checkout.repository.git("tag", "v1")
    checkout.repository.git("branch", "main-like")
    checkout.spec("eu", note="y")
    checkout.commit()
    assert checkout.changed("v1") == checkout.changed("main-like") == ["eu"]


@pytest.mark.parametrize("revision", ["nowhere", "--help", "HEAD~99", "", ":", "HEAD:specs", "a b"])
def test_what_is_no_commit_is_one_line(checkout, revision):
    status, out, err = checkout.run(f"--changed-since={revision}")
    assert status == 1 and out == ""
    assert "--changed-since" in err and "Traceback" not in err and len(err.splitlines()) <= 4


def test_without_a_repository_nothing_can_be_compared(tmp_path, monkeypatch, capsys):
    plain_git(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconcile.yaml").write_text(CONFIG)
    from reconciler.cli.main import run

    assert run(["targets", "--changed-since", "HEAD"]) == 1
    assert "there is no git repository around the config" in capsys.readouterr().err
