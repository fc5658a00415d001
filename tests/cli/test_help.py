"""Help reads well in a terminal of 80 columns: nothing is cut, and every command has examples."""

import click
import pytest

from reconciler.cli.main import COMMANDS, cli, run

WIDTH = 80


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
