"""Help reads well in a terminal of 80 columns: nothing is cut, and every command has examples."""

import click
import pytest

from reconciler.cli.main import COMMANDS, cli, run

WIDTH = 80
MOST_LINES = 45


def commands():
    """Every command, and those of groups, as they are typed."""
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.commands)


TYPED = tuple(commands())


def shown(words, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    assert run([*words, "--help"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("words", [(), *TYPED], ids=" ".join)
def test_help_fits_a_terminal(words, capsys, monkeypatch):
    wide = [line for line in shown(words, capsys, monkeypatch).splitlines() if len(line) > WIDTH]
    assert wide == []


@pytest.mark.parametrize("words", TYPED, ids=" ".join)
def test_every_command_has_examples(words, capsys, monkeypatch):
    assert f"    reconcile {' '.join(words)}" in shown(words, capsys, monkeypatch)


@pytest.mark.parametrize("words", TYPED, ids=" ".join)
def test_every_option_says_what_it_is(words):
    command = cli
    for word in words:
        command = command.get_command(click.Context(command), word)
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, option.name


def test_the_list_of_commands_has_a_line_for_each(capsys, monkeypatch):
    text = shown((), capsys, monkeypatch)
    _, _, listed = text.partition("Commands:\n")
    assert [line.split()[0] for line in listed.splitlines()] == list(COMMANDS)


@pytest.mark.parametrize("words", TYPED, ids=" ".join)
def test_help_is_read_without_scrolling_and_shows_examples_first(words, capsys, monkeypatch):
    lines = shown(words, capsys, monkeypatch).splitlines()
    assert len(lines) <= MOST_LINES
    headings = [line for line in lines if line.strip() in ("Examples", "Example", "Exit status")]
    assert headings[0].strip().startswith("Example")


def test_options_are_grouped_by_what_they_are_about(capsys, monkeypatch):
    text = shown(("plan",), capsys, monkeypatch)
    at = [text.index(f"\n{group}:") for group in ("What", "Where", "How", "Guards", "Output")]
    assert at == sorted(at)
