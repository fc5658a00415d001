"""Templates of a domain as clients see them."""

import pytest


def test_a_template_can_be_made_and_read(care):
    made = care.client.create_template(
        domainId=care.domain,
        name="Return",
        description="Goods that come back",
        requiredFields=[{"fieldId": care.id("Order number")}],
        layoutConfiguration={"defaultLayout": "layout-1"},
        rules=[{"caseRuleId": "rule-1", "fieldId": care.id("VIP")}],
        tagPropagationConfigurations=[{"resourceType": "Cases", "tagMap": {"team": "returns"}}],
    )
    template = care.client.get_template(domainId=care.domain, templateId=made["templateId"])
    assert template["templateArn"] == made["templateArn"]
    assert (template["name"], template["status"]) == ("Return", "Active")
    assert template["description"] == "Goods that come back"
    assert template["requiredFields"] == [{"fieldId": care.id("Order number")}]
    assert template["layoutConfiguration"] == {"defaultLayout": "layout-1"}
    assert template["rules"] == [{"caseRuleId": "rule-1", "fieldId": care.id("VIP")}]
    assert template["tagPropagationConfigurations"][0]["tagMap"] == {"team": "returns"}


def test_an_update_leaves_what_it_does_not_name(care):
    template_id = care.templates["Outage"]
    before = care.client.get_template(domainId=care.domain, templateId=template_id)
    care.client.update_template(domainId=care.domain, templateId=template_id, name="Outages")
    after = care.client.get_template(domainId=care.domain, templateId=template_id)
    assert after["name"] == "Outages"
    same = ("description", "requiredFields", "status", "tagPropagationConfigurations")
    assert [after[key] for key in same] == [before[key] for key in same]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"description": "new"}, {"description": "new"}),
        ({"requiredFields": []}, {"requiredFields": []}),
        ({"rules": [{"caseRuleId": "r"}]}, {"rules": [{"caseRuleId": "r"}]}),
        ({"tagPropagationConfigurations": []}, {"tagPropagationConfigurations": []}),
        ({"layoutConfiguration": {"defaultLayout": "l"}},) * 2,
    ],
)
def test_every_attribute_can_be_updated(care, given, shown):
    template_id = care.templates["Outage"]
    care.client.update_template(domainId=care.domain, templateId=template_id, **given)
    template = care.client.get_template(domainId=care.domain, templateId=template_id)
    assert {key: template[key] for key in shown} == shown


def test_an_update_without_any_attribute_is_refused(care, refused):
    with refused("ValidationException"):
        care.client.update_template(domainId=care.domain, templateId=care.templates["Outage"])


def test_a_required_field_must_exist(care, refused):
    with refused("ValidationException"):
        care.client.create_template(
            domainId=care.domain, name="x", requiredFields=[{"fieldId": "nothing"}]
        )


def test_a_deleted_field_is_no_longer_required(care):
    care.client.delete_field(domainId=care.domain, fieldId=care.id("Order number"))
    template = care.client.get_template(
        domainId=care.domain, templateId=care.templates["Delivery problem"]
    )
    assert template["requiredFields"] == [{"fieldId": "title"}]
    care.create(template="Delivery problem")


def test_a_template_name_is_taken_once(care, refused):
    with refused("ConflictException"):
        care.client.create_template(domainId=care.domain, name="Outage")


def test_an_inactive_template_makes_no_cases(care, refused):
    template_id = care.templates["Account access"]
    care.client.update_template(domainId=care.domain, templateId=template_id, status="Inactive")
    with refused("ValidationException"):
        care.create(template="Account access")


def test_templates_are_listed_by_status_and_in_pages(care):
    care.client.update_template(
        domainId=care.domain, templateId=care.templates["Complaint"], status="Inactive"
    )

    def names(**more):
        reply = care.client.list_templates(domainId=care.domain, **more)
        return [template["name"] for template in reply["templates"]], reply.get("nextToken")

    assert names(status=["Inactive"])[0] == ["Complaint"]
    assert len(names(status=["Active", "Inactive"])[0]) == 5
    first, token = names(maxResults=3, status=["Active"])
    second, end = names(maxResults=3, status=["Active"], nextToken=token)
    assert first + second == ["Outage", "Billing question", "Delivery problem", "Account access"]
    assert end is None


def test_an_unknown_template_is_not_found(care, refused):
    with refused("ResourceNotFoundException") as error:
        care.client.get_template(domainId=care.domain, templateId="nothing")
    assert error.response["resourceType"] == "Template"


def test_a_domain_has_at_most_100_templates(care, refused):
    for number in range(95):
        care.client.create_template(domainId=care.domain, name=f"Template {number}")
    with refused("ServiceQuotaExceededException"):
        care.client.create_template(domainId=care.domain, name="One more")
