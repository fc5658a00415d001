"""The AWS CLI works against the sandbox as it does against the service."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import plain_environment

AWS = Path(sys.executable).with_name("aws")


@pytest.fixture
def aws(sandbox, tmp_path):
    environment = plain_environment(
        HOME=str(tmp_path),
        AWS_ACCESS_KEY_ID="AKIDEXAMPLE",
        AWS_SECRET_ACCESS_KEY="example",
        AWS_DEFAULT_REGION="us-west-2",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_MAX_ATTEMPTS="1",
        AWS_PAGER="",
    )

    def aws(*words, service="connectcases"):
        return subprocess.run(
            [str(AWS), service, *words, "--endpoint-url", sandbox.url, "--output", "json"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return aws


def test_a_case_can_be_found_changed_and_read(aws, care):
    case = care.create({"reference_number": "NO#1"})
    domain = ("--domain-id", care.domain)
    found = aws(
        "search-cases",
        *domain,
        "--filter",
        json.dumps(care.where("equalTo", "reference_number", "NO#1")),
    )
    assert [one["caseId"] for one in json.loads(found.stdout)["cases"]] == [case]
    named = (*domain, "--case-id", case)
    note = json.dumps(care.items({"Note": "Größe “012” 😀"}))
    changed = aws("update-case", *named, "--fields", note)
    assert (changed.returncode, changed.stderr) == (0, "")
    read = aws("get-case", *named, "--fields", f"id={care.id('Note')}")
    assert json.loads(read.stdout)["fields"][0]["value"] == {"stringValue": "Größe “012” 😀"}


def test_an_error_is_told_by_its_name(aws, care):
    found = aws("get-case", "--domain-id", care.domain, "--case-id", "a/b", "--fields", "id=title")
    assert found.returncode != 0
    assert "ResourceNotFoundException" in found.stderr
    assert "Case a/b was not found." in found.stderr


def test_the_caller_is_known(aws):
    found = aws("get-caller-identity", service="sts")
    assert json.loads(found.stdout)["Account"] == "111122223333"
