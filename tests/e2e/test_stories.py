"""The whole program as other programs start it: interrupted, killed, continued, installed."""

import json
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.processes import plain_environment, python_path

ROOT = Path(__file__).resolve().parents[2]
RECONCILE = Path(sys.executable).parent / "reconcile"


@pytest.fixture
def many(world):
    """A plan for 40 cases, and a service that answers slowly enough to be interrupted."""
    cases = [
        case["caseId"]
        for case in world.client.search_cases(domainId=world.domain, maxResults=40)["cases"]
    ]
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: agreed}}}}\n" for one in cases)
    world.spec("cases:\n" + lines)
    assert world.run("plan", "--out", "plan.json").status == 0
    world.service.faults.set([{"kind": "delay", "operation": "UpdateCase", "seconds": 0.2}])
    world.calls()
    return world


def started(world, *arguments):
    return subprocess.Popen(
        [RECONCILE, *arguments],
        cwd=world.folder,
        env=plain_environment(PYTHONUTF8="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until_written(world, count):
    deadline = time.monotonic() + 60
    while world.service.calls["UpdateCase"] < count:
        assert time.monotonic() < deadline, "the program wrote nothing"
        time.sleep(0.01)


def events(world):
    paths = sorted((world.folder / ".reconcile" / "runs").glob("*.jsonl"))
    return [[json.loads(line) for line in path.read_text().splitlines()] for path in paths]


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_finishes_what_is_in_flight_and_the_next_run_does_the_rest(many, number, status):
    process = started(many, "apply", "plan.json")
    until_written(many, 3)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == status, err
    [journal] = events(many)
    kinds = [event["event"] for event in journal]
    assert kinds.count("Started") == kinds.count("Applied")
    assert 0 < kinds.count("Applied") < 40
    assert kinds.count("NotAttempted") == 40 - kinds.count("Applied")
    assert "not attempted" in out
    many.service.faults.clear()
    assert many.run("apply", "plan.json").status == 0
    assert many.calls()["UpdateCase"] == 40


def test_after_kill_9_the_same_plan_finishes_and_nothing_is_written_twice(many):
    process = started(many, "apply", "plan.json")
    until_written(many, 5)
    process.kill()
    process.communicate(timeout=30)
    many.service.faults.clear()
    ran = many.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert many.calls()["UpdateCase"] == 40
    assert many.run("plan", "--detailed-exitcode").status == 0


def test_two_applies_of_one_target_exclude_each_other(many):
    process = started(many, "apply", "plan.json")
    until_written(many, 1)
    second = many.run("apply", "plan.json")
    assert second.status == 6
    assert f"process {process.pid}" in second.err
    process.communicate(timeout=60)
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        pytest.param({"kind": "throttle", "times": 6}, 46, id="throttled"),
        pytest.param({"kind": "error", "times": 3}, 43, id="500"),
        pytest.param({"kind": "cut-before", "times": 3}, 43, id="cut-before-the-write"),
        pytest.param({"kind": "cut-after", "times": 3}, 40, id="cut-after-the-write"),
        pytest.param({"kind": "half-body", "times": 3}, 40, id="half-a-reply"),
    ],
)
def test_a_passing_fault_on_writes_loses_and_doubles_nothing(many, rule, most):
    many.service.faults.set([{"operation": "UpdateCase", **rule}])
    ran = many.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert many.calls()["UpdateCase"] <= most
    many.service.faults.clear()
    assert many.run("plan", "--detailed-exitcode").status == 0
    for case in many.plan()["targets"][0]["changes"]:
        raise AssertionError(case)


@pytest.mark.parametrize("kind", ["throttle", "error", "cut-before", "half-body", "unavailable"])
def test_a_passing_fault_on_reads_changes_no_plan(many, kind):
    many.service.faults.clear()
    expected = many.plan()["changes_digest"]
    many.service.faults.set([{"kind": kind, "operation": "*", "rate": 0.3, "seed": 7}])
    assert many.plan()["changes_digest"] == expected


def test_the_wheel_finds_its_schemas_and_starters(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = (
        "from reconciler.files.schema_check import schema_path, schema_errors\n"
        "from pathlib import Path\n"
        "assert schema_path('plan').is_file() and '_shipped' in str(schema_path('plan'))\n"
        "assert schema_errors('plan', {})\n"
        "from reconciler.cli.main import run\n"
        "raise SystemExit(run(['init', 'new']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=plain_environment(PYTHONPATH=python_path(site)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "specs" / "example.yaml").is_file()
    assert (tmp_path / "new" / ".github" / "actions" / "reconcile" / "action.yml").is_file()


def test_init_never_overwrites_and_what_it_writes_is_valid(world):
    (world.folder / "reconcile.yaml").unlink()
    (world.folder / "specs" / "example.yaml").write_text("# mine\n")
    assert world.run("init").status == 0
    assert (world.folder / "specs" / "example.yaml").read_text() == "# mine\n"
    (world.folder / "specs" / "example.yaml").unlink()
    assert world.run("init").status == 0
    assert world.run("validate").status == 0
    seeded = world.run("sandbox", "seed", "--db", ".reconcile/demo.db")
    assert seeded.status == 0, seeded.err
    assert world.run("plan", "--detailed-exitcode").status == 2
    assert world.run("apply", "--yes").status == 0


def test_the_repositorys_own_specs_are_valid_and_plan_on_the_seeded_service(world):
    for path in (ROOT / "specs").glob("*.yaml"):
        world.spec(path.read_text(encoding="utf-8"), path.name)
    assert world.run("validate").status == 0
    assert world.run("plan", "--detailed-exitcode").status == 2


def test_version_and_validate_import_nothing_heavy(world):
    world.spec("cases:\n  - {id: a, fields: {country: NO}}\n")
    code = (
        "import sys\nfrom reconciler.cli.main import run\n"
        "status = run(sys.argv[1:])\n"
        "heavy = {'boto3', 'botocore', 'jsonschema', 'deepdiff', 'aiohttp', 'rich', 'asyncio'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else status)\n"
    )
    for arguments in (["--version"], ["validate"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=world.folder,
            env=plain_environment(PYTHONUTF8="1"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
