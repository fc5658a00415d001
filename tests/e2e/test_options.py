"""Nothing that a user types is ignored: each option does something in each use, or is refused.

All commands, all their options and all ways of calling them are walked, from click's own objects:
an option without an entry in the table of uses, or without a sample here, fails.
"""

import shutil
from itertools import count

import click
import pytest

from reconciler.cli import uses
from reconciler.cli.command import TALK
from reconciler.cli.main import COMMANDS, cli
from reconciler.errors import Refused
from reconciler.service.aws.cases import AwsCaseWriter
from tests.e2e.option_ways import ASSURANCES, SAMPLES, WAYS, way
from tests.e2e.option_world import called, write_templates


def _commands():
    """Every command by its name, those of `sandbox` too."""
    for name in COMMANDS:
        found = cli.get_command(click.Context(cli), name)
        if isinstance(found, click.Group):
            yield from ((f"{name} {each}", one) for each, one in found.commands.items())
        else:
            yield name, found


def options(command):
    """The long names of a command's own options."""
    every = [max(one.opts, key=len) for one in command.params if isinstance(one, click.Option)]
    return [one for one in every if one not in TALK]


def refused(*_):
    """What a service says that takes no write."""
    raise Refused("UpdateCase: no", code="AccessDeniedException")


COMMANDS_BY_NAME = list(_commands())
TRIED = [
    pytest.param(name, way, option, id=f"{name}-{way}{option}")
    for name, command in COMMANDS_BY_NAME
    for way in WAYS.get(name, {})
    for option in options(command)
]


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    root = tmp_path_factory.mktemp("worlds")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_COLOR", "1")

        def call(folder, *arguments):
            patch.chdir(folder)
            cli.main(list(arguments), prog_name="reconcile", standalone_mode=False)

        write_templates(root, call)
        yield root


@pytest.fixture(scope="module")
def seen_before():
    """What calls without the option in question let be seen; many options share one."""
    return {}


@pytest.fixture
def call(templates, tmp_path, monkeypatch, capsys):
    """Calls the program in a fresh copy of a world, each time in another place."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("RECONCILE_CONFIG", raising=False)

    def told(*given, ready=print, **named):
        ready(f"{given} {named}")

    for name in ("serve", "edit"):  # one does not end, the other is seen by nobody
        monkeypatch.setattr(f"reconciler.sandbox.api.{name}", told)

    places = count()

    def one(name, way, *more, refusing=False):
        folder = tmp_path / f"here{next(places)}"
        shutil.copytree(templates / way.world, folder)
        words = [*name.split(), *more]
        with monkeypatch.context() as patch:
            if refusing:
                patch.setattr(AwsCaseWriter, "update_case", refused)
            return called(folder, capsys, patch, words, typing=way.typing)

    return one


@pytest.mark.parametrize(("name", "command"), COMMANDS_BY_NAME)
def test_the_table_of_uses_has_exactly_the_options_of_each_command(name, command):
    assert sorted(uses.USES[name]) == sorted(options(command))
    assert name in WAYS


@pytest.mark.parametrize(("name", "way", "option"), TRIED)
def test_an_option_changes_what_is_seen_or_is_refused(call, seen_before, name, way, option):
    how = WAYS[name][way]
    sample = SAMPLES.get((name, way, option)) or SAMPLES.get((name, option)) or SAMPLES[option]
    given = call(name, how, *how.with_(option, sample), refusing=sample.refusing)
    assert given.understood, given.err
    if given.refused or (name, way, option) in ASSURANCES:
        return
    without = (name, way, how.without(option, sample), sample.refusing)
    if without not in seen_before:
        seen_before[without] = call(name, how, *without[2], refusing=sample.refusing)
    assert given != seen_before[without], given


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("plan", "--allow-conflicts 5"),
        ("plan --format json", "--allow-conflicts 5"),
        ("apply --yes", "--allow-conflicts 5"),
        ("apply plan.json", "--allow-conflicts 5"),
        ("plan --no-attribution", "--allow-unclassified 0"),
        ("plan --no-attribution --format json", "--allow-unclassified 0"),
        ("apply unread.json", "--allow-unclassified 0"),
    ],
)
def test_what_allows_a_class_changes_what_is_seen_where_there_is_one(call, words, option):
    name, *more = words.split()
    how = way("", world="conflicted")
    assert call(name, how, *more, *option.split()) != call(name, how, *more)


@pytest.mark.parametrize(("name", "way"), [(name, way) for name in WAYS for way in WAYS[name]])
def test_the_same_call_is_seen_alike_twice(call, name, way):
    """Else a difference would prove nothing."""
    how = WAYS[name][way]
    assert call(name, how, *how.words) == call(name, how, *how.words)
