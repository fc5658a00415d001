"""The database file: what survives, who may share it, which files are left alone."""

import sqlite3
import subprocess
import sys

import pytest

from reconciler.sandbox.api import Embedded, SandboxError, reset, seed


def test_a_restart_loses_nothing(care, sandbox, connect):
    case = care.create({"Note": "kept"}, clientToken="t1")
    care.update(case, {"Score": 2})
    before = care.history(case)
    sandbox.close()
    with Embedded(sandbox.db, fast=True) as again:
        care.client = connect(again.url)
        assert care.read(case, "Note", "Score") == {"Note": "kept", "Score": 2.0}
        assert care.history(case) == before
        assert care.create({"Note": "kept"}, clientToken="t1") == case


def test_a_killed_process_loses_nothing_that_was_answered(tmp_path, connect, care_of, seeded):
    db = tmp_path / "x.db"
    db.write_bytes(seeded.path.read_bytes())
    script = (
        "import sys, time; from pathlib import Path\n"
        "from reconciler.sandbox.api import Embedded\n"
        "print(Embedded(Path(sys.argv[1]), fast=True).url, flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(db)], stdout=subprocess.PIPE, text=True
    )
    try:
        care = care_of(connect(process.stdout.readline().strip()))
        case = care.create({"Score": 5})
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    with Embedded(db, fast=True) as again:
        care.client = connect(again.url)
        assert care.read(case, "Score") == {"Score": 5.0}


def test_two_servers_share_one_file(sandbox, care, care_of, connect):
    with Embedded(sandbox.db, fast=True) as second:
        there = care_of(connect(second.url))
        assert there.client.search_cases(domainId=there.domain)["totalCount"] == 30
        case = care.create({"Score": 5})
        assert there.read(case, "Score") == {"Score": 5.0}
        assert there.client.search_cases(domainId=there.domain)["totalCount"] == 31
        assert there.search(filter=there.where("equalTo", "Score", 5)).count(case) == 1
        field = care.client.create_field(domainId=care.domain, name="New", type="Number")
        there.update(case, {field["fieldId"]: 7})
        assert care.read(case, field["fieldId"]) == {field["fieldId"]: 7.0}
        care.update(case, {"Score": 6})
        assert there.search(filter=there.where("equalTo", "Score", 5)).count(case) == 0


def test_the_file_can_be_anything_but_somebody_elses(tmp_path):
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE precious (x)")
    connection.commit()
    connection.close()
    text = tmp_path / "text.txt"
    text.write_text("precious")
    for path in (other, text, tmp_path):
        with pytest.raises(SandboxError, match="is not a sandbox database"):
            reset(path)
        with pytest.raises(SandboxError):
            seed(path)
    assert text.read_text() == "precious"
    assert other.exists()


def test_a_reset_removes_the_file_and_its_side_files(tmp_path):
    db = tmp_path / "x.db"
    seed(db, cases=1)
    for suffix in ("-wal", "-shm"):
        db.with_name(db.name + suffix).touch()
    reset(db)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SandboxError, match="there is no file"):
        reset(db)


def test_a_file_in_a_missing_folder_cannot_be_opened(tmp_path):
    with pytest.raises(SandboxError, match="cannot open the sandbox database"):
        seed(tmp_path / "nothing" / "x.db")


def test_an_empty_file_is_as_good_as_none(tmp_path):
    db = tmp_path / "x.db"
    db.touch()
    assert seed(db, cases=1)


def test_the_file_is_its_owners_alone(tmp_path):
    path = tmp_path / "cases.db"
    seed(path, cases=1)
    assert path.stat().st_mode & 0o777 == 0o600
