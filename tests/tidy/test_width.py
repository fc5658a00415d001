"""Documents are read in terminals and in diffs: a hundred characters are the most."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MOST = 100
NAMES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "reconciler/DESIGN.md")
DOCUMENTS = [*(ROOT / name for name in NAMES), *sorted((ROOT / "docs").rglob("*.md"))]


def too_wide(text):
    """Each line with more characters, by its number; a table and a command count like text."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MOST:
            yield number, len(line)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_line_of_a_document_is_wider_than_a_hundred_characters(path):
    assert list(too_wide(path.read_text(encoding="utf-8"))) == []


def test_a_line_that_is_too_wide_is_named():
    assert list(too_wide("\n".join(("é" * 100, "| " + "x" * 99, "ok")))) == [(2, 101)]
