"""The account behind the sandbox, as GetCallerIdentity of STS tells it."""

from botocore.config import Config

from reconciler.sandbox.api import Embedded, seed


def identity(session, url):
    config = Config(retries={"total_max_attempts": 1, "mode": "standard"})
    sts = session.client("sts", endpoint_url=url, config=config)
    try:
        return sts.get_caller_identity()
    finally:
        sts.close()


def test_the_caller_is_in_the_sandboxs_account(session, sandbox):
    found = identity(session, sandbox.url)
    assert found["Account"] == "111122223333"
    assert found["Arn"] == "arn:aws:iam::111122223333:user/sandbox"


def test_the_account_is_the_one_the_database_was_seeded_with(session, connect, tmp_path):
    domain = seed(tmp_path / "x.db", cases=1, account="999988887777")
    with Embedded(tmp_path / "x.db", fast=True) as sandbox:
        assert identity(session, sandbox.url)["Account"] == "999988887777"
        arn = connect(sandbox.url).get_domain(domainId=domain)["domainArn"]
        assert arn.startswith("arn:aws:cases:us-west-2:999988887777:")


def test_other_actions_are_refused(send):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, _, body = send("POST", "/", b"Action=AssumeRole", headers)
    assert status == 400
    assert b"only GetCallerIdentity" in body
