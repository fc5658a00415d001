"""How the config is found and what its own keys mean."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.config.file import find_config, read_config
from reconciler.errors import AuthorErrors, ReconcilerError

HEAD = "apiVersion: reconcile/v1\nkind: Config\n"
DEMO = "targets: {demo: {sandbox: demo.db, domain: support}}\n"


def config(folder: Path, text: str, name: str = "reconcile.yaml"):
    (folder / name).write_text(text)
    return read_config(folder / name)


def refused(folder: Path, text: str | bytes) -> list[tuple]:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "reconcile.yaml").write_bytes(data)
    with pytest.raises(AuthorErrors) as caught:
        read_config(folder / "reconcile.yaml")
    assert {problem.at.file for problem in caught.value.problems} == {"reconcile.yaml"}
    return [(p.code, p.at.line, p.at.column, p.hint) for p in caught.value.problems]


def test_the_config_of_the_nearest_folder_above_is_found(tmp_path):
    below = tmp_path / "a/b/c"
    below.mkdir(parents=True)
    assert find_config(below) is None
    (tmp_path / "reconcile.yaml").touch()
    assert find_config(below) == tmp_path / "reconcile.yaml"
    (tmp_path / "a/reconcile.yml").touch()
    assert find_config(below) == tmp_path / "a/reconcile.yml"
    (tmp_path / "a/reconcile.yaml").touch()
    assert find_config(below) == tmp_path / "a/reconcile.yaml"


def test_a_folder_with_the_name_of_a_config_is_none(tmp_path):
    (tmp_path / "reconcile.yaml").mkdir()
    assert find_config(tmp_path) is None


def test_a_short_config_is_enough(tmp_path):
    found = config(tmp_path, HEAD + DEMO)
    assert found.root == tmp_path.resolve()
    assert found.path == tmp_path / "reconcile.yaml"
    assert found.specs == tmp_path.resolve() / "specs"
    assert list(found.targets) == ["demo"]
    assert found.default_target == "demo"


def test_the_only_target_is_the_default_and_of_several_none_is(tmp_path):
    two = HEAD + "targets: {a: {sandbox: a, domain: d}, b: {sandbox: b, domain: d}}\n"
    assert config(tmp_path, two).default_target is None
    assert config(tmp_path, two + "default_target: b\n").default_target == "b"


@pytest.mark.parametrize("specs", ["specs", "a/b", ".", "a/../b", "'with space'"])
def test_specs_are_anywhere_below_the_config(tmp_path, specs):
    found = config(tmp_path, HEAD + DEMO + f"specs: {specs}\n")
    assert found.specs == tmp_path.resolve() / specs.strip("'")


def test_a_config_of_another_name_or_in_json_is_read_too(tmp_path):
    text = '{"apiVersion": "reconcile/v1", "kind": "Config",\n\t"targets": {"t": '
    text += '{"region": "us-west-2", "domain": "d"}}}'
    assert config(tmp_path, text, "other.json").targets["t"].region == "us-west-2"


def test_a_config_that_cannot_be_opened_says_what_to_do(tmp_path):
    with pytest.raises(ReconcilerError, match="reconcile init"):
        read_config(tmp_path / "reconcile.yaml")
    with pytest.raises(ReconcilerError, match="expected a file"):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "hint"),
    [
        pytest.param("", "wrong-shape", 1, 1, "reconcile init", id="nothing"),
        pytest.param("# empty\n", "wrong-shape", 1, 1, "reconcile init", id="comment"),
        pytest.param(HEAD + DEMO + "---\na: 1", "wrong-shape", 5, 1, "init", id="two-documents"),
        pytest.param("[a]", "wrong-shape", 1, 1, "`key: value`", id="list"),
        pytest.param("kind: Config\n" + DEMO, "missing-key", 1, 1, "apiVersion", id="no-version"),
        pytest.param(
            "apiVersion: reconcile/v1\n" + DEMO, "missing-key", 1, 1, "kind", id="no-kind"
        ),
        pytest.param(
            "apiVersion: v1\nkind: Config\n" + DEMO,
            "unknown-api-version",
            1,
            13,
            "`apiVersion: reconcile/v1`",
            id="version",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Cases\n" + DEMO,
            "unknown-kind",
            2,
            7,
            "`kind: Config`",
            id="kind",
        ),
        pytest.param(HEAD, "missing-key", 1, 1, "`targets: ...`", id="no-targets"),
        pytest.param(HEAD + "targets: {}", "missing-key", 3, 10, "add a target", id="no-target"),
        pytest.param(HEAD + "targets:", "wrong-shape", 3, 9, "fill it in", id="targets-nothing"),
        pytest.param(
            HEAD + "targets: [a]", "wrong-shape", 3, 10, "`key: value`", id="targets-list"
        ),
        pytest.param(
            HEAD + "targets: {'': {sandbox: s, domain: d}}",
            "empty-name",
            3,
            11,
            "name",
            id="target-without-name",
        ),
        pytest.param(
            HEAD + DEMO + "default_target: dmeo",
            "unknown-target",
            4,
            17,
            "did you mean `demo`",
            id="default-target",
        ),
        pytest.param(
            HEAD + DEMO + "default_target:",
            "empty-name",
            4,
            16,
            "write the name",
            id="default-target-nothing",
        ),
        pytest.param(
            HEAD + DEMO + "default_target: [demo]",
            "wrong-shape",
            4,
            17,
            "one value",
            id="default-target-list",
        ),
        pytest.param(
            HEAD + DEMO + "spec: x", "unknown-key", 4, 1, "did you mean `specs`", id="key"
        ),
        pytest.param(
            HEAD + DEMO + "specs: ../x",
            "outside-repository",
            4,
            8,
            "specs: specs",
            id="specs-above",
        ),
        pytest.param(
            HEAD + DEMO + "specs: /etc",
            "outside-repository",
            4,
            8,
            "specs: specs",
            id="specs-absolute",
        ),
        pytest.param(
            HEAD + DEMO + 'specs: "a\\0"',
            "outside-repository",
            4,
            8,
            "specs: specs",
            id="specs-nul",
        ),
        pytest.param(HEAD + DEMO + "specs:", "empty-name", 4, 7, "write the name", id="specs-null"),
        pytest.param(
            HEAD + DEMO + "specs: [a, b]", "wrong-shape", 4, 8, "one value", id="specs-list"
        ),
        pytest.param(HEAD + DEMO + "kind: Config", "repeated-key", 4, 1, "keep one", id="repeated"),
        pytest.param(HEAD + DEMO + "x: [", "yaml-syntax", 5, 1, "remove it", id="syntax"),
        pytest.param(HEAD.encode() + b"x: \xff", "encoding", 3, 4, "UTF-8", id="encoding"),
    ],
)
def test_a_config_that_could_be_misread_is_refused(tmp_path, text, code, line, column, hint):
    (found,) = refused(tmp_path, text)
    assert found[:3] == (code, line, column)
    assert hint in found[3]


def test_all_problems_are_reported_at_once_and_sorted(tmp_path):
    text = "kind: Confg\ntargets: {a: {domain: }, b: 1, c: {sandbox: x, domain: d, e: *f}}\nx: 1\n"
    found = refused(tmp_path, text)
    assert [(code, line) for code, line, *_ in found] == [
        ("missing-key", 1),
        ("unknown-kind", 1),
        ("missing-key", 2),
        ("empty-name", 2),
        ("wrong-shape", 2),
        ("unknown-key", 2),
        ("alias", 2),
        ("unknown-key", 3),
    ]


def test_a_link_to_specs_outside_is_refused(tmp_path):
    (tmp_path / "repository").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "repository/specs").symlink_to(tmp_path / "outside")
    ((code, *_),) = refused(tmp_path / "repository", HEAD + DEMO + "specs: specs\n")
    assert code == "outside-repository"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(), st.text().map(lambda text: (HEAD + text).encode())))
def test_reading_any_bytes_ends_in_a_config_or_in_problems(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "reconcile.yaml"
    path.write_bytes(data)
    with pytest.raises(AuthorErrors):
        read_config(path)
