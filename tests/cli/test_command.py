"""What was typed is never ignored: twice, empty, without effect, a dash, a number that is none."""

import pytest

from reconciler.cli import uses
from reconciler.cli.groups import WHAT
from reconciler.cli.typed import Options, argument, option, subcommand


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("plan --mode strict --mode bulk", "--mode: given 2 times"),
        ("plan --mode strict --mode strict", "--mode: given 2 times"),
        ("plan --attribution 3 --no-attribution", "--attribution and --no-attribution: given toge"),
        ("plan --quiet --verbose", "--quiet and --verbose: only one can hold"),
        ("plan --allow-field a=1 --allow-field a=2", "a is given two numbers, 1 and 2"),
        ("plan -t ''", "--target: found nothing but an empty word; is a variable not set?"),
        ("apply --yes --expect ''", "--expect: found nothing but an empty word"),
        ("apply --yes --expect=", "--expect: found nothing but an empty word"),
        ("history ''", "CASE: found nothing but an empty word"),
        ("apply --expect nothing-such --yes", "is neither a plan file nor a changes_digest"),
        ("plan --ttl nan --out x.json", "is no number that can be counted to"),
        ("plan --ttl inf --out x.json", "inf is not in the range"),
        ("plan --ttl 1e300 --out x.json", "is not in the range"),
        ("plan --allow-percent nan", "is no number that can be counted to"),
        ("plan --out -", "- stands for no stream here; name a file"),
        ("plan --report json=-", "for this format there: --format json"),
        ("plan --report junit=-", "stdout is for the result of the command; name a file"),
        ("apply --yes --report json=-", "stdout is for the result of the command; name a file"),
        ("fmt - specs", "- is the text on stdin; it stands alone"),
        ("catalog --json --schema -", "stdout takes one of --json, --out - and --schema -"),
        ("validate --allow-owner nobody", 'reconcile.yaml has no owner "nobody"; it has: none'),
        ("validate -t nope", 'reconcile.yaml has no target "nope"; it has: prod'),
        ("sandbox edit --db x.db --case c a=1 a=2", "a is given twice, and only one value"),
    ],
)
def test_what_could_not_hold_is_refused_and_nothing_is_written(folder, line, said):
    words = [word.replace("''", "") for word in line.split()]
    before = sorted(folder.path.rglob("*"))
    status, out, err = folder.run(*words)
    assert (status, out) == (1, "")
    assert said in err
    assert sorted(folder.path.rglob("*")) == before


def test_a_flag_may_be_typed_twice_and_a_repeatable_option_often(folder):
    assert folder.run("validate", "-v", "-v", "-t", "prod", "-t", "prod")[0] == 0


def test_the_environment_is_not_typed(folder, monkeypatch):
    folder.write("messy.yaml", "a: 1\n")
    monkeypatch.setenv("RECONCILE_CONFIG", "reconcile.yaml")
    assert folder.run("fmt", "messy.yaml")[0] == 0
    status, _, err = folder.run("fmt", "messy.yaml", "--config", "reconcile.yaml")
    assert status == 1
    assert "--config has no effect here: PATHS say what is laid out" in err


def test_an_option_that_the_table_forgot_cannot_be_called():
    class WithNew(Options):
        new: str = option("--new", group=WHAT, help="Nobody thought about it.")

    @subcommand("fmt", WithNew)
    def command(console, given):
        """A command with an option that nobody thought about."""

    with pytest.raises(KeyError, match="--new"):
        command.main(["--new", "x"], prog_name="reconcile fmt", standalone_mode=False)
    assert "--new" not in uses.USES["fmt"]


def test_options_are_what_was_typed_and_do_not_change():
    class Typed(Options):
        word: str = option("--word", group=WHAT, default="none", help="A word.")
        path: tuple[str, ...] = argument(nargs=-1)

    seen = []

    @subcommand("x", Typed)
    def command(console, given):
        """See what is typed."""
        seen.append(given)
        return 0

    command.main(["--word", "yes", "a", "b"], standalone_mode=False)
    [given] = seen
    assert (given.word, given.path) == ("yes", ("a", "b"))
    assert given.but(word="no").word == "no"
    with pytest.raises(AttributeError, match="options do not change"):
        given.word = "no"
    with pytest.raises(AttributeError):
        assert given.wrod
