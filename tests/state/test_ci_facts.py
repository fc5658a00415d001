"""What is known from a CI system's environment."""

import os
from pathlib import Path

import pytest

from reconciler.state.ci_facts import CiFacts, ci_facts

SHA = "9f2c51be7ad04c1e8d36b05fa1c7e2409d8b6a33"
GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_ACTOR": "jane",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/care",
    "GITHUB_RUN_ID": "42",
    "GITHUB_STEP_SUMMARY": "/tmp/summary",
    "GITHUB_OUTPUT": "/tmp/output",
}
GITLAB = {
    "GITLAB_USER_LOGIN": "joe",
    "CI_PROJECT_URL": "https://gitlab.example/acme/care",
    "CI_JOB_URL": "https://gitlab.example/acme/care/-/jobs/7",
}


@pytest.fixture
def environment(monkeypatch):
    """No CI system's variables but those that a test sets."""
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "GITLAB_", "CI_", "RECONCILE_")):
            monkeypatch.delenv(name)

    def with_these(given):
        for name, value in given.items():
            monkeypatch.setenv(name, value)

    return with_these


def test_on_a_machine_of_ones_own_nothing_is_known(environment):
    assert ci_facts(SHA) == CiFacts()


def test_github_says_everything(environment):
    environment(GITHUB)
    assert ci_facts(SHA) == CiFacts(
        actor="jane",
        run="https://github.com/acme/care/actions/runs/42",
        files=f"https://github.com/acme/care/blob/{SHA}/",
        commit=f"https://github.com/acme/care/commit/{SHA}",
        summary=Path("/tmp/summary"),
        outputs=Path("/tmp/output"),
        annotates=True,
    )


def test_gitlab_says_where_its_files_are(environment):
    environment(GITLAB)
    assert ci_facts(SHA) == CiFacts(
        actor="joe",
        run="https://gitlab.example/acme/care/-/jobs/7",
        files=f"https://gitlab.example/acme/care/-/blob/{SHA}/",
        commit=f"https://gitlab.example/acme/care/-/commit/{SHA}",
    )


@pytest.mark.parametrize("sha", ["", "../../evil", "main", "9F2C51B", "9f2c51\n"])
@pytest.mark.parametrize("given", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_there_are_no_links_to_what_is_no_commit(environment, given, sha):
    environment(given)
    facts = ci_facts(sha)
    assert (facts.files, facts.commit) == ("", "")
    assert facts.run


def test_a_run_without_a_number_has_no_address(environment):
    environment({**GITHUB, "GITHUB_RUN_ID": ""})
    assert ci_facts(SHA).run == ""


def test_an_actor_can_be_named_where_no_ci_system_does(environment):
    environment({"RECONCILE_ACTOR": "jane"})
    assert ci_facts("").actor == "jane"


@pytest.mark.parametrize("value", ["", "false", "1"])
def test_only_github_itself_understands_annotations(environment, value):
    environment({"GITHUB_ACTIONS": value})
    assert not ci_facts("").annotates
