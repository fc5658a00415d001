"""The pieces of styled text that the stories of a plan and of a case have in common."""

from collections.abc import Iterator

from rich.text import Text

from reconciler.report.escaping import visible
from reconciler.report.values import word_diff

_MARKS = {"kept": ("{}", ""), "removed": ("[-{}-]", "red strike"), "added": ("{{+{}+}}", "green")}


def target_line(target: str, domain: str, account: str, region: str) -> Text:
    """Which target, and where its domain is."""
    return Text.assemble(
        ("target ", "dim"),
        (visible(target), "bold"),
        ("   domain ", "dim"),
        visible(domain),
        ("   account ", "dim"),
        visible(account) or "?",
        ("   Region ", "dim"),
        visible(region) or "?",
    )


def diff_spans(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The words of a text that differ, each with its style, and marked also without colour."""
    for piece in word_diff(before, after):
        mark, style = _MARKS[piece.kind]
        yield mark.format(piece.text), style
