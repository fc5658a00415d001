"""The search index shows a write only after a set time; reading by id shows it at once."""

import pytest

from reconciler.sandbox.api import Embedded


@pytest.fixture
def lagging(care, sandbox):
    sandbox.switches.set("index_lag", "10")
    return care


def scores(care, case):
    reply = care.client.search_cases(
        domainId=care.domain,
        filter=care.where("equalTo", "case_id", case),
        fields=[{"id": care.id("Score")}],
    )
    return [
        field["value"]["doubleValue"] for item in reply["cases"] for field in item["fields"]
    ], reply["totalCount"]


def test_an_update_shows_after_the_lag(lagging, sandbox, clock):
    sandbox.switches.set("index_lag", "0")
    case = lagging.create({"Score": 1})
    sandbox.switches.set("index_lag", "10")
    lagging.update(case, {"Score": 2})
    assert lagging.read(case, "Score") == {"Score": 2.0}
    assert scores(lagging, case) == ([1.0], 1)
    clock.advance(9.9)
    assert scores(lagging, case) == ([1.0], 1)
    clock.advance(0.1)
    assert scores(lagging, case) == ([2.0], 1)


def test_two_updates_show_one_after_the_other(lagging, clock):
    case = lagging.create({"Score": 1})
    clock.advance(10)
    lagging.update(case, {"Score": 2})
    clock.advance(4)
    lagging.update(case, {"Score": 3})
    assert scores(lagging, case) == ([1.0], 1)
    clock.advance(6)
    assert scores(lagging, case) == ([2.0], 1)
    clock.advance(4)
    assert scores(lagging, case) == ([3.0], 1)


def test_a_new_case_is_not_found_before_the_lag(lagging, clock):
    case = lagging.create()
    assert lagging.client.search_cases(domainId=lagging.domain)["totalCount"] == 30
    assert scores(lagging, case)[1] == 0
    assert case not in lagging.search(maxResults=100)
    clock.advance(10)
    assert scores(lagging, case)[1] == 1
    assert lagging.client.search_cases(domainId=lagging.domain)["totalCount"] == 31


def test_a_deleted_case_is_found_until_the_lag_is_over(lagging, clock, refused):
    (case,) = lagging.some_cases(1)
    lagging.client.delete_case(domainId=lagging.domain, caseId=case)
    with refused("ResourceNotFoundException"):
        lagging.read(case, "title")
    assert lagging.some_cases(1) == [case]
    assert lagging.client.search_cases(domainId=lagging.domain)["totalCount"] == 30
    clock.advance(10)
    assert case not in lagging.search(maxResults=100)
    assert lagging.client.search_cases(domainId=lagging.domain)["totalCount"] == 29


def test_a_case_made_and_deleted_within_the_lag_is_seen_in_between(lagging, clock):
    case = lagging.create()
    clock.advance(5)
    lagging.client.delete_case(domainId=lagging.domain, caseId=case)
    assert scores(lagging, case)[1] == 0
    clock.advance(5)
    assert scores(lagging, case)[1] == 1
    clock.advance(5)
    assert scores(lagging, case)[1] == 0


def test_filters_and_sorts_see_what_the_index_shows(lagging, clock):
    (case,) = lagging.some_cases(1)
    lagging.update(case, {"Score": 777})
    high = lagging.where("equalTo", "Score", 777)
    assert lagging.search(filter=high) == []
    clock.advance(10)
    assert lagging.search(filter=high) == [case]


def test_tags_lag_too(lagging, clock):
    (case,) = lagging.some_cases(1)
    arn = f"arn:aws:cases:us-west-2:111122223333:domain/{lagging.domain}/case/{case}"
    lagging.client.tag_resource(arn=arn, tags={"new": "1"})
    part = {"tag": {"equalTo": {"key": "new"}}}
    assert lagging.search(filter=part) == []
    clock.advance(10)
    assert lagging.search(filter=part) == [case]


def test_a_write_without_lag_shows_at_once_whatever_waits(lagging, sandbox, clock):
    (case,) = lagging.some_cases(1)
    lagging.update(case, {"Score": 2})
    sandbox.switches.set("index_lag", "0")
    lagging.update(case, {"Score": 3})
    assert scores(lagging, case) == ([3.0], 1)
    clock.advance(20)
    assert scores(lagging, case) == ([3.0], 1)


def test_what_waits_outlives_a_restart(lagging, sandbox, clock, connect):
    (case,) = lagging.some_cases(1)
    lagging.update(case, {"Score": 777})
    sandbox.close()
    with Embedded(sandbox.db, fast=True, clock=clock) as again:
        lagging.client = connect(again.url)
        high = lagging.where("equalTo", "Score", 777)
        assert lagging.search(filter=high) == []
        clock.advance(10)
        assert lagging.search(filter=high) == [case]
