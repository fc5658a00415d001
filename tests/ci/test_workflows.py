"""The workflow examples: what linters say of them, and their scripts as they are written."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.ci.conftest import commit
from tests.ci.runner import ROOT, true

GITHUB = ROOT / ".github" / "workflows"
LOCK = ROOT / "action.lock"
GITLAB = ROOT / "reconciler" / "cli" / "starter" / "gitlab-ci.yml"
BIN = Path(sys.executable).parent


def checked(*words):
    done = subprocess.run(
        [BIN / words[0], *words[1:]], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["plan", "apply", "drift"])
def test_every_workflow_fits_githubs_schema(name):
    path = GITHUB / f"reconcile-{name}.yml"
    checked("check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(path))


def test_the_action_fits_githubs_schema():
    checked("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")


def test_the_gitlab_pipeline_fits_gitlabs_schema():
    checked(
        "check-jsonschema",
        "--builtin-schema",
        "vendor.gitlab-ci",
        "--data-transform",
        "gitlab-ci",
        str(GITLAB),
    )


def test_the_security_linter_has_nothing_against_them():
    checked("zizmor", "--offline", "--no-progress", "--quiet", ".github", "action.yml")


def test_every_job_installs_from_a_lock_with_digests_and_nothing_else():
    """The lock holds all that reconcile needs and what builds it, at the versions tested here."""
    text = (ROOT / "action.lock").read_text()
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    pinned = {entry.split(" ")[0].split("==")[0]: entry for entry in entries}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert {re.split(r"[><=~!;\[ ]", one)[0] for one in needed} <= pinned.keys()
    tested = (ROOT / "requirements.lock").read_text()
    for name, entry in pinned.items():
        assert "--hash=sha256:" in entry, name
        assert f"\n{entry.split(' ')[0]}" in f"\n{tested}", f"{name} is tested in another version"


def install_step():
    [step] = [
        one
        for one in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
        if one["name"] == "Install reconcile"
    ]
    return step["run"]


@pytest.fixture
def installing(runner, tmp_path):
    """Runs the step that installs; a stand-in for Python says what it was told, and what it saw."""
    tools = tmp_path / "tools"
    tools.mkdir()
    said = tmp_path / "said"
    fake = tools / "python3"
    fake.write_text(
        f"#!{shutil.which('bash')}\n"
        f'printf "%s\\n" "$*" >> {said}; env | grep -E "AWS_|ACTIONS_" >> {said}\n'
        f'case "$*" in *"-m venv "*) mkdir -p "${{@: -1}}/bin"; '
        f'cp {fake} "${{@: -1}}/bin/python";; esac\n'
    )
    fake.chmod(0o755)
    copied = runner.folder / ".github" / "actions" / "reconcile"
    copied.mkdir(parents=True)
    (copied / "action.lock").write_text("")
    (copied / "ours.whl").write_text("")
    (runner.folder / "theirs.whl").write_text("")
    venv = runner.temp / "reconcile" / "venv"
    shutil.rmtree(venv)

    def run(package, event="push", action=copied):
        said.write_text("")
        done, _, _ = runner.bash(
            install_step(),
            {
                "PACKAGE": package,
                "EVENT": event,
                "GITHUB_ACTION_PATH": str(action),
                "GITHUB_WORKSPACE": str(runner.folder),
                "PATH": f"{tools}:{os.environ['PATH']}",
                "AWS_SESSION_TOKEN": "secret",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret",
            },
        )
        return done.returncode, done.stdout + done.stderr, said.read_text()

    return run


COMMIT = "0123456789abcdef0123456789abcdef01234567"
DIGEST = f"sha256={COMMIT}{COMMIT[:24]}"


@pytest.mark.parametrize(
    "package",
    [
        f"git+https://git.example/acme/reconcile@{COMMIT}",
        f"https://files.example/reconciler-1-py3-none-any.whl#{DIGEST}",
        "ours.whl",
        "/opt/wheels/reconciler-1-py3-none-any.whl",
    ],
)
@pytest.mark.parametrize("event", ["push", "pull_request"])
def test_the_package_comes_last_alone_and_from_no_index(installing, package, event):
    status, log, said = installing(package, event)
    assert status == 0, log
    lines = said.splitlines()
    locked = next(
        n for n, line in enumerate(lines) if "--require-hashes --only-binary :all:" in line
    )
    alone = next(n for n, line in enumerate(lines) if "--no-deps --no-build-isolation" in line)
    assert locked < alone == len(lines) - 1
    assert "--no-index" in lines[alone] and lines[alone].endswith(package)
    assert all(line.startswith("-I ") for line in lines), "no module of the checkout is imported"
    assert "secret" not in said, "nothing that installs sees credentials"
    assert "::error::" not in log and "::warning::" not in log


@pytest.mark.parametrize("package", ["theirs.whl", "./theirs.whl", ".", "a/../theirs.whl"])
def test_what_a_pull_request_brings_is_not_installed(installing, runner, package):
    for event in ("pull_request", "pull_request_target"):
        status, log, said = installing(package, event)
        assert status == 1 and "which a pull request can change" in log
        assert "--no-deps" not in said
        assert installing(str(runner.folder / package), event)[0] == 1
    assert installing(package, "push")[0] == 0


@pytest.mark.parametrize(
    ("package", "status", "word"),
    [
        ("https://files.example/reconciler.whl", 1, "without a digest"),
        ("https://files.example/reconciler.whl#sha256=12", 1, "without a digest"),
        ("git+https://git.example/acme/reconcile@v1", 0, "::warning::package names no commit"),
        ("git+https://git.example/acme/reconcile", 0, "::warning::package names no commit"),
        ("", 1, "say where reconcile is to be installed from"),
    ],
)
def test_a_package_that_others_can_change_is_told(installing, package, status, word):
    found, log, _ = installing(package)
    assert found == status and word in log


def test_without_a_lock_nothing_is_installed(installing, runner):
    status, log, said = installing("ours.whl", action=runner.folder / "elsewhere")
    assert status == 1 and "action.lock" in log and "pip" not in said


def gitlab_installs():
    """The commands of GitLab's jobs that install."""
    jobs = yaml.load(GITLAB.read_text(), Loader=_References)
    return [one for one in jobs[".reconcile"]["before_script"] if "apt-get" not in one]


class _References(yaml.SafeLoader):
    """Reads GitLab's `!reference` as a list."""


_References.add_constructor("!reference", yaml.SafeLoader.construct_sequence)


def test_gitlabs_jobs_install_in_the_same_way(runner):
    script = "\n".join(gitlab_installs())
    assert "--require-hashes --only-binary :all: --requirement .gitlab/reconcile.lock" in script
    assert "--no-deps --no-build-isolation --no-index" in script
    assert re.search(r"(pip|python3?) (?!-I)", script.replace("-m pip", "")) is None
    [check] = [one for one in gitlab_installs() if one.startswith("case")]
    for package, fine in (
        (f"git+https://git.example/acme/reconcile@{COMMIT}", True),
        (f"https://files.example/reconciler.whl#{DIGEST}", True),
        ("/opt/reconciler.whl", True),
        ("wheels/reconciler.whl", False),
        (".", False),
        ("reconciler", False),
        ("https://files.example/reconciler.whl", False),
    ):
        done, _, _ = runner.bash(check, {"RECONCILE_PACKAGE": package})
        assert (done.returncode == 0) is fine, package
    done, _, _ = runner.bash(check, {"RECONCILE_PACKAGE": ""})
    assert done.returncode != 0 and "RECONCILE_PACKAGE: says where" in done.stderr


def test_the_plan_of_a_pull_request_runs_what_was_merged():
    jobs = yaml.safe_load((GITHUB / "reconcile-plan.yml").read_text())["jobs"]
    steps = jobs["plan"]["steps"]
    [base] = [one for one in steps if one.get("with", {}).get("path") == ".trusted"]
    assert base["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert base["with"]["persist-credentials"] is False
    assert [one["uses"] for one in steps if one["uses"].startswith("./")] == ["./.trusted"]


def test_what_others_wrote_is_pinned_by_commit():
    for path in [*GITHUB.glob("*.yml"), ROOT / "action.yml"]:
        for used in re.findall(r"uses: (\S+)", path.read_text()):
            assert used.startswith("./") or re.search(r"@[0-9a-f]{40}$", used), used


def test_init_writes_workflows_that_use_the_action_beside_them(world):
    assert world.run("init").status == 0
    for name in ("plan", "apply", "drift"):
        text = (world.folder / f".github/workflows/reconcile-{name}.yml").read_text()
        jobs = yaml.safe_load(text)["jobs"].values()
        uses = {step["uses"] for job in jobs for step in job["steps"] if "uses" in step}
        local = [one for one in uses if one.startswith("./")]
        ours = ".github/actions/reconcile"
        trusted = f"./.trusted/{ours}"
        assert sorted(local) == ([f"./{ours}", trusted] if name == "plan" else [f"./{ours}"])
        assert (world.folder / ours / "action.yml").is_file()
        assert (world.folder / ours / "action.lock").read_bytes() == LOCK.read_bytes()
    for path in sorted((world.folder / ".github").rglob("*.yml")):
        kind = "actions" if path.name == "action.yml" else "workflows"
        checked("check-jsonschema", "--builtin-schema", f"vendor.github-{kind}", str(path))


def test_init_can_write_for_gitlab_instead(world):
    assert world.run("init", "--ci", "gitlab").status == 0
    assert (world.folder / ".gitlab-ci.yml").read_text() == GITLAB.read_text()
    assert (world.folder / ".gitlab" / "reconcile.lock").read_bytes() == LOCK.read_bytes()
    assert not (world.folder / ".github").exists()


def test_forks_are_validated_only_and_no_plan_can_write():
    jobs = yaml.safe_load((GITHUB / "reconcile-plan.yml").read_text())["jobs"]
    assert jobs["validate"]["permissions"] == {"contents": "read"}
    for source, role, planned in (
        ("acme/cases", "arn", True),
        ("acme/cases", "", False),
        ("mallory/cases", "arn", False),
    ):
        context = {
            "github": {
                "repository": "acme/cases",
                "event": {"pull_request": {"head": {"repo": {"full_name": source}}}},
            },
            "vars": {"RECONCILE_PLAN_ROLE": role},
        }
        assert true(jobs["plan"]["if"], context) is planned
        assert true(jobs["validate"]["if"], context) is not planned
    # Were it to wait for the other job, problems would leave the comment with an older plan.
    assert "needs" not in jobs["plan"]
    for path in GITHUB.glob("reconcile-*.yml"):
        text = path.read_text()
        assert "pull_request_target" not in text
        for name, job in yaml.safe_load(text)["jobs"].items():
            for step in job["steps"]:
                role = step.get("with", {}).get("role-to-assume", "")
                assert ("APPLY" in role) <= (name == "apply" and "environment" in job)


# -- the scripts, run -----------------------------------------------------------------------


@pytest.fixture
def drifted(world, runner):
    """A case that was applied, and then changed by somebody else."""
    case_id = min(world.everything())
    world.edit(case_id, Country="Nowhere")
    world.spec(
        f"cases:\n  - id: {case_id}  # ours\n    fields:\n      country: Norway\n", "fix.yaml"
    )
    commit(world, "want Norway")
    assert runner.action(command="apply").status == 0
    world.edit(case_id, Country="Elsewhere")
    return case_id


def github_step(runner, name, context):
    jobs = yaml.safe_load((GITHUB / "reconcile-drift.yml").read_text())["jobs"]
    [step] = [one for job in jobs.values() for one in job["steps"] if one.get("name") == name]
    return runner.steps([step], context)


def nightly(runner, status=0):
    drift = runner.action(command="drift")
    assert drift.status == status
    context = runner.context(steps={"drift": {"outputs": drift.outputs}})
    ran = github_step(runner, "Open, update or close the issue", context)
    assert ran.status == 0, ran.log


def test_nightly_drift_opens_one_issue_updates_it_and_closes_it(world, runner, drifted):
    nightly(runner)
    [issue] = runner.kept("issues")
    assert "Elsewhere" in issue["body"] and issue["state"] == "open"
    world.edit(drifted, Country="Moved again")
    nightly(runner)
    [issue] = runner.kept("issues")
    assert "Moved again" in issue["body"]
    world.edit(drifted, Country="Norway")
    nightly(runner)
    [issue] = runner.kept("issues")
    assert issue["state"] == "closed"
    nightly(runner)
    assert len(runner.kept("issues")) == 1


def test_nightly_drift_is_told_also_when_a_case_cannot_be_read(world, runner, drifted):
    gone = "00000000-0000-4000-8000-000000000000"
    world.spec(f"cases:\n  - id: {gone}\n    fields:\n      country: Norway\n", "gone.yaml")
    nightly(runner, status=4)
    [issue] = runner.kept("issues")
    assert "Elsewhere" in issue["body"] and gone in issue["body"]


def test_nightly_drift_can_propose_to_accept_what_people_entered(world, runner, drifted, tmp_path):
    origin = tmp_path / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", str(origin)], check=True)
    subprocess.run(["git", "remote", "add", "origin", str(origin)], cwd=world.folder, check=True)
    assert runner.action(command="accept", arguments="--all-drift").status == 0
    ran = github_step(runner, "Propose what was written into the specs", runner.context())
    assert ran.status == 0, ran.log
    [pull] = runner.kept("pulls")
    shown = subprocess.run(
        ["git", "show", "--format=", "--unified=0", pull["head"]],
        cwd=world.folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    changed = [line for line in shown.splitlines() if line[0] in "+-" and line[1] not in "+-"]
    assert changed == ["-      country: Norway", "+      country: Elsewhere"]
    assert pull["state"] == "open"
    ran = github_step(runner, "Propose what was written into the specs", runner.context())
    assert ran.status == 0, ran.log
    [pull] = runner.kept("pulls")
    assert pull["state"] == "closed"


def test_an_apply_leaves_its_receipt_where_a_rollback_can_get_it():
    job = yaml.safe_load((GITHUB / "reconcile-apply.yml").read_text())["jobs"]["apply"]
    [upload] = [one for one in job["steps"] if "upload-artifact" in one.get("uses", "")]
    assert upload["if"] == "always()"
    # Without it the action passes over folders whose names begin with a dot.
    assert upload["with"]["include-hidden-files"] is True
    pipeline = yaml.safe_load(GITLAB.read_text().replace("!reference", ""))
    assert pipeline["apply"]["artifacts"]["paths"] == [upload["with"]["path"]]


def test_plan_and_apply_seal_with_one_key():
    workflow = yaml.safe_load((GITHUB / "reconcile-apply.yml").read_text())
    assert workflow["env"] == {"RECONCILE_SEAL_KEY": "${{ secrets.RECONCILE_SEAL_KEY }}"}


@pytest.mark.parametrize("job", ["plan", "drift"])
def test_gitlab_fails_where_the_issue_cannot_be_written_not_the_comment(
    world, runner, drifted, job
):
    (runner.remote / "read-only").touch()
    done = gitlab_job(runner, job, RECONCILE_TOKEN="t0ken")
    assert (done.returncode != 0) == (job == "drift"), done.stderr
    assert ("No comment could be written" in done.stdout) == (job == "plan")


def gitlab_job(runner, name, **variables):
    text = GITLAB.read_text().replace("!reference [.reconcile, before_script]", "[]")
    pipeline = yaml.safe_load(text)
    job = pipeline[name]
    env = {
        "CI_API_V4_URL": "https://gitlab.example/api/v4",
        "CI_PROJECT_ID": "1",
        "CI_MERGE_REQUEST_IID": "4",
        **{key: str(value) for key, value in job.get("variables", {}).items()},
        **variables,
    }
    done, _, _ = runner.bash("\n".join(job["script"]), env)
    return done


def test_gitlab_comments_on_a_merge_request_and_reports_counts(world, runner, drifted):
    for _ in range(2):
        done = gitlab_job(runner, "plan", RECONCILE_TOKEN="t0ken")
        assert done.returncode == 0, done.stderr
    [note] = runner.kept("notes")
    assert "Elsewhere" in note["body"]
    counts = json.loads((world.folder / "terraform.json").read_text())
    assert counts["update"] == 1
    for name in ("plan.xml", "codequality.json"):
        assert (world.folder / name).stat().st_size > 0
    assert gitlab_job(runner, "validate").returncode == 0


def test_gitlab_applies_what_was_planned_on_the_default_branch(world, runner, drifted):
    assert gitlab_job(runner, "plan-main").returncode == 0
    _, _, digest = (world.folder / "plan.env").read_text().strip().partition("=")
    done = gitlab_job(runner, "apply", EXPECT=digest)
    assert done.returncode == 0, done.stderr
    assert world.held(drifted, "Country") == ["Norway"]
    world.edit(drifted, Country="Elsewhere still")
    assert gitlab_job(runner, "apply", EXPECT=digest).returncode == 5


def test_gitlab_keeps_one_drift_issue(world, runner, drifted):
    for _ in range(2):
        assert gitlab_job(runner, "drift", RECONCILE_TOKEN="t0ken").returncode == 0
    [issue] = runner.kept("issues")
    assert issue["state"] == "opened" and "Elsewhere" in issue["description"]
    world.edit(drifted, Country="Norway")
    assert gitlab_job(runner, "drift", RECONCILE_TOKEN="t0ken").returncode == 0
    [issue] = runner.kept("issues")
    assert issue["state"] == "closed"
