"""The table of exit statuses in the README: every command in every situation that it names."""

import fcntl

import pytest

from reconciler.cli.statuses import ENDINGS
from reconciler.errors import Exit
from tests.e2e.receipts import cases_of, newest, receipts

GONE = "00000000-0000-4000-8000-000000000000"
EVER = "{from: 2000-01-01T00:00, to: 2999-01-01T00:00}"
RULE = ("--field", "Country", "--reason", "r", "--until", "2099-01-01")


def in_sync(world):
    wanting(world, "here")


def differing(world):
    wanting(world, "there")


def drifted(world):
    wanting(world, "there")
    assert world.run("apply", "--yes").status == 0
    world.edit(world.case, Country="elsewhere")


def blocked(world):
    world.configure(limits="{cases: 0}")
    wanting(world, "there")


def frozen(world):
    world.configure(f"    windows: [{{name: freeze, time_zone: UTC, deny: {EVER}, reason: CHG}}]\n")
    wanting(world, "there")


def gone(world):
    wanting(world, "there", GONE)


def gone_and_blocked(world):
    world.configure(limits="{cases: 0}")
    wanting(world, "there", world.case, GONE)


def wrong(world):
    wanting(world, "{nonsense: 1}")


def untidy(world):
    wanting(world, "   there")
    (world.folder / "table.csv").write_text(f"case_id,Country\n{world.case},there\n")


def without_specs(world):
    (world.folder / "specs").mkdir(exist_ok=True)


def saved(world):
    wanting(world, "there")
    assert world.run("plan", "-o", "plan.json").status == 0


def saved_and_edited(world):
    saved(world)
    path = world.folder / "plan.json"
    path.write_text(path.read_text().replace("there", "where"))


def saved_and_overtaken(world):
    saved(world)
    world.edit(world.case, Country="elsewhere")


def applied(world):
    wanting(world, "there")
    assert world.run("apply", "--yes").status == 0


def applied_and_overtaken(world):
    applied(world)
    world.edit(world.case, Country="elsewhere")


def held(world):
    """Another process applies to the same domain, until the returned function is called."""
    applied(world)
    wanting(world, "elsewhere")
    [path] = (world.folder / ".reconcile").glob("apply-*.lock")
    lock = path.open("r+")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock.close


def receipt_edited(world):
    applied(world)
    path = receipts(world)[-1]
    path.write_text(path.read_text() + " {}")


def wanting(world, value, *cases):
    lines = "".join(
        f"  - id: {one}\n    fields: {{country: {value}}}\n" for one in cases or (world.case,)
    )
    world.spec(f"cases:\n{lines}")


# Situation, and what each command ends with in it, in this order.
TABLE = {
    in_sync: [
        ("validate", 0),
        ("plan", 0),
        ("plan --detailed-exitcode", 0),
        ("drift", 0),
        ("accept --all-drift", 0),
        ("apply --yes", 0),
        ("history CASE", 0),
        ("catalog", 0),
        ("export --case CASE", 0),
        (f"export --case {GONE}", 4),
        ("fmt", 0),
        ("fmt --check", 0),
        ("completion bash", 0),
        ("init --ci none", 0),
    ],
    differing: [
        ("plan", 0),
        ("plan --detailed-exitcode", 2),
        ("drift", 2),
        ("drift --no-attribution", 2),
        ("apply", 1),
        ("apply --yes --expect 000000000000", 5),
        ("apply --yes", 0),
        ("drift", 0),
    ],
    drifted: [
        ("plan", 0),
        ("drift", 2),
        ("accept --case CASE --dry-run", 0),
        ("accept --case CASE", 0),
        ("drift", 0),
    ],
    blocked: [
        ("plan -o plan.json", 3),
        ("plan --detailed-exitcode", 3),
        ("plan --allow-cases 1", 0),
        ("drift", 2),
        ("show plan.json", 0),
        ("apply --yes", 3),
        ("apply plan.json --yes", 3),
        ("apply plan.json --yes --allow-cases 1", 0),
    ],
    frozen: [
        ("plan", 0),
        ("apply --yes", 3),
        ("apply --yes --override-window freeze", 0),
        ("rollback RECEIPT", 0),
        ("rollback RECEIPT --yes", 3),
    ],
    gone: [
        ("plan", 4),
        ("plan --detailed-exitcode", 4),
        ("drift", 4),
        ("accept --all-drift", 4),
        ("apply --yes", 4),
        (f"history {GONE}", 1),
    ],
    gone_and_blocked: [("plan", 3), ("drift", 4), ("apply --yes", 3)],
    wrong: [
        ("validate", 1),
        ("plan", 1),
        ("drift", 1),
        ("apply --yes", 1),
        ("accept --all-drift", 1),
        ("fmt", 0),
    ],
    untidy: [("fmt --check", 1), ("fmt", 0), ("fmt --check", 0), ("import table.csv", 0)],
    without_specs: [("plan", 3), ("plan --allow-empty", 0), ("drift", 3), ("apply --yes", 3)],
    saved: [
        (" ".join(("ignore", "--from-plan", "plan.json", *RULE)), 0),
        ("show plan.json", 0),
        ("show plan.json --against plan.json", 0),
        ("show missing.json", 1),
        ("apply plan.json --yes", 0),
        ("apply plan.json --yes", 0),
    ],
    saved_and_edited: [
        ("show plan.json", 5),
        ("apply plan.json --yes", 5),
        (" ".join(("ignore", "--from-plan", "plan.json", *RULE)), 5),
    ],
    saved_and_overtaken: [("apply plan.json --yes", 4)],
    applied: [
        ("runs list", 0),
        ("runs show last", 0),
        ("targets", 0),
        ("rollback RECEIPT", 0),
        ("rollback last --yes", 0),
    ],
    held: [("plan", 0), ("apply --yes", 6), ("rollback RECEIPT --yes", 6)],
    applied_and_overtaken: [("rollback RECEIPT", 4), ("rollback RECEIPT --yes", 4)],
    receipt_edited: [("rollback RECEIPT", 5), ("apply --retry RECEIPT --yes", 5)],
}

MISUSED = [
    "",
    "destroy",
    "plan --nonsense",
    "apply --limit 0",
    "rollback missing.json",
    "apply --retry missing.json",
    "rollback 20261201T090000.123456Z-c0ffee12-4a2f",
    "runs list --limit 0",
    "runs show nothing",
    "targets --changed-since nowhere",
    "validate missing.yaml",
    "import missing.csv",
    "init one two",
    "completion tcsh",
    "catalog -t nowhere",
    "accept",
    "export",
    "history",
    "ignore",
]


def command_of(line):
    """The command of a line, as the table of endings calls it."""
    words = line.split()
    return " ".join(words[:2] if " ".join(words[:2]) in ENDINGS else words[:1])


@pytest.mark.parametrize("situation", TABLE, ids=lambda one: one.__name__)
def test_every_command_ends_with_the_status_of_the_table(world, situation):
    world.case = cases_of(world, 1)[0]
    world.edit(world.case, Country="here")
    after = situation(world)
    for line, status in TABLE[situation]:
        names = {"CASE": world.case, "RECEIPT": newest(world) if "RECEIPT" in line else ""}
        ran = world.run(*(names.get(word, word) for word in line.split()))
        assert ran.status == status, f"{line}\n{ran.text}"
        assert status in ENDINGS[command_of(line)], line
    if after:
        after()


def test_every_status_that_a_command_documents_is_one_that_it_ends_with_above():
    """Signals are tested where writes are interrupted."""
    seen = {(command_of(line), status) for lines in TABLE.values() for line, status in lines}
    seen |= {(command_of(line), 1) for line in MISUSED if line}
    documented = {
        (command, int(status))
        for command, statuses in ENDINGS.items()
        for status in set(statuses) - {Exit.SIGINT, Exit.SIGTERM}
        if not command.startswith("sandbox")
    }
    assert documented - seen == set()


@pytest.mark.parametrize("line", MISUSED)
def test_wrong_usage_is_an_error_and_nothing_else(world, line):
    assert world.run(*line.split()).status == 1
