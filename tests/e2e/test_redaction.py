"""Values of sensitive fields are planted everywhere, and looked for in everything produced."""

import json

import pytest

from reconciler.report.formats import FORMATS

# Each is unlike every other text, so that finding one anywhere is a leak.
CANARY = "canary-{}-7f3c9e51"
LIVE, WANTED, EDITED, ELSEWHERE, SOUGHT = (
    CANARY.format(one) for one in ("live", "wanted", "edited", "elsewhere", "sought")
)
LONG = " ".join(["the customer said"] * 12 + [CANARY.format("long")] + ["and hung up"] * 12)
CANARIES = (LIVE, WANTED, EDITED, ELSEWHERE, SOUGHT, CANARY.format("long"), "7f3c9e51")


@pytest.fixture
def secret(world):
    """Five cases whose notes and summaries are sensitive, and a spec that changes them."""
    world.configure(extra="    sensitive: [note, Summary]\n")
    cases = sorted(world.everything())[:5]
    for case in cases:
        world.edit(case, Note=LIVE, Summary=LONG, Country="Nowhere")
    lines = "".join(
        f"  - id: {case}\n    fields:\n      note: {WANTED}\n      Summary: {LONG} {WANTED}\n"
        "      country: Norway\n"
        for case in cases[:3]
    )
    world.spec(f"cases:\n{lines}")
    world.spec(
        "apiVersion: reconcile/v1\nkind: Policy\nmetadata: {name: by-note}\n"
        f"select: {{where: {{all: [{{field: note, equals: {LIVE}}}, "
        f"{{field: note, not_equals: {SOUGHT}}}]}}}}\nfields: {{country: Norway}}\n",
        "policy.yaml",
    )
    world.cases = cases
    return world


class Watched:
    """Runs the program and keeps everything it says."""

    def __init__(self, world):
        self.world = world
        self.said = []

    def run(self, *arguments):
        ran = self.world.run(*arguments)
        self.said.append(("reconcile " + " ".join(map(str, arguments)), ran.text))
        return ran

    def leaks(self):
        """Where a canary is found: in what was said, and in every file but specs and service."""
        found = [name for name, text in self.said for one in CANARIES if one in text]
        for path in sorted(self.world.folder.rglob("*")):
            name = path.relative_to(self.world.folder).as_posix()
            own = name.startswith(("specs/", "cases.db", ".git/"))
            if path.is_file() and not own:
                text = path.read_bytes().decode("utf-8", "replace")
                found += [name for one in CANARIES if one in text]
        return sorted(set(found))


@pytest.fixture
def watched(secret):
    return Watched(secret)


def reports(name):
    return [word for one in FORMATS for word in ("--report", f"{one}={name}.{one}")]


def test_planning_shows_no_sensitive_value_in_any_format(watched):
    assert watched.run("validate", *reports("validate")).status == 0
    ran = watched.run("plan", "-o", "plan.json", "--verbose", "--full", *reports("plan"))
    assert ran.status == 0 and "(sensitive #" in ran.out
    for name in ("text", "json", "markdown", "html"):
        for command in (["plan"], ["drift"], ["show", "plan.json"]):
            watched.run(*command, "--format", name)
    watched.run("drift", "--log-format", "json", *reports("drift"))
    watched.world.edit(watched.world.cases[0], Note=EDITED)
    watched.run("plan", "-o", "other.json")
    watched.run("show", "plan.json", "--against", "other.json")
    assert json.loads((watched.world.folder / "plan.json").read_text())["summary"]
    assert watched.leaks() == []


def test_applying_shows_none_either_whatever_happens(watched):
    world = watched.world
    watched.run("plan", "-o", "plan.json")
    world.edit(world.cases[0], Note=ELSEWHERE)
    world.service.faults.set(
        [{"operation": "UpdateCase", "kind": "invalid", "times": 1, "message": f"not {WANTED}"}]
    )
    ran = watched.run("apply", "plan.json", "--verbose", *reports("apply"))
    assert ran.status == 4, ran.text
    world.service.faults.clear()
    assert watched.run("apply", "--yes", "--verbose").status in (0, 4)
    held = world.held(world.cases[1], "Note")
    assert held == [WANTED]
    assert watched.leaks() == []


def test_nor_do_history_rollback_export_and_accept(watched):
    world = watched.world
    assert watched.run("apply", "--yes", "--verbose").status == 0
    world.edit(world.cases[1], Note=EDITED)
    for case in world.cases[:2]:
        assert watched.run("history", case).status == 0
        watched.run("history", case, "--format", "json")
    watched.run("drift", *reports("drift"))
    [receipt] = (world.folder / ".reconcile" / "runs").glob("*.receipt.json")
    watched.run("rollback", receipt, "-o", "back.json")
    watched.run("rollback", receipt, "--yes")
    watched.run("export", "--case", world.cases[0], "-o", "exported.yaml")
    watched.run("export", "--case", world.cases[0], "--format", "csv", "-o", "exported.csv")
    watched.run("accept", "--case", world.cases[1], "--field", "note")
    watched.run(
        "ignore", "--from-plan", "back.json", "--all", "--reason", "r", "--until", "2099-01-01"
    )
    assert watched.leaks() == []


def test_mistakes_about_a_sensitive_field_do_not_quote_its_value(watched):
    world = watched.world
    world.run("catalog", "--out", "catalog.json")
    world.configure(extra="    sensitive: [note, Score, Severity]\n")
    world.spec(
        f"cases:\n  - id: a\n    fields:\n      note: {WANTED}{'x' * 600}\n      score: {LIVE}\n"
        f"      severity: {EDITED}\n",
        "wrong.yaml",
    )
    for command in ("validate", "plan"):
        ran = watched.run(command, "--catalog", "catalog.json", *reports(command))
        assert ran.status == 1
    assert watched.run("plan").status == 1
    assert watched.leaks() == []


def test_the_services_own_words_about_a_search_do_not_leak_what_was_sought(watched):
    world = watched.world
    world.service.faults.set(
        [{"operation": "SearchCases", "kind": "invalid", "message": f"bad operand {LIVE}"}]
    )
    ran = watched.run("plan", "--verbose")
    assert ran.status in (1, 4) or "UpdateCase" not in world.calls()
    assert watched.leaks() == []


@pytest.fixture
def github(watched, monkeypatch):
    """As in a step of GitHub Actions, whose files are looked through as every other."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for name in ("OUTPUT", "STEP_SUMMARY"):
        monkeypatch.setenv(f"GITHUB_{name}", str(watched.world.folder / name.lower()))
    return watched


def test_nor_do_the_files_of_a_ci_step(github):
    assert github.run("plan").status == 0
    assert github.run("apply", "--yes", "--limit", "1").status == 4
    [receipt] = (github.world.folder / ".reconcile" / "runs").glob("*.receipt.json")
    assert github.run("apply", "--retry", receipt, "--yes", "--stages", "1,100%").status == 0
    github.world.edit(github.world.cases[0], Note=EDITED)
    assert github.run("drift").status == 2
    assert "(sensitive #" in (github.world.folder / "step_summary").read_text()
    assert github.leaks() == []


def test_nor_do_conflicts_between_specs_and_what_stands_in_conditions(github):
    world = github.world
    world.spec(
        f"cases:\n  - {{id: {world.cases[0]}, fields: {{note: {EDITED}}}}}\n"
        f"  - {{id: {world.cases[1]}, fields: {{note: [{EDITED}], "
        f"Summary: {{valu: {WANTED}}}}}}}\n",
        "again.yaml",
    )
    world.spec(
        "apiVersion: reconcile/v1\nkind: Policy\nmetadata: {name: wrong}\n"
        f"select: {{where: {{all: [{{field: note, greater_than: {LIVE}}}, "
        f"{{field: note, equals: [{SOUGHT}]}}, {{field: note, in: {SOUGHT}}}]}}}}\n"
        f"fields: {{note: {ELSEWHERE}, Summary: {{value: a, only_if: {WANTED}}}}}\n",
        "policy.yaml",
    )
    world.spec(
        "apiVersion: reconcile/v1\nkind: Ignore\nmetadata: {name: left}\nignore:\n"
        f"  - {{field: country, when: {{field: note, equals: {LIVE}}}, reason: r, "
        "until: 2099-01-01}\n",
        "ignore.yaml",
    )
    world.run("catalog", "--out", "catalog.json")
    for words in (["validate"], ["validate", "--catalog", "catalog.json"], ["plan"], ["drift"]):
        assert github.run(*words).status == 1
    assert github.leaks() == []


def test_nor_does_a_rule_that_asks_for_a_sensitive_value(github):
    world = github.world
    world.spec(
        "apiVersion: reconcile/v1\nkind: Ignore\nmetadata: {name: left}\nignore:\n"
        f"  - {{field: country, when: {{field: note, equals: {LIVE}}}, reason: r, "
        f"until: 2099-01-01}}\n  - {{field: note, when: {{field: Summary, contains: "
        f"{CANARY.format('long')}}}, case: {world.cases[0]}, reason: r, until: 2099-01-01}}\n",
        "ignore.yaml",
    )
    ran = github.run("plan", "-o", "plan.json", "--full", *reports("plan"))
    assert ran.status == 0 and "gnored" in ran.out
    github.run("drift", *reports("drift"))
    assert github.leaks() == []


def test_nor_do_tables_and_what_was_asked_of_an_export(watched):
    world = watched.world
    where = f"note = {LIVE}"
    for words in (["-o", "a.yaml"], ["--format", "csv", "-o", "a.csv"], ["--out-dir", "parts"]):
        assert watched.run("export", "--where", where, *words).status == 0
    deeper = f"{{any: [{{field: note, equals: {LIVE}}}, {{field: Summary, empty: true}}]}}"
    assert watched.run("export", "--where", deeper, "-o", "b.yaml").status == 0
    world.configure(extra="    sensitive: [note, Score, Severity, Follow up on]\n")
    table = world.folder / "specs" / "table.csv"  # the author's own file, as specs are
    table.write_text(
        f"case_id,score,severity,Follow up on\n{world.cases[0]},{WANTED},{EDITED},{LIVE}\n"
    )
    assert watched.run("import", table, "-t", "demo").status == 1
    assert watched.leaks() == []


def test_nor_do_repeated_calls(watched):
    watched.world.service.faults.set(
        [
            {"operation": one, "kind": kind, "times": 1, "message": f"not now, {LIVE} {WANTED}"}
            for one in ("GetCase", "SearchCases", "UpdateCase", "GetCaseAuditEvents")
            for kind in ("throttle", "error")
        ]
    )
    watched.run("plan", "--verbose", "--mode", "strict")
    watched.run("apply", "--yes", "--verbose", "--log-format", "json")
    watched.run("history", watched.world.cases[0], "--verbose")
    assert watched.leaks() == []
