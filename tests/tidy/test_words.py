"""One concept, one word: those that were given up come back nowhere."""

import click
import pytest

from reconciler.cli.main import cli
from tests.tidy.checker import modules
from tests.tidy.test_width import DOCUMENTS, ROOT
from tests.tidy.words import ALLOWED_NAMES, RETIRED, names, said, texts

MODULES = {name: text for name, text in modules(ROOT) if not name.startswith("sandbox")}
# CHANGELOG tells what words were called before.
SAYING = [path for path in DOCUMENTS if path.name != "CHANGELOG.md"]
WRITTEN = [
    *SAYING,
    *sorted((ROOT / "schemas").glob("*.json")),
    *sorted((ROOT / "reconciler" / "report" / "html" / "templates").iterdir()),
    *(one for one in sorted((ROOT / "reconciler" / "cli" / "starter").rglob("*")) if one.is_file()),
]


def helps(command=cli, name="reconcile"):
    """The help of every command, by its name."""
    # With its settings, since click keeps what it once made of them.
    with click.Context(command, info_name=name, **command.context_settings) as ctx:
        found = {name: command.get_help(ctx)}
        if isinstance(command, click.Group):
            for word in command.list_commands(ctx):
                found |= helps(command.get_command(ctx, word), f"{name} {word}")
    return found


HELPS = helps()


@pytest.mark.parametrize("name", MODULES)
def test_no_name_has_a_retired_word(name):
    assert list(names(name, MODULES[name])) == []


@pytest.mark.parametrize("name", MODULES)
def test_no_message_comment_or_docstring_says_a_retired_word(name):
    assert list(said(texts(MODULES[name]))) == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_document_schema_or_template_says_a_retired_word(path):
    assert list(said(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("name", HELPS)
def test_no_help_says_a_retired_word(name):
    assert list(said(HELPS[name])) == []


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_is_found_in_every_kind_of_name(word):
    kinds = (word, f"_{word}", f"{word}_of", f"Named{word.title()}", word.upper())
    for name in kinds:
        assert list(names("plan.x", f"{name} = 1\n")), name


@pytest.mark.parametrize(
    "text",
    ["Two wishes.", "no\nTROUBLE at all", "it is put back", "puts these values back", "taken back"],
)
def test_a_retired_word_is_found_in_a_text(text):
    assert list(said(text))


@pytest.mark.parametrize(
    "text", ["troublesome", "handset", "unreadable", "a refusal", "input back"]
)
def test_other_words_are_not_found(text):
    assert list(said(text)) == []


def test_every_name_that_is_allowed_stands_where_it_is_allowed():
    for module, part in ALLOWED_NAMES:
        found = [one for one in names("other", MODULES[module]) if part in one.lower()]
        assert found, f"{module} has no {part} any more: take it off the list"
