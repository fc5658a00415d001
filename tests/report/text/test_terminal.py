"""Styled lines become characters, each line one line."""

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from reconciler.report.text.terminal import rendered


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


def test_on_a_terminal_a_long_line_is_folded_at_words_and_the_rest_stands_further_in():
    line = Text("    Note  " + "word " * 20)
    folded = rendered([line], colour=False, width=50).splitlines()
    assert folded[0] == "    Note  word word word word word word word word"
    assert folded[1].startswith("        word word")
    assert len(folded) == 3


@example("a" * 38 + "\xa0" + "b" * 20, 0, 40)
@given(
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=300),
    st.integers(0, 12),
    st.integers(40, 160),
)
def test_folding_keeps_every_character_but_spaces_and_stays_within_the_width(text, inside, width):
    line = Text(" " * inside + text)
    folded = rendered([line], colour=False, width=width)
    assert folded.replace(" ", "").replace("\n", "") == line.plain.replace(" ", "")
    assert all(cell_len(one) <= width for one in folded.splitlines())


def test_colours_go_with_their_words():
    line = Text.assemble(("red " * 30, "red"), ("green " * 30, "green"))
    folded = rendered([line], colour=True, width=60).splitlines()
    assert "\x1b[31m" in folded[0] and "\x1b[32m" in folded[-1]


def test_a_terminal_that_is_too_narrow_folds_by_itself():
    line = Text("word " * 40)
    assert rendered([line], colour=False, width=20).count("\n") == 1


def printed(line, colour):
    """A line as rich prints it."""
    console = Console(
        file=io.StringIO(),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        width=10_000,
    )
    console.print(line, soft_wrap=True, markup=False, emoji=False)
    return console.file.getvalue()


STYLES = ("", "dim", "bold", "red", "bold red", "red strike", "not bold", "no such style")
TEXTS = st.text("ab \\\t\n\r\x07[]:é漢\u200b\ud800", max_size=6)


@st.composite
def styled_lines(draw):
    """Lines as our reports assemble them, and some with styles one over the other."""
    parts = st.tuples(TEXTS, st.sampled_from(STYLES)) | TEXTS
    line = Text.assemble(*draw(st.lists(parts, max_size=6)), style=draw(st.sampled_from(STYLES)))
    places = st.integers(0, len(line))
    for start, stop in draw(st.lists(st.tuples(places, places), max_size=2)):
        line.stylize(draw(st.sampled_from(STYLES)), start, stop)
    return line


@given(st.lists(styled_lines(), max_size=3), st.booleans())
def test_lines_are_to_the_byte_what_rich_prints(lines, colour):
    assert rendered(lines, colour=colour) == "".join(printed(line, colour) for line in lines)


@pytest.mark.parametrize("colour", [False, True])
def test_the_usual_line_does_not_go_through_a_console_and_an_unusual_one_does(colour, monkeypatch):
    asked = []
    print_ = Console.print
    monkeypatch.setattr(
        Console, "print", lambda self, *texts, **more: asked.append(1) or print_(self, *texts)
    )
    usual = [Text.assemble("~ ", ("a case", "bold"), ("  title", "dim")), Text("x", "red"), Text()]
    rendered(usual * 50, colour=colour)
    assert not asked
    rendered([Text("a\tb")], colour=colour)
    assert asked == [1]
