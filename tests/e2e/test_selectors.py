"""A selector selects: only that part is planned, written, told, tried again and undone."""

import json
import shutil

import pytest

from tests.e2e.option_world import MORE, ONE, OTHER, TWO, Seen, called, write_templates


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    from reconciler.cli.main import cli

    root = tmp_path_factory.mktemp("worlds")
    with pytest.MonkeyPatch.context() as patch:

        def call(folder, *arguments):
            patch.chdir(folder)
            cli.main(list(arguments), prog_name="reconcile", standalone_mode=False)

        write_templates(root, call)
    return root


@pytest.fixture
def world(templates, tmp_path, monkeypatch, capsys):
    """Runs the program in a copy of a world in which nothing was applied yet."""
    monkeypatch.delenv("RECONCILE_CONFIG", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    folder = tmp_path / "here"
    shutil.copytree(templates / "fresh", folder)

    def run(*arguments) -> Seen:
        return called(folder, capsys, monkeypatch, arguments, typing=False)

    run.folder = folder
    return run


def planned(ran):
    """The (target, case, field name) of every value of a plan that was shown as JSON."""
    return {
        (target["name"], change["case_id"], entry["name"])
        for target in json.loads(ran.out)["targets"]
        for change in target["changes"]
        for entry in change["fields"]
    }


def newest(world):
    return sorted((world.folder / ".reconcile/runs").glob("*.receipt.json"))[-1]


def applied(world):
    """The same of the newest receipt, with each case's outcome."""
    return {
        (target["name"], change["case_id"], entry["name"], change["outcome"]["event"])
        for target in json.loads(newest(world).read_text())["targets"]
        for change in target["changes"]
        for entry in change["fields"]
    }


NAMED = {("zulu", ONE, "Note"), ("zulu", ONE, "Country"), ("zulu", TWO, "Score")}
BOTH_NOTES = {("zulu", ONE, "Note"), ("alpha", OTHER, "Note")}
ALPHA = {("alpha", OTHER, "Note"), ("alpha", OTHER, "Country")}


@pytest.mark.parametrize(
    ("selecting", "wanted"),
    [
        pytest.param("-t alpha", ALPHA, id="target"),
        pytest.param(f"--case {OTHER}", ALPHA, id="case"),
        pytest.param("--spec named", NAMED, id="spec"),
        pytest.param("--field Note", BOTH_NOTES, id="field-of-two-targets"),
        pytest.param("--spec named --field note", {("zulu", ONE, "Note")}, id="spec-and-field"),
        pytest.param(
            f"--policy policy --case {MORE[0]}", {("zulu", MORE[0], "Next step")}, id="policy"
        ),
        pytest.param(
            f"--policy policy --spec second --case {MORE[0]} --case {OTHER}",
            {("zulu", MORE[0], "Next step"), *ALPHA},
            id="policy-or-spec",
        ),
    ],
)
@pytest.mark.parametrize("how", ["specs", "apply specs", "plan file", "rest", "rollback"])
def test_only_what_is_selected_is_planned_and_written(world, how, selecting, wanted):
    words = selecting.split()
    if how == "specs":
        for command in ("plan", "drift"):
            assert planned(world(command, "--format", "json", *words)) == wanted
        return
    if how == "rollback":
        assert world("apply", "plan.json").status == 0
        ran = world("rollback", newest(world), "--format", "json", *words)
        assert planned(ran) == wanted
        return
    if how == "rest":
        # With alpha after zulu, whose first case alone is written:
        held_back = ("--stages", "1", "--config", "lanes.yaml")
        assert world("apply", "plan.json", *held_back).status == 4
        wanted = {one for one in wanted if one[1] != ONE}
    source = {
        "apply specs": ["--yes"],
        "plan file": ["plan.json"],
        "rest": ["--retry", str(newest(world))] if how == "rest" else [],
    }[how]
    ran = world("apply", *source, *words)
    if not wanted:
        assert (ran.status, "leave one out" in ran.err) == (1, True), ran.err
        return
    assert ran.status == 0, ran.err
    assert {one[:3] for one in applied(world)} == wanted
    assert {one[3] for one in applied(world)} <= {"Applied", "AlreadyDone"}
    assert planned(world("plan", "--format", "json", *words)) == set()


def test_a_value_that_a_named_case_overrides_is_the_specs_and_not_the_policys(world):
    spec = world.folder / "specs/named.yaml"
    spec.write_text(spec.read_text().replace("Score: 1.5", "Score: 1.5, Next step: mine"))
    mine = ("zulu", TWO, "Next step")
    assert mine in planned(world("plan", "--format", "json", "--spec", "named"))
    assert mine not in planned(world("plan", "--format", "json", "--policy", "policy"))
    world("plan", "--out", "mine.json")
    assert world("apply", "mine.json", "--policy", "policy").status == 0
    assert all(case != TWO for _, case, *_ in applied(world))


def test_the_journal_of_a_part_keeps_the_plans_digest_and_the_receipt_can_be_undone(world):
    plan = json.loads((world.folder / "plan.json").read_text())
    ran = world("apply", "plan.json", "-t", "alpha")
    assert "a part of the plan is applied: 1 of 31 cases, 2 of 35 values" in ran.err
    receipt = json.loads(newest(world).read_text())
    assert receipt["plan_digest"] == receipt["plan"]["part_of"] == plan["digest"]
    [journal] = (world.folder / ".reconcile/runs").glob("*.jsonl")
    assert json.loads(journal.read_text().splitlines()[0])["plan_digest"] == plan["digest"]
    assert world("rollback", newest(world), "--yes").status == 0
    assert planned(world("plan", "--format", "json", "-t", "alpha")) == ALPHA


def test_guards_count_the_part_and_percentages_keep_the_targets_base(world, monkeypatch):
    monkeypatch.setenv("RECONCILE_SEAL_KEY", "long random text that nobody guesses, for a test")
    config = world.folder / "reconcile.yaml"
    text = config.read_text()
    config.write_text(text.replace("limits: {clears: 100}", "limits: {cases: 2, percent: 10}"))
    world("plan", "--out", "sealed.json")
    assert world("apply", "sealed.json").status == 3
    ran = world("apply", "sealed.json", "--spec", "named")  # 2 of 30: 6.7 %
    assert ran.status == 0, ran.err


def test_targets_come_in_the_configs_order_everywhere(world):
    for words in ([], ["-t", "alpha", "-t", "zulu"]):
        out = world("plan", *words).out
        assert out.index("target zulu") < out.index("target alpha")
        out = world("plan", "--format", "json", *words).out
        assert [one["name"] for one in json.loads(out)["targets"]] == ["zulu", "alpha"]
    world("apply", "plan.json")
    assert journaled(world) == ["zulu", "alpha"]


def test_the_order_is_that_of_the_config_at_apply(world):
    config = world.folder / "reconcile.yaml"
    head, zulu, alpha, rest = config.read_text().partition("  zulu")[0], *_targets(config)
    config.write_text(head + alpha + zulu + rest)
    world("apply", "plan.json")
    assert journaled(world) == ["alpha", "zulu"]


def journaled(world):
    """The targets in the order in which their writes were begun."""
    [path] = (world.folder / ".reconcile/runs").glob("*.jsonl")
    lines = map(json.loads, path.read_text().splitlines())
    return list(dict.fromkeys(one["target"] for one in lines if one["event"] == "Started"))


def _targets(config):
    lines = config.read_text().splitlines(keepends=True)
    zulu = next(one for one in lines if one.startswith("  zulu"))
    alpha = next(one for one in lines if one.startswith("  alpha"))
    return zulu, alpha, "".join(lines[lines.index(alpha) + 1 :])


@pytest.mark.parametrize("way", ["plan", "drift", "apply --yes", "apply plan.json"])
@pytest.mark.parametrize(
    ("selecting", "said"),
    [
        ("-t zolo", "zulu"),
        (f"--case {ONE[:-1]}1", f'did you mean "{ONE}"'),
        ("--field Notes", 'did you mean "Note"'),
        ("--spec nmed", 'did you mean "named"'),
        ("--policy named", "no such policy; known: policy"),
    ],
)
def test_a_selector_of_nothing_is_an_error_with_the_nearest_names(world, way, selecting, said):
    ran = world(*way.split(), *selecting.split())
    assert (ran.status, ran.out) == (1, "")
    assert f"{selecting.split()[0].replace('-t', '--target', 1)} " in ran.err or "-t" in selecting
    assert said in ran.err
    assert not list((world.folder / ".reconcile").glob("runs/*.jsonl"))


MISSING = "00000000-0000-4000-8000-000000000000"


def with_a_missing_case(world):
    """A plan in which another spec's case cannot be read."""
    head = "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: lost, owner: ops}\n"
    body = f"cases:\n  - id: {MISSING}\n    fields: {{Note: x}}\n"
    (world.folder / "specs/lost.yaml").write_text(head + body)
    assert world("plan", "--out", "plan.json").status == 4


@pytest.mark.parametrize(
    "words",
    [("--spec", "named"), ("--policy", "policy"), ("--field", "Score"), ("--case", ONE)],
)
def test_a_part_without_the_unreadable_case_is_complete(world, words):
    with_a_missing_case(world)
    ran = world("apply", "plan.json", *words)
    assert ran.status == 0, ran
    assert "Apply complete" in ran.out and "unreadable" not in ran.out


@pytest.mark.parametrize(
    "words", [("--spec", "lost"), ("--field", "Note"), ("--case", MISSING), ("-t", "zulu")]
)
def test_a_part_with_the_unreadable_case_is_not(world, words):
    with_a_missing_case(world)
    ran = world("apply", "plan.json", *words)
    assert ran.status == 4, ran
    assert "could not be read" in ran.out
