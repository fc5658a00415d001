"""Domains as clients see them."""

import pytest

from reconciler.sandbox.api import Embedded


@pytest.fixture
def empty(tmp_path, connect):
    with Embedded(tmp_path / "new.db", fast=True) as sandbox:
        yield connect(sandbox.url)


def test_a_new_domain_has_the_system_fields_and_both_statuses(empty):
    domain = empty.create_domain(name="care")["domainId"]
    fields = empty.list_fields(domainId=domain)["fields"]
    assert {field["namespace"] for field in fields} == {"System"}
    assert [field["fieldId"] for field in fields] == [
        "case_id",
        "title",
        "status",
        "summary",
        "case_reason",
        "assigned_queue",
        "assigned_user",
        "customer_id",
        "reference_number",
        "reference_id",
        "created_datetime",
        "last_updated_datetime",
        "last_closed_datetime",
        "last_reopened_datetime",
        "next_sla_breach_datetime",
        "last_updated_user",
        "created_by",
    ]
    assert empty.list_field_options(domainId=domain, fieldId="status")["options"] == [
        {"name": "Open", "value": "open", "active": True},
        {"name": "Closed", "value": "closed", "active": True},
    ]


def test_a_domain_can_be_read_back(empty):
    made = empty.create_domain(name="care")
    domain = empty.get_domain(domainId=made["domainId"])
    assert domain["name"] == "care"
    assert domain["domainArn"] == made["domainArn"]
    assert domain["domainArn"] == f"arn:aws:cases:us-west-2:111122223333:domain/{made['domainId']}"
    assert domain["domainStatus"] == "Active"
    assert domain["tags"] == {}


def test_a_domain_name_is_taken_once(empty, refused):
    empty.create_domain(name="care")
    with refused("ConflictException"):
        empty.create_domain(name="care")


def test_a_sixth_domain_is_over_the_quota(empty, refused):
    for number in range(5):
        empty.create_domain(name=f"care {number}")
    with refused("ServiceQuotaExceededException") as error:
        empty.create_domain(name="care 6")
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 402


def test_domains_are_listed_in_pages(empty):
    for number in range(3):
        empty.create_domain(name=f"care {number}")
    first = empty.list_domains(maxResults=2)
    second = empty.list_domains(maxResults=2, nextToken=first["nextToken"])
    names = [domain["name"] for domain in first["domains"] + second["domains"]]
    assert names == ["care 0", "care 1", "care 2"]
    assert "nextToken" not in second


def test_a_domain_of_another_region_does_not_exist(sandbox, seeded, connect, refused):
    elsewhere = connect(sandbox.url, region="eu-west-2")
    assert elsewhere.list_domains()["domains"] == []
    with refused("ResourceNotFoundException") as error:
        elsewhere.get_domain(domainId=seeded.domain)
    assert error.response["resourceId"] == seeded.domain
    assert error.response["resourceType"] == "Domain"


def test_the_same_domain_name_can_be_used_in_two_regions(sandbox, connect):
    made = connect(sandbox.url, region="eu-west-2").create_domain(name="support")
    assert ":eu-west-2:" in made["domainArn"]


@pytest.mark.parametrize("name", ["", " ", "x" * 101])
def test_a_domain_name_has_1_to_100_characters_and_is_not_blank(send, name):
    assert send("POST", "/domains", {"name": name})[0] == 400
