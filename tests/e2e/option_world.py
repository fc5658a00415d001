"""A folder in which every option of every command can do something, and what is seen of a call."""

import re
import shutil
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path

from reconciler.cli.main import run
from reconciler.sandbox.api import edit, seed

CONFIG = """\
apiVersion: reconcile/v1
kind: Config
targets:
  zulu: {sandbox: cases.db, domain: zulu, limits: {clears: 100}}
  alpha: {sandbox: cases.db, domain: alpha}
default_target: zulu
"""
OWNERS = "owners:\n  - {owner: finance, fields: [Note]}\n"
WINDOWS = """\
windows:
  - {name: freeze, time_zone: UTC, deny: {from: 2000-01-01T00:00, to: 2999-01-01T00:00}}
"""
LANES = CONFIG.replace(
    "domain: alpha}",
    'domain: alpha, account: "111122223333", region: us-west-2, after: [zulu]}',
)
HEAD = "apiVersion: reconcile/v1\nkind: {kind}\nmetadata: {{name: {name}, owner: ops}}\n"
# Two cases of the target zulu, and one of alpha, in the data that the seed 1 gives.
ONE = "17f6a629-9668-4628-b2f0-7f7aae80ab90"
TWO = "1d383c08-627f-491b-b319-a1e8ff701fa8"
MORE = ("1deed760-5c0f-4fa3-a195-3354b69cbac9", "1e097474-eb53-4bd9-972f-3c903483113b")
OTHER = "059ad6e2-0385-4f06-9b5a-e808f7688cd6"
NAMED = f"""\
cases:
  - id: {ONE}
    fields: {{Note: by hand, Country: null}}
  - id: {TWO}
    fields: {{Score: 1.5}}
"""
POLICY = """\
select: {where: {field: created_datetime, after: 2000-01-01T00:00:00Z}}
fields:   {Next step: call back}
"""
SECOND = f"target: alpha\ncases:\n  - id: {OTHER}\n    fields: {{Note: of alpha, Country: null}}\n"
REPEATED = f"cases:\n  - id: {ONE}\n    fields: {{created_datetime: x}}\n"
MESSY = 'kind:   Cases\napiVersion: reconcile/v1\nmetadata: {name: "messy"}\ncases: []\n'
TABLE = f"case_id,Note\n{ONE},from a table\n{TWO},\n"

_VARYING = (
    # What is left of a time tells a plan of a day from one of weeks.
    (re.compile(r"(\d{4}-\d\d)-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+00:00)?"), r"\1 TIME"),
    (re.compile(r"\d{8}T\d{6}\.\d+Z-[0-9a-f]{8}-[0-9a-f]{4}"), "RUN"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "DIGEST"),
    (re.compile(r"(?<!-)\b[0-9a-f]{12}\b"), "DIGEST"),
    (re.compile(r"\b\d+(\.\d+)? s\b"), "SECONDS"),
    (re.compile(r"0x[0-9a-f]+"), "ADDRESS"),
)


@dataclass(frozen=True)
class Seen:
    """Everything that one call let be seen: status, both streams, and the files it left."""

    status: int
    out: str
    err: str
    files: tuple[tuple[str, str], ...]

    @property
    def understood(self) -> bool:
        """Whether every word of the call has a meaning."""
        return "Invalid value" not in self.err and "No such option" not in self.err

    @property
    def refused(self) -> bool:
        """Whether the call was refused because an option would do nothing beside the others."""
        return self.status == 1 and " has no effect here: " in self.err


class Terminal(TextIOWrapper):
    """A terminal on which somebody has typed yes."""

    def __init__(self) -> None:
        super().__init__(BytesIO(b"y\n" * 9))

    def isatty(self) -> bool:
        return True


def write_templates(root: Path, call) -> None:
    """The worlds that calls start from: nothing applied yet, one case of it, all, and drift."""
    fresh = root / "fresh"
    (fresh / "specs").mkdir(parents=True)
    (fresh / "empty").mkdir()
    for name in ("zulu", "alpha"):
        seed(fresh / "cases.db", domain=name, cases=30)
    files = {
        "reconcile.yaml": CONFIG,
        "owners.yaml": CONFIG + OWNERS,
        "windows.yaml": CONFIG + WINDOWS,
        "lanes.yaml": LANES,
        "specs/named.yaml": HEAD.format(kind="Cases", name="named") + NAMED,
        "specs/policy.yaml": HEAD.format(kind="Policy", name="policy") + POLICY,
        "specs/second.yaml": HEAD.format(kind="Cases", name="second") + SECOND,
        "messy/messy.yaml": MESSY,
        "wrong/repeated.yaml": HEAD.format(kind="Cases", name="repeated") + REPEATED,
        "table.csv": TABLE,
        "there.yaml": "# somebody's\n",
        "taken/export.yaml": "# somebody's\n",
        "taken/export.jsonl": "",
        "faults.json": "[]",
    }
    for name, text in files.items():
        (fresh / name).parent.mkdir(exist_ok=True)
        (fresh / name).write_text(text)
    call(fresh, "plan", "--out", "plan.json")
    call(fresh, "plan", "--out", "long.json", "--ttl", "48", "--case", ONE)
    call(fresh, "plan", "empty", "--out", "nothing.json")
    call(fresh, "catalog", "--out", "catalog.json")
    shutil.copytree(fresh, root / "begun")
    # Three cases of zulu, and none of alpha, which comes after it there.
    call(root / "begun", "apply", "plan.json", "--stages", "3", "--config", "lanes.yaml")
    _receipt(root / "begun")
    shutil.copytree(root / "begun", root / "twice")
    call(root / "twice", "apply", "plan.json")
    shutil.copytree(fresh, root / "applied")
    call(root / "applied", "apply", "plan.json")
    _receipt(root / "applied")
    shutil.copytree(root / "applied", root / "drifted")
    edit(root / "drifted/cases.db", ONE, {"Note": "of an agent"}, "jane.doe")
    edit(root / "drifted/cases.db", TWO, {"Score": "9"}, "jane.doe")
    # Both the spec and somebody else changed a value of ONE, and no history was read of `unread`.
    shutil.copytree(root / "drifted", root / "conflicted")
    named = root / "conflicted/specs/named.yaml"
    named.write_text(named.read_text().replace("by hand", "by both"))
    call(root / "conflicted", "plan", "--out", "plan.json")
    call(root / "conflicted", "plan", "--no-attribution", "--out", "unread.json")


def _receipt(folder: Path) -> None:
    [receipt] = (folder / ".reconcile/runs").glob("*.receipt.json")
    shutil.copyfile(receipt, folder / "receipt.json")


def called(folder: Path, capsys, monkeypatch, arguments, *, typing: bool) -> Seen:
    """One call in a folder, and what was seen of it."""
    monkeypatch.chdir(folder)
    text = "y\n" * 9 if typing else MESSY
    stdin = Terminal() if typing else TextIOWrapper(BytesIO(text.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    before = _files(folder)
    capsys.readouterr()
    status = run(list(map(str, arguments)))
    said = capsys.readouterr()
    after = _files(folder)
    left = {name: text for name, text in after.items() if before.get(name) != text}
    gone = dict.fromkeys(before.keys() - after.keys(), "gone")
    files = tuple(sorted((_steady(name), text) for name, text in (left | gone).items()))
    out, err = (_steady(text.replace(str(folder), "HERE")) for text in said)
    return Seen(int(status), out, err, files)


def _files(folder: Path) -> dict[str, str]:
    """Every file that may tell something; the database is seen through what is said of it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("cases.db"):
            text = path.read_bytes().decode("utf-8", "replace")
            journal = path.suffix == ".jsonl" or ".reconcile" in path.parts
            text = _steady(text.replace(str(folder), "HERE"))
            found[path.relative_to(folder).as_posix()] = "" if journal else text
    return found


def _steady(text: str) -> str:
    for pattern, word in _VARYING:
        text = pattern.sub(word, text)
    return text
