"""Fields of a domain as clients see them."""

import sqlite3
from contextlib import closing

import pytest

TYPES = ("Text", "Number", "Boolean", "DateTime", "SingleSelect", "Url", "User")


def get_field(care, *ids):
    return care.client.batch_get_field(domainId=care.domain, fields=[{"id": one} for one in ids])


@pytest.mark.parametrize("kind", TYPES)
def test_a_field_of_every_type_can_be_made_and_read(care, kind):
    made = care.client.create_field(
        domainId=care.domain, name=f"New {kind}", type=kind, description="why"
    )
    (field,) = get_field(care, made["fieldId"])["fields"]
    assert (field["name"], field["type"], field["namespace"]) == (f"New {kind}", kind, "Custom")
    assert field["description"] == "why"
    assert field["fieldArn"] == made["fieldArn"]
    assert "deleted" not in field


def test_a_system_field_carries_the_tag_seen_in_the_only_captured_reply(care):
    (field,) = get_field(care, "case_id")["fields"]
    assert field["name"] == "Case Id"
    assert field["tags"] == {"resourceArn": field["fieldArn"]}


def test_only_text_fields_have_text_attributes(care, refused):
    fields = care.client.list_fields(domainId=care.domain)["fields"]
    assert {field["type"] for field in fields if "attributes" in field} == {"Text"}
    with refused("ValidationException"):
        care.client.create_field(
            domainId=care.domain,
            name="x",
            type="Number",
            attributes={"text": {"isMultiline": True}},
        )


def test_a_field_can_be_renamed_and_given_several_lines(care):
    field_id = care.id("Root cause")
    care.client.update_field(
        domainId=care.domain,
        fieldId=field_id,
        name="Cause",
        attributes={"text": {"isMultiline": True}},
    )
    (field,) = get_field(care, field_id)["fields"]
    assert field["name"] == "Cause"
    assert field["description"] == "What turned out to be wrong"
    assert field["attributes"]["text"]["isMultiline"]
    care.update(care.some_cases(1)[0], {field_id: "x" * 4100})


def test_a_field_name_is_taken_once_until_the_field_is_deleted(care, refused):
    with refused("ConflictException"):
        care.client.create_field(domainId=care.domain, name="Priority", type="Text")
    with refused("ConflictException"):
        care.client.update_field(domainId=care.domain, fieldId=care.id("VIP"), name="Priority")
    care.client.update_field(domainId=care.domain, fieldId=care.id("VIP"), name="VIP")
    care.client.delete_field(domainId=care.domain, fieldId=care.id("Priority"))
    care.client.create_field(domainId=care.domain, name="Priority", type="Text")


def test_system_fields_cannot_be_changed_or_deleted(care, refused):
    with refused("ValidationException"):
        care.client.update_field(domainId=care.domain, fieldId="title", name="Headline")
    with refused("ValidationException"):
        care.client.delete_field(domainId=care.domain, fieldId="title")


def test_a_deleted_field_is_no_longer_listed_but_can_be_read(care):
    field_id = care.id("VIP")
    care.client.delete_field(domainId=care.domain, fieldId=field_id)
    listed = [field["fieldId"] for field in care.client.list_fields(domainId=care.domain)["fields"]]
    assert field_id not in listed
    (field,) = get_field(care, field_id)["fields"]
    assert field["deleted"] is True


def test_a_deleted_field_cannot_be_changed(care, refused):
    field_id = care.id("Product")
    care.client.delete_field(domainId=care.domain, fieldId=field_id)
    with refused("ValidationException"):
        care.client.update_field(domainId=care.domain, fieldId=field_id, name="x")
    with refused("ValidationException"):
        care.client.batch_put_field_options(domainId=care.domain, fieldId=field_id, options=[])


def test_a_deleted_field_is_kept_by_the_cases_that_have_a_value(care, refused):
    having, lacking = care.create({"Score": 4}), care.create()
    field_id = care.id("Score")
    care.client.delete_field(domainId=care.domain, fieldId=field_id)
    assert care.read(having, field_id) == {field_id: 4.0}
    assert care.search(filter=care.where("equalTo", field_id, 4.0)).count(having) == 1
    with refused("ValidationException"):
        care.update(lacking, {field_id: 5})
    with refused("ValidationException") as error:
        care.create({field_id: 5})
    assert field_id in error.message
    care.update(having, {field_id: 5})
    assert care.read(having, field_id) == {field_id: 5.0}
    care.update(having, {field_id: None})
    assert care.read(having, field_id) == {}


def test_fields_are_listed_in_pages_system_fields_first(care):
    fields, token = [], {}
    while True:
        page = care.client.list_fields(domainId=care.domain, maxResults=10, **token)
        fields += page["fields"]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert len(fields) == 33
    assert [field["namespace"] for field in fields] == ["System"] * 17 + ["Custom"] * 16


def test_a_batch_of_fields_reports_unknown_ids_one_by_one(care):
    reply = get_field(care, "title", "nothing")
    assert [field["fieldId"] for field in reply["fields"]] == ["title"]
    assert [error["id"] for error in reply["errors"]] == ["nothing"]


def test_a_batch_of_fields_has_at_most_50(care, refused):
    with refused("ValidationException"):
        get_field(care, *["title"] * 51)


def test_an_unknown_field_is_not_found(care, refused):
    with refused("ResourceNotFoundException") as error:
        care.client.delete_field(domainId=care.domain, fieldId="nothing")
    assert (error.response["resourceType"], error.response["resourceId"]) == ("Field", "nothing")


def test_a_domain_has_at_most_500_custom_fields(care, sandbox, refused):
    with closing(sqlite3.connect(sandbox.db)) as connection, connection:
        connection.executemany(
            "INSERT INTO fields (domain, field_id, name, type, namespace, created, modified, tags)"
            " VALUES (1, ?, ?, 'Text', 'Custom', '', '', '{}')",
            [(f"f{number}", f"Field {number}") for number in range(500 - 17)],
        )
    care.client.create_field(domainId=care.domain, name="The 500th", type="Text")
    with refused("ServiceQuotaExceededException"):
        care.client.create_field(domainId=care.domain, name="One more", type="Text")
