"""Each guard and limit is decided in one record, and whoever has to do with them reads it there."""

import dataclasses
import inspect
import json
import re
import shlex

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import reconciler
from reconciler.cli.uses import USES
from reconciler.config.model import Limits
from reconciler.model.guards import IN_CONFIG, LIFTED, METAVARS, ROLLED_BACK, Guard, Limit, Takes
from reconciler.plan.guard import Allowances
from tests.grown import ROOT, a_copy

README = (ROOT / "README.md").read_text()
TABLE = "reconciler/model/guards.py"
LIMIT = """\
    OWNERS = (
        "owners","""
A_LIMIT = """\
    TITLES = (
        "titles",
        LimitFacts(
            takes=Takes.COUNT,
            key="long_titles",
            says="How many cases with long titles one plan may change.",
            flag="--allow-title",
            help="Let N cases with long titles change.",
            of_rollbacks=True,
        ),
    )
"""
GUARD = '    NO_SPECS = "no-specs"'
A_GUARD = '    TITLES = "titles", GuardFacts(counts="cases with long titles", lift=Limit.TITLES)\n'
A_CHECK = '''


def _titles(asked: Asked) -> Iterator[Count]:
    """Made up."""
    limit = _most(asked.limits.long_titles, asked.allowed.titles)
    count = sum(len(change.title) > 3 for change in asked.target.changes)
    if limit is not None:
        yield asked.count(Guard.TITLES, count, limit, f"{count:,} long titles")
'''
SPEC = """\
apiVersion: reconcile/v1
kind: Policy
metadata: {name: made-up}
select:
  where:
    all:
      - {field: title, contains: Locked}
      - {field: status, in: [open, Closed]}
      - {field: country, empty: false}
fields: {country: made up}
"""
FORMATS = ("json", "markdown", "html", "junit", "sarif", "codequality", "annotations")


# What a limit has besides its record: where the types of its number stand.
TYPED = {
    "reconciler/config/model.py": [
        ("    unclassified: int | None = None\n", "    long_titles: int | None = None\n"),
    ],
    "reconciler/plan/guard.py": [
        ("    unclassified: int | None = None\n", "    titles: int | None = None\n"),
        ("    Guard.OWNER: _owners,\n", "    Guard.TITLES: _titles,\n"),
        ("\n\nCHECKS: Mapping", A_CHECK),
    ],
    "reconciler/project/limits.py": [
        ('        "unclassified",\n', '        "titles",\n'),
        ("        unclassified: int | None = None,\n", "        titles: int | None = None,\n"),
        ('            "unclassified": unclassified,\n', '            "titles": titles,\n'),
    ],
}


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A program with a limit and a guard more, and specs that the guard refuses."""
    program = a_copy(tmp_path_factory.mktemp("grown"))
    program.change(TABLE, LIMIT, A_LIMIT + LIMIT)
    program.change(TABLE, GUARD, A_GUARD + GUARD)
    program.run("sandbox", "seed", "--db", "demo.db")
    program.write("specs/a.yaml", SPEC)
    said = program.python("-c", "import reconciler.plan.guard", status=1)
    assert "nothing checks the guard titles" in said
    for module, additions in TYPED.items():
        for beside, added in additions:
            program.change(module, beside, added + beside)
    program.python("-m", "tests.schemas")
    program.python("-m", "reconciler.state.schemas", "schemas")
    program.change("reconcile.yaml", "support}", "support, limits: {long_titles: 2}}")
    return program


@pytest.fixture(scope="module")
def blocked(grown):
    """What its plan says, on the streams and in each report."""
    reports = (word for name in FORMATS for word in ("--report", f"{name}=out/{name}"))
    (grown.folder / "out").mkdir()
    said = grown.run("plan", "--out", "plan.json", "--no-attribution", *reports, status=3)
    files = {path.name: path.read_text() for path in (grown.folder / "out").iterdir()}
    return {"text": said, **files}


def test_a_new_guard_counts_and_blocks_by_the_number_of_the_config(blocked):
    assert "titles 5 of 2" in blocked["text"]
    assert "BLOCKED 5 long titles; to allow it: --allow-title 5" in blocked["text"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_report_says_which_guard_blocks_and_what_lifts_it(blocked, name):
    assert "5 long titles" in blocked[name]
    assert "--allow-title 5" in blocked[name]


def test_a_plan_file_and_its_schema_know_it(grown, blocked):
    saved = json.loads((grown.folder / "plan.json").read_text())
    assert saved["targets"][0]["blocked_by"] == [
        {
            "guard": "titles",
            "scope": "demo",
            "found": 5,
            "limit": 2,
            "override": "--allow-title 5",
            "message": "5 long titles",
        }
    ]
    assert "5 long titles" in grown.run("show", "plan.json")
    for name in ("plan", "receipt"):
        schema = json.loads((grown.folder / f"schemas/{name}.schema.json").read_text())
        assert "titles" in schema["$defs"]["Blocker"]["properties"]["guard"]["enum"]


def test_its_flag_lifts_it_and_no_smaller_number_does(grown, blocked):
    grown.run("plan", "--no-attribution", "--allow-title", "5")
    grown.run("plan", "--no-attribution", "--allow-title", "4", status=3)
    assert "--allow-title 5" in grown.run("apply", "plan.json", "--yes", status=3)
    grown.run("apply", "plan.json", "--allow-title", "5", "--limit", "1", "--yes", status=4)


def test_commands_offer_its_flag_where_they_are_held_to_it(grown):
    for command in ("plan", "apply", "rollback"):
        assert "--allow-title N" in " ".join(grown.run(command, "--help").split())
    assert "--allow-title" not in grown.run("drift", "--help")


def test_the_library_lifts_it_by_its_name(grown):
    script = """
import reconciler
with reconciler.Project.load("reconcile.yaml") as project:
    lifted = reconciler.Limits(titles=5)
    for limits in (None, lifted):
        print([one.guard for one in project.plan(histories=0, limits=limits).targets[0].refusals])
"""
    assert "['titles']\n[]\n" in grown.python("-c", script)


def test_the_config_and_its_schema_have_its_number(grown):
    schema = json.loads((grown.folder / "schemas/config.schema.json").read_text())
    known = schema["$defs"]["target"]["properties"]["limits"]["properties"]["long_titles"]
    assert known == {
        "title": "Long titles",
        "description": "How many cases with long titles one plan may change.",
        "type": "integer",
        "minimum": 0,
        "maximum": 999_999_999,
    }
    good = (grown.folder / "reconcile.yaml").read_text()
    grown.write("wrong.yaml", good.replace("long_titles: 2", "long_titles: many"))
    assert "expected a whole number from 0" in grown.run("plan", "--config", "wrong.yaml", status=1)


def test_every_number_of_the_config_has_its_type_and_no_other_has():
    assert {one.name for one in dataclasses.fields(Limits)} == {one.facts.key for one in IN_CONFIG}


@pytest.mark.parametrize("where", [reconciler.Limits, Allowances])
def test_every_call_may_lift_exactly_the_limits_of_the_table(where):
    assert set(inspect.signature(where).parameters) == {str(one) for one in LIFTED}


def test_the_table_of_uses_has_every_flag():
    every = {one.facts.flag for one in LIFTED}
    assert every <= USES["plan"].keys() & USES["apply"].keys()
    assert {one.facts.flag for one in ROLLED_BACK} == every & USES["rollback"].keys()


@pytest.mark.parametrize("limit", Limit)
def test_every_limit_says_what_belongs_to_it(limit):
    facts = limit.facts
    assert facts.key or facts.flag
    assert bool(facts.key) == bool(facts.says)
    assert bool(facts.flag) == bool(facts.help)
    assert not facts.flag or re.fullmatch("--allow-[a-z]+", facts.flag)


@pytest.mark.parametrize("guard", Guard)
def test_the_readme_lists_every_guard_with_what_lifts_it(guard):
    facts = guard.facts.lift.facts
    assert listed()[guard.facts.counts] == f"{facts.flag} {METAVARS[facts.takes]}".strip()


def test_the_readme_lists_no_guard_that_there_is_not():
    lifted = {counts for counts, flag in listed().items() if flag.startswith("--allow-")}
    assert lifted - {one.facts.counts for one in Guard} == {
        "changed cases of all such policies of a target"  # of the guard about policies too
    }


def listed():
    """What README's list counts, and the flag behind it."""
    rows = re.findall(r"^\| (.+?) \| .+? \| `(--.+?)` \|$", README, re.MULTILINE)
    return {counts.partition(",")[0]: flag for counts, flag in rows}


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\0"), min_size=1), st.integers(0, 99))
@example("$(id)", 1)
@example("a b'$c\"", 1)
@example("!x y", 1)
def test_a_flag_is_two_words_of_a_shell_whatever_it_names(name, number):
    flag = Limit.FIELDS.facts.lifted(number, name)
    assert shlex.split(flag) == ["--allow-field", f"{name}={number}"]
    open_to_a_shell = re.sub(r"'[^']*'|\\.", "", flag.replace("'\"'\"'", ""))
    assert not re.search(r"[$`!]", open_to_a_shell)


@pytest.mark.parametrize("takes", Takes)
def test_a_flag_says_the_next_whole_number(takes):
    limit = next(one for one in LIFTED if one.facts.takes is takes)
    said = limit.facts.lifted(30.01, "a").removeprefix(limit.facts.flag).strip()
    assert said == {
        Takes.COUNT_OF_FIELD: "a=31",
        Takes.NAME: "a",
        Takes.NOTHING: "",
    }.get(takes, "31")
