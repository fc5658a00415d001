"""The account behind the sandbox, as GetCallerIdentity of STS tells it."""

import pytest
from botocore.config import Config

from reconciler.sandbox.api import Embedded, SandboxError, seed


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


def test_a_database_of_no_account_is_of_the_account_and_region_it_is_served_as(
    session, connect, tmp_path
):
    domain = seed(tmp_path / "x.db", cases=1)
    with Embedded(
        tmp_path / "x.db", fast=True, account="222233334444", region="eu-central-1"
    ) as sandbox:
        assert identity(session, sandbox.url)["Account"] == "222233334444"
        there = connect(sandbox.url, region="eu-central-1")
        arn = f"arn:aws:cases:eu-central-1:222233334444:domain/{domain}"
        assert there.get_domain(domainId=domain)["domainArn"] == arn
        assert [one["domainArn"] for one in there.list_domains()["domains"]] == [arn]
        assert connect(sandbox.url).list_domains()["domains"] == []
        assert sandbox.region_of("support") == "eu-central-1"


def test_a_database_of_one_account_is_not_served_as_another(tmp_path):
    seed(tmp_path / "x.db", cases=1, account="999988887777", region="eu-central-1")
    with pytest.raises(SandboxError, match="belongs to account 999988887777, not 222233334444"):
        Embedded(tmp_path / "x.db", account="222233334444")
    with Embedded(tmp_path / "x.db") as sandbox:
        assert sandbox.region_of("support") == "eu-central-1"


@pytest.mark.parametrize(
    "wrong", [{"account": "1"}, {"account": "11112222333x"}, {"region": "x"}, {"region": "eu west"}]
)
def test_what_is_no_account_and_no_region_is_refused(tmp_path, wrong):
    with pytest.raises(SandboxError, match="unlike"):
        Embedded(tmp_path / "x.db", **wrong)
    assert not (tmp_path / "x.db").exists()


def test_domains_of_different_places_have_different_ids_and_alike_cases(tmp_path, connect):
    ids = {
        seed(tmp_path / f"{region}.db", cases=2, region=region, account="222233334444")
        for region in ("us-west-2", "eu-central-1")
    }
    assert len(ids) == 2
    found = []
    for path in sorted(tmp_path.glob("*.db")):
        with Embedded(path, fast=True) as sandbox:
            client = connect(sandbox.url, region=path.stem)
            [domain] = [one["domainId"] for one in client.list_domains()["domains"]]
            cases = client.search_cases(domainId=domain)["cases"]
            found.append([one["caseId"] for one in cases])
    assert found[0] == found[1]
