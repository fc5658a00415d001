"""Tags of resources, named by ARN."""

import pytest


@pytest.fixture
def arns(care):
    domain = f"arn:aws:cases:us-west-2:111122223333:domain/{care.domain}"
    return {
        "domain": domain,
        "case": f"{domain}/case/{care.create(template='Account access')}",
        "field": f"{domain}/field/{care.id('VIP')}",
        "template": f"{domain}/template/{care.templates['Outage']}",
    }


@pytest.mark.parametrize("kind", ["domain", "case", "field", "template"])
def test_tags_can_be_added_changed_and_taken_away(care, arns, kind):
    arn = arns[kind]
    before = care.client.list_tags_for_resource(arn=arn)["tags"]
    care.client.tag_resource(arn=arn, tags={"a": "1", "b": ""})
    care.client.tag_resource(arn=arn, tags={"a": "2", "c:d": "x y"})
    assert care.client.list_tags_for_resource(arn=arn)["tags"] == {
        **before,
        "a": "2",
        "b": "",
        "c:d": "x y",
    }
    care.client.untag_resource(arn=arn, tagKeys=["a", "b", "nothing"])
    assert care.client.list_tags_for_resource(arn=arn)["tags"] == {**before, "c:d": "x y"}


def test_tags_show_in_the_resources_themselves(care, arns):
    for arn in arns.values():
        care.client.tag_resource(arn=arn, tags={"a": "1"})
    case = arns["case"].rpartition("/")[2]
    domain = care.domain
    assert care.client.get_domain(domainId=domain)["tags"] == {"a": "1"}
    template = care.client.get_template(domainId=domain, templateId=care.templates["Outage"])
    assert template["tags"] == {"a": "1"}
    got = care.client.get_case(domainId=domain, caseId=case, fields=[{"id": "title"}])
    assert got["tags"] == {"team": "care", "a": "1"}


def test_tagging_a_case_is_no_update_of_it(care, arns, clock):
    case = arns["case"].rpartition("/")[2]
    before = care.read(case, "last_updated_datetime")
    clock.advance(10)
    care.client.tag_resource(arn=arns["case"], tags={"a": "1"})
    assert care.read(case, "last_updated_datetime") == before
    assert len(care.history(case)) == 1


@pytest.mark.parametrize(
    "tags", [{"aws:x": "1"}, {"AWS:x": "1"}, {"a#": "1"}, {"a": "#"}, {"a": "x" * 257}, {"": "x"}]
)
def test_a_tag_has_a_permitted_key_and_value(care, arns, refused, tags):
    with refused("ValidationException"):
        care.client.tag_resource(arn=arns["case"], tags=tags)


def test_a_resource_has_at_most_50_tags(care, arns, refused):
    care.client.tag_resource(arn=arns["domain"], tags={f"k{number}": "v" for number in range(50)})
    with refused("ValidationException"):
        care.client.tag_resource(arn=arns["domain"], tags={"one-more": "v"})


@pytest.mark.parametrize("kind", ["case", "field", "template", "layout"])
def test_an_unknown_resource_is_not_found(care, arns, refused, kind):
    with refused("ResourceNotFoundException"):
        care.client.list_tags_for_resource(arn=f"{arns['domain']}/{kind}/nothing")


@pytest.mark.parametrize("change", [("us-west-2", "eu-west-2"), ("111122223333", "999999999999")])
def test_a_resource_of_another_region_or_account_is_not_found(care, arns, refused, change):
    with refused("ResourceNotFoundException"):
        care.client.list_tags_for_resource(arn=arns["domain"].replace(*change))


@pytest.mark.parametrize(
    "arn", ["x", "arn:aws:s3:::bucket", "arn:aws:cases:us-west-2:111122223333:domain"]
)
def test_what_is_no_arn_of_the_service_is_refused(care, refused, arn):
    with refused("ValidationException"):
        care.client.list_tags_for_resource(arn=arn)
