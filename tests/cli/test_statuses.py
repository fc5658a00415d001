"""Each exit status is decided in one table, and help, README and the program agree with it."""

import re

import click
import pytest

from reconciler.cli.main import COMMANDS, cli, run
from reconciler.cli.statuses import ENDINGS, MEANINGS, readme_rows
from reconciler.errors import Exit
from tests.grown import ROOT, a_copy

README = (ROOT / "README.md").read_text()
TABLE = "reconciler/cli/statuses.py"
PLAN = '    "plan": {\n'


def commands():
    """Every command as it is typed, and those of groups."""
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        inner = command.commands if isinstance(command, click.Group) else ()
        yield from (f"{name} {each}" for each in inner) if inner else (name,)


def test_the_table_of_the_readme_is_that_of_the_program():
    rows = re.findall(r"^\| [\d, ]+ \| \D.*\|$", README.partition("| status |")[2], re.MULTILINE)
    assert tuple(rows[: len(readme_rows())]) == readme_rows()


def test_every_status_has_a_meaning_and_every_command_its_statuses():
    assert list(MEANINGS) == list(Exit)
    assert list(ENDINGS) == list(commands())


@pytest.mark.parametrize("command", ENDINGS)
def test_help_says_each_status_that_a_command_can_end_with(command, capsys):
    assert run([*command.split(), "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    [sentence] = re.findall(r"Exit status: (.*?)\. ", said)
    found = {int(one) for part in sentence.split("; ") for one in re.findall(r"\b\d+", part)}
    assert found == set(map(int, ENDINGS[command]))
    for words in ENDINGS[command].values():
        assert words in sentence


def test_a_new_status_is_refused_until_it_has_a_meaning_and_then_is_served(tmp_path):
    program = a_copy(tmp_path)
    program.change(
        "reconciler/errors.py", "    SIGINT = 130\n", "    PAUSED = 7\n    SIGINT = 130\n"
    )
    said = program.python("-c", "import reconciler.cli.statuses", status=1)
    assert "nothing says what the status PAUSED means" in said
    meaning = '    Exit.PAUSED: Meaning("it waits", "it waits for somebody"),\n'
    program.change(TABLE, "    Exit.SIGINT: _INT", f"{meaning}    Exit.SIGINT: _INT")
    program.change(TABLE, PLAN, f'{PLAN}        Exit.PAUSED: "made up",\n')
    program.change("reconciler/errors.py", "status = Exit.MISFIT", "status = Exit.PAUSED")
    assert "7 made up" in program.run("plan", "--help")
    rows = program.python("-c", "from reconciler.cli.statuses import readme_rows as r; print(*r())")
    assert "| 7 | it waits | it waits for somebody |" in rows
    program.write("plan.json", '{"format_version": "2.0", "digest": ""}')
    program.run("show", "plan.json", status=7)
