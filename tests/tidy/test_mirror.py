"""Every module has a test of its name, path for path; those that have none yet are listed here.

`reconciler/plan/guard.py` is tested in `tests/plan/test_guard.py`. A line here is a debt with its
reason: it has to go as soon as it is paid, so that the list can only shrink.
"""

from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

UNTESTED = {
    "cli/*": "through the commands, tests/cli and tests/e2e; its modules are being rebuilt",
    "config/model.py": "data without decisions, through test_file.py",
    "config/window_model.py": "data without decisions, through test_windows.py",
    "edit/export_files.py": "owed; through tests/e2e/test_export.py until then",
    "files/canonical.py": "through tests/plan/test_whole.py; being rebuilt",
    "files/derived.py": "through tests/plan/test_whole.py and tests/state; being rebuilt",
    "files/forms.py": "through tests/plan/test_whole.py and tests/state; being rebuilt",
    "files/misshapen.py": "through tests/plan/test_whole.py and tests/state; being rebuilt",
    "files/records.py": "through tests/plan/test_whole.py and tests/state; being rebuilt",
    "files/value_shape.py": "through tests/state; being rebuilt",
    "git/history.py": "a protocol and data, through test_specs.py",
    "history/story.py": "owed; through tests/e2e/test_history.py until then",
    "model/*": "data without decisions, through everything; being rebuilt",
    "plan/file/*": "through tests/plan/test_whole.py; its modules are being rebuilt",
    "project/*": "through the library, tests/library; its modules are being rebuilt",
    "read/gathered.py": "data without decisions, through test_gathering.py",
    "report/html/changes.py": "a part of the page, through test_page.py",
    "report/html/outcomes.py": "a part of the page, through test_page.py",
    "report/html/parts.py": "a part of the page, through test_page.py",
    "report/html/target.py": "a part of the page, through test_page.py",
    "report/html/view.py": "a part of the page, through test_page.py",
    "report/markdown/alerts.py": "a part of the report, through test_whole.py",
    "report/markdown/diff.py": "a part of the report, through test_whole.py",
    "report/markdown/outcomes.py": "a part of the report, through test_whole.py",
    "report/markdown/target.py": "a part of the report, through test_whole.py",
    "report/text/whole.py": "wiring, through test_formats.py",
    "sandbox/*": "through the sandbox's HTTP interface alone, tests/sandbox and tests/contract",
    "service/aws/secret_session.py": "through tests/secrets/test_stored_key.py",
    "service/aws/service.py": "wiring, through tests/sandbox/test_embedded.py and tests/e2e",
    "service/ports.py": "protocols and data, through every adapter",
    "state/*": "through their own reading and writing, tests/state; being rebuilt",
    "yaml/pieces.py": "a protocol, through test_source_bytes.py",
    "yaml/tree.py": "owed; through test_layout.py until then",
}


def untested(root, listed):
    """What is wrong: modules without a test that no line names, and lines that name none."""
    missing = [
        path.relative_to(root / "reconciler").as_posix()
        for path in sorted((root / "reconciler").rglob("*.py"))
        if not path.name.startswith("__") and not mirror(root, path).exists()
    ]
    for module in missing:
        if not any(fnmatch(module, one) for one in listed):
            yield f"reconciler/{module} has no test of its name"
    for one in listed:
        if not any(fnmatch(module, one) for module in missing):
            yield f"{one} needs no line any more: its tests are there, or it is gone"


def mirror(root, path):
    """Where the test of a module is."""
    folder = root / "tests" / path.relative_to(root / "reconciler").parent
    return folder / f"test_{path.name}"


def test_every_module_has_a_test_of_its_name_or_a_reason_why_not():
    assert list(untested(ROOT, UNTESTED)) == []


@pytest.fixture
def tree(tmp_path):
    for name in ("a/__init__", "a/one", "a/two", "b/one"):
        path = tmp_path / "reconciler" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "tests" / "a").mkdir(parents=True)
    (tmp_path / "tests" / "a" / "test_one.py").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        pytest.param([], ["reconciler/a/two.py has no", "reconciler/b/one.py has no"], id="none"),
        pytest.param(["a/two.py", "b/one.py"], [], id="each"),
        pytest.param(["a/*", "b/*"], [], id="by-room"),
        pytest.param(["a/*"], ["reconciler/b/one.py has no"], id="the-same-name-elsewhere"),
        pytest.param(["a/*", "b/*", "a/one.py"], ["a/one.py needs no line"], id="paid"),
        pytest.param(["a/*", "b/*", "c/*"], ["c/* needs no line"], id="gone"),
    ],
)
def test_the_list_is_as_long_as_the_debt(tree, listed, said):
    found = untested(tree, listed)
    assert [one[: len(start)] for one, start in zip(found, said, strict=True)] == said
