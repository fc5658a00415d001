"""Raw targets lead to operations, with ids of any characters whole."""

from urllib.parse import quote

import pytest

from reconciler.sandbox.errors import ServiceError
from reconciler.sandbox.routes import Routes, bind
from reconciler.sandbox.service_model import load

NASTY = ["a/b", "a:b", "a#b", "a=b", "a+b", "..", ".", "a%2Fb", "é", "x" * 500, "a b", "?", "//"]


@pytest.fixture(scope="module")
def routes():
    return Routes(load())


@pytest.mark.parametrize("case", NASTY)
def test_an_id_survives_the_path(routes, case):
    match = routes.match("PUT", f"/domains/d/cases/{quote(case, safe='')}")
    assert (match.operation, match.labels) == ("UpdateCase", {"domainId": "d", "caseId": case})


@pytest.mark.parametrize("arn", ["arn:aws:cases:r:a:domain/d/case/a/b", "x"])
def test_an_arn_survives_the_path(routes, arn):
    match = routes.match("GET", f"/tags/{quote(arn, safe='')}")
    assert (match.operation, match.labels) == ("ListTagsForResource", {"arn": arn})


@pytest.mark.parametrize(
    ("method", "target", "operation"),
    [
        ("PUT", "/cases:batchUpdateCase", "BatchUpdateCase"),
        ("POST", "/domains", "CreateDomain"),
        ("POST", "/domains-list?maxResults=3", "ListDomains"),
        ("POST", "/domains/d", "GetDomain"),
        ("POST", "/domains/d/cases", "CreateCase"),
        ("POST", "/domains/d/cases/c", "GetCase"),
        ("POST", "/domains/d/cases/", "GetCase"),
        ("POST", "/domains/d/rules-list/", "ListCaseRules"),
        ("POST", "/domains/d/fields-list", "ListFields"),
        ("DELETE", "/tags/a?tagKeys=x&tagKeys=y", "UntagResource"),
    ],
)
def test_a_target_means_one_operation(routes, method, target, operation):
    assert routes.match(method, target).operation == operation


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/domains/d"),
        ("POST", "/domains/d/rules-list"),
        ("POST", "/domains/d/cases/c/d/e"),
        ("PUT", "/cases:batchupdatecase"),
        ("POST", "/"),
        ("POST", "*"),
        ("OPTIONS", "/domains"),
    ],
)
def test_other_targets_mean_nothing(routes, method, target):
    with pytest.raises(ServiceError) as error:
        routes.match(method, target)
    assert (error.value.code, error.value.status) == ("UnknownOperationException", 404)


def test_a_path_that_is_not_utf_8_is_refused(routes):
    with pytest.raises(ServiceError) as error:
        routes.match("POST", "/domains/%FF")
    assert error.value.status == 400


def input_of(routes, method, target, body):
    match = routes.match(method, target)
    shapes = load()["shapes"]
    name = load()["operations"][match.operation]["input"]["shape"]
    return bind(match, shapes[name]["members"], body, shapes)


def test_members_come_from_path_query_and_body(routes):
    found = input_of(
        routes, "POST", "/domains/d/templates-list?maxResults=3&status=Active&status=Inactive", {}
    )
    assert found == {"domainId": "d", "maxResults": 3, "status": ["Active", "Inactive"]}


def test_the_body_cannot_stand_in_for_path_and_query(routes):
    body = {"domainId": "other", "maxResults": 9, "nextToken": "x"}
    assert input_of(routes, "POST", "/domains/d/fields-list", body) == {"domainId": "d"}


def test_a_number_in_the_query_must_be_one(routes):
    with pytest.raises(ServiceError) as error:
        input_of(routes, "POST", "/domains/d/fields-list?maxResults=x", {})
    assert (error.value.code, error.value.status) == ("SerializationException", 400)
