"""Each stream and file is closed, filled and forbidden in turn, for every command."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from reconciler.cli.files import OutFile
from reconciler.cli.main import COMMANDS, cli, run
from reconciler.sandbox.api import seed
from tests.e2e.forked import WRONG

ROOT = Path(__file__).parent.parent.parent
CASES = 8
CONFIG = """\
apiVersion: reconcile/v1
kind: Config
targets:
  demo: {sandbox: demo.db, domain: support}
default_target: demo
"""


def walked():
    """Every command that can be called, by the words that call it, from click's own lists."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                yield f"{name} {inner}", command.get_command(context, inner)
        else:
            yield name, command


COMMAND = dict(walked())
WRITES = ("apply", "rollback")  # cases
# How each is called, so that it does all of its work; RECEIPT and CASE are filled in.
CALLS = {
    "init": "init fresh",
    "validate": "validate",
    "fmt": "fmt",
    "plan": "plan",
    "apply": "apply plan.json",
    "rollback": "rollback RECEIPT --yes",
    "show": "show plan.json",
    "drift": "drift",
    "history": "history CASE",
    "targets": "targets",
    "runs list": "runs list",
    "runs show": "runs show last",
    "accept": "accept --case CASE",
    "ignore": "ignore --from-plan plan.json --all --reason x --until 2999-01-01",
    "export": "export --all",
    "import": "import table.csv",
    "catalog": "catalog",
    "completion": "completion bash",
    "sandbox serve": "sandbox serve --db demo.db",
    "sandbox seed": "sandbox seed --db new.db --cases 3",
    "sandbox edit": "sandbox edit --db demo.db --case CASE severity=High",
    "sandbox reset": "sandbox reset --db demo.db",
}
RUNNING = [name for name in CALLS if name != "sandbox serve"]  # until it is told to end
REPORTS = [name for name in COMMAND if any(one.name == "reports" for one in COMMAND[name].params)]


def test_every_command_is_called_here():
    assert set(CALLS) == set(COMMAND)


def spec(value):
    # A line that `fmt` would lay out anew, and text that no narrow encoding knows.
    cases = "".join(f"  - id: {one}\n    fields: {{ next step:   {value} }}\n" for one in IDS)
    return f"apiVersion: reconcile/v1\nkind: Cases\nmetadata: {{name: fix}}\ncases:\n{cases}"


IDS: list[str] = []


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A folder in which something was applied, and something else is planned."""
    folder = tmp_path_factory.mktemp("template")
    seed(folder / "demo.db", cases=30)
    (folder / "reconcile.yaml").write_text(CONFIG)
    (folder / "specs").mkdir()
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert run(["export", "--all", "-o", "all.yaml", "--quiet"]) == 0
        IDS[:] = re.findall(r"id: ([0-9a-f-]{36})", Path("all.yaml").read_text())[:CASES]
        Path("all.yaml").unlink()
        for value, after in (
            ("Пётр 🙂 é", ["apply", "--yes"]),
            ("日本 ü", ["plan", "-o", "plan.json"]),
        ):
            Path("specs/fix.yaml").write_text(spec(value), encoding="utf-8")
            assert run([*after, "--quiet"]) == 0
        Path("table.csv").write_text(f"case_id,Next step\n{IDS[0]},schön 日本\n", encoding="utf-8")
    finally:
        os.chdir(before)
    return folder


@pytest.fixture(scope="module")
def endings(template, tmp_path_factory):
    """Run jobs: (command, what is wrong, further words) -> the folder and what came of it."""

    def run_all(jobs):
        [receipt] = template.glob(".reconcile/runs/*.receipt.json")
        names = {"RECEIPT": str(receipt.relative_to(template)), "CASE": IDS[0]}
        given = []
        for command, wrong, more in jobs:
            folder = tmp_path_factory.mktemp("run")
            shutil.copytree(template, folder, dirs_exist_ok=True)
            words = [names.get(word, word) for word in CALLS[command].split()]
            if "--out" in more and "--yes" in words:  # either saved or carried out
                words.remove("--yes")
            given.append({"folder": str(folder), "wrong": wrong, "arguments": [*words, *more]})
        kept = {"PATH": os.environ["PATH"], "NO_COLOR": "1", "HOME": str(template)}
        done = subprocess.run(
            [sys.executable, "-m", "tests.e2e.forked"],
            input=json.dumps(given).encode(),
            capture_output=True,
            cwd=ROOT,
            env=kept,
            check=True,
        )
        results = json.loads(done.stdout)
        return {
            (job[0], job[1], *job[2]): {**result, "folder": Path(one["folder"])}
            for job, one, result in zip(jobs, given, results, strict=True)
        }

    return run_all


def check_said(found, about):
    """No traceback, no mistake of ours, a status of the table, and no hanging."""
    text = found["out"] + found["err"]
    for word in ("Traceback", "mistake of reconcile", "Exception ignored"):
        assert word not in text, (about, text)
    assert found["status"] in (0, 1, 2, 3, 4, 5, 130, 141, 143), (about, found)


@pytest.fixture(scope="module")
def streams(endings):
    wrongs = [
        one for one in WRONG if one.split()[0] in ("nothing", "stdin", "stdout", "stderr", "all")
    ]
    return endings([(command, wrong, ()) for command in RUNNING for wrong in wrongs])


def effect(found):
    """The files that a run left, without what it said."""
    files = (one for one in found["folder"].rglob("*") if one.is_file())
    names = (one.relative_to(found["folder"]).as_posix() for one in files)
    return {re.sub(r"\d{8}T[^/]*Z-\w+-\w+", "RUN", one) for one in names}


@pytest.mark.parametrize("command", RUNNING)
def test_without_anything_wrong_it_does_its_work(streams, command):
    found = streams[command, "nothing"]
    check_said(found, command)
    assert found["status"] == 0, found


@pytest.mark.parametrize("command", RUNNING)
@pytest.mark.parametrize("how", ["closed", "full", "broken"])
def test_a_stdout_that_takes_nothing_is_told_in_a_line(streams, command, how):
    whole, found = streams[command, "nothing"], streams[command, f"stdout {how}"]
    check_said(found, (command, how))
    if not whole["out"]:
        assert found["status"] == whole["status"]
    elif command == "apply":  # rollback shows its plan first, and then writes nothing
        assert found["status"] == 4
        assert effect(found) == effect(whole)  # journal and receipt among them
    elif how == "broken":
        assert found["status"] == 141
    else:
        assert found["status"] == 1
        [told] = [line for line in found["err"].splitlines() if line.startswith("error: ")]
        assert told.startswith("error: stdout: ")


@pytest.mark.parametrize("command", RUNNING)
@pytest.mark.parametrize(
    "wrong",
    ["stderr closed", "stderr full", "stdin closed", "all closed"],
)
def test_nothing_else_changes_when_nobody_can_be_told(streams, command, wrong):
    whole, found = streams[command, "nothing"], streams[command, wrong]
    check_said(found, (command, wrong))
    if wrong.startswith("all"):
        silent = whole["status"] if not whole["out"] else 4 if command == "apply" else 1
        assert found["status"] == silent
    else:
        assert found["status"] == whole["status"]
        # The audit history and the journal have times in them.
        moments = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{64}|\d\d:\d\d UTC")
        assert moments.sub("", found["out"]) == moments.sub("", whole["out"])


# Those that ask the service would ask again and again, as they should, and take a minute.
OFFLINE = ("init", "validate", "fmt", "show", "ignore", "import", "completion")


@pytest.fixture(scope="module")
def surroundings(endings):
    known = ("nothing", "stdin", "stdout", "stderr", "all")
    wrongs = [one for one in WRONG if one.split()[0] not in known]
    few = ("init", "completion", "sandbox seed", "sandbox edit", "sandbox reset")
    everywhere = ("latin-1", "disk full", "few files", "no threads", "folder gone")
    jobs = [
        (command, wrong, ())
        for command in RUNNING
        for wrong in wrongs
        if command not in few or wrong in everywhere
    ]
    return endings([job for job in jobs if job[1] != "few files" or job[0] in OFFLINE])


@pytest.mark.parametrize("command", RUNNING)
def test_whatever_is_wrong_around_it_is_told_in_lines(surroundings, command):
    for (name, wrong), found in surroundings.items():
        if name != command:
            continue
        check_said(found, (command, wrong))
        if found["status"] == 1 and wrong != "disk full":  # which took the words, too
            assert re.search(r"(?m)^(error|Error|problem)|: [a-z-]+: ", found["err"] + found["out"])
        if command in WRITES and found["status"] == 1:
            assert " applied" not in found["out"]


@pytest.mark.parametrize("command", ["plan", "show", "drift", "history", "apply"])
def test_what_an_encoding_does_not_know_is_shown_all_the_same(surroundings, command):
    found = surroundings[command, "latin-1"]
    assert found["status"] in (0, 2)
    assert found["out"]


@pytest.fixture(scope="module")
def places(endings):
    """Every option that names a file to write, led to where none can be."""
    return endings(
        [
            (command, "nothing", (option, f"{lead}{place}"))
            for place in ("/dev/full", "table.csv/below", "specs")
            for command, option, lead in written()
        ]
    )


def written():
    """From click's own list: each command and option whose value is a file to write."""
    for name, command in COMMAND.items():
        for one in command.params:
            if isinstance(one.type, OutFile):
                yield name, max(one.opts, key=len), ""
            elif one.name == "reports":
                yield name, "--report", "json="


def test_every_option_that_writes_says_where_it_cannot(places):
    assert {"plan", "apply", "export", "import", "catalog", "ignore"} <= {key[0] for key in places}
    for (command, _, option, value), found in places.items():
        place = value.removeprefix("json=")
        about = (command, option, place)
        check_said(found, about)
        after_the_writes = (command, option, place) in (
            ("apply", "--report", "/dev/full"),
            ("rollback", "--report", "/dev/full"),
        )
        assert found["status"] == (4 if after_the_writes else 1), (about, found)
        assert place in found["err"], about
        if not after_the_writes and place != "/dev/full":
            assert "calls:" not in found["err"], about


# -- the same in real processes, once each ---------------------------------------------------


@pytest.mark.parametrize(
    ("shell", "status", "words"),
    [
        ("show plan.json >&-", 1, "error: stdout: cannot be written: Bad file descriptor"),
        ("show plan.json >/dev/full", 1, "error: stdout: cannot be written: No space left"),
        ("--help >/dev/full", 1, "error: stdout: No space left on device"),
        ("show plan.json 2>&- <&-", 0, ""),
        ("apply plan.json >&- 2>&- <&-", 4, ""),
        ("show plan.json --report text=/dev/stdout", 0, ""),
        ("plan -o /dev/null --report json=/dev/stderr -q", 0, '"format_version"'),
        ("plan -o >(cat >&2) -q", 0, '"format_version"'),
        ("plan --report text=/dev/fd/7 -q 7>&2", 0, "Plan: "),
    ],
)
def test_a_shell_sees_the_same(template, tmp_path, shell, status, words):
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    program = f"{sys.executable} -m reconciler {shell}"
    done = subprocess.run(
        ["bash", "-c", program],
        capture_output=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert words in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert Path(os.devnull).is_char_device()
    if "/dev/stdout" in shell:
        assert done.stdout.count(b"Plan: ") == 2


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252", "utf-8"])
def test_programs_get_utf_8_whatever_a_terminal_would(template, encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    for words in ("show plan.json --format json", "show plan.json"):
        done = subprocess.run(
            [sys.executable, "-m", "reconciler", *words.split()],
            capture_output=True,
            cwd=template,
            env=environment,
            check=True,
        )
        if "--format" in words:
            assert "日本 ü" in json.dumps(
                json.loads(done.stdout.decode("utf-8")), ensure_ascii=False
            )
        else:
            spelled = "日本".encode(), b"\\u65e5\\u672c"  # click gives ASCII up for UTF-8
            assert any(one in done.stdout for one in spelled)


def test_all_commands_are_known_to_the_fork_server_too():
    assert set(COMMANDS) == {name.split()[0] for name in COMMAND}
