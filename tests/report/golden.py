"""Compare a text with the one that was agreed on.

To agree on a new text, delete the file and run the test twice: the first run writes it and fails.
"""

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "golden"


def matches_golden(name: str, text: str) -> None:
    """The text equals tests/golden/NAME.txt."""
    path = FOLDER / f"{name}.txt"
    if not path.exists():
        path.write_text(text, encoding="utf-8")
        raise AssertionError(f"{path.name} did not exist; read what was written and run again")
    assert text == path.read_text(encoding="utf-8")
