"""Styled lines become characters, each line one line."""

import pytest
from rich.text import Text

from reconciler.report.terminal import rendered


def test_without_colour_only_the_text_is_left():
    assert rendered([Text("a", "bold red"), Text()], colour=False) == "a\n\n"


def test_with_colour_there_are_escapes():
    assert "\x1b[" in rendered([Text("a", "bold red")], colour=True)


@pytest.mark.parametrize("length", [500, 20_000])
def test_a_long_line_is_never_wrapped_or_cut(length):
    assert rendered([Text("x " * length)], colour=False).count("x") == length
    assert rendered([Text("x " * length)], colour=False).count("\n") == 1


@pytest.mark.parametrize("text", ["[bold]not markup[/bold]", ":smile:", "[/]", "1.5 'quoted'"])
def test_nothing_in_the_text_is_taken_for_markup(text):
    assert rendered([Text(text)], colour=False) == text + "\n"


def test_no_lines_are_no_text():
    assert rendered([], colour=False) == ""
