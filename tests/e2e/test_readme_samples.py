"""What the README shows besides its story: samples, options and names, held against the program."""

import json
import re
from pathlib import Path

import click
import pytest
import yaml

from reconciler.cli.main import COMMANDS, cli

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_SAMPLE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# Options in the README that are other programs': git, conftest, the AWS CLI.
FOREIGN = {"--no-edit", "--policy", "--endpoint-url", "--region", "--help"}


def samples(language, word=""):
    return [text for name, text in _SAMPLE.findall(README) if name == language and word in text]


def commands(command=cli, name=""):
    """Every command and what it takes, subcommands too."""
    found = {}
    ctx = click.Context(command)
    if isinstance(command, click.Group):
        for word in command.list_commands(ctx):
            found |= commands(command.get_command(ctx, word), f"{name} {word}".strip())
        return found
    return {name: {one for option in command.params for one in option.opts}}


def test_the_config_the_specs_and_the_rules_shown_pass_validate(world):
    assert world.run("catalog", "--out", "catalog.json").status == 0
    [config] = samples("yaml", "kind: Config")
    (world.folder / "reconcile.yaml").write_text(config)
    # The sample's date passes one day, and a rule that ended long ago is a problem.
    [rules] = samples("yaml", "kind: Ignore")
    world.spec(re.sub(r"until: \d{4}", "until: 2099", rules), "care/ignore.yaml")
    [specs] = samples("yaml", "kind: Cases")
    world.spec(specs, "care/vip.yaml")
    ran = world.run("validate", "--catalog", "catalog.json")
    assert ran.status == 0, ran.text
    assert "warning" not in ran.text


def test_every_json_and_yaml_sample_is_whole():
    for text in samples("json"):
        json.loads(text)
    for text in samples("yaml"):
        assert list(yaml.compose_all(text))


def test_the_step_shown_gives_the_action_what_it_takes_and_lists_what_it_gives():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    [text] = samples("yaml", "uses:")
    step = yaml.safe_load(text)[0]
    assert step["with"].keys() <= action["inputs"].keys()
    inputs = re.search(r"inputs: (.*)", text)[1].split(", ")
    assert set(inputs) <= action["inputs"].keys()
    [outputs] = re.findall(r"^Its outputs: (.*?)\n\n", README, re.DOTALL | re.MULTILINE)
    named = set(re.findall(r"`([a-z-]+)`", outputs))
    assert action["outputs"].keys() <= named


def test_every_option_the_readme_names_is_one():
    known = {one for taken in commands().values() for one in taken}
    known |= {one for option in cli.params for one in option.opts}
    named = {one.rstrip("-") for one in re.findall(r"(?<![\w-])--[a-z][a-z-]*", README)}
    assert named - known - FOREIGN - {"--allow"} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name):
    assert f"`reconcile {name}" in README


def test_every_schema_the_readme_names_is_there():
    for name in set(re.findall(r"`(schemas/[\w.]+)`", README)):
        assert (ROOT / name).is_file()
