"""Options of single-select fields as clients see them."""

import pytest


def options(care, name, **more):
    reply = care.client.list_field_options(domainId=care.domain, fieldId=care.id(name), **more)
    return {option["value"]: (option["name"], option["active"]) for option in reply["options"]}


def put(care, name, *given):
    keys = ("value", "name", "active")
    return care.client.batch_put_field_options(
        domainId=care.domain,
        fieldId=care.id(name),
        options=[dict(zip(keys, one, strict=True)) for one in given],
    )["errors"]


def test_an_option_can_be_added_and_used(care):
    assert put(care, "Priority", ("none", "None at all", True)) == []
    assert options(care, "Priority")["none"] == ("None at all", True)
    care.update(care.some_cases(1)[0], {"Priority": "none"})


def test_an_option_is_changed_by_its_value(care):
    put(care, "Priority", ("low", "Lowest", False))
    assert options(care, "Priority") == {
        "low": ("Lowest", False),
        "medium": ("Medium", True),
        "high": ("High", True),
        "critical": ("Critical", True),
    }


def test_case_reasons_can_be_added(care):
    put(care, "case_reason", ("other", "Other", True))
    care.update(care.some_cases(1)[0], {"case_reason": "other"})


def test_a_built_in_status_cannot_be_changed_but_others_can_be_added(care):
    errors = put(care, "status", ("open", "Aperto", True), ("pending", "Pending", True))
    assert [error["value"] for error in errors] == ["open"]
    assert options(care, "status")["open"] == ("Open", True)
    case = care.some_cases(1)[0]
    care.update(case, {"status": "pending"})
    assert care.read(case, "status") == {"status": "pending"}


def test_an_option_name_cannot_end_with_a_space(care, refused):
    with refused("ValidationException"):
        put(care, "Priority", ("a", "A ", True), ("b", "B", True))
    assert "b" not in options(care, "Priority")


def test_options_can_be_asked_for_by_value(care):
    assert options(care, "Priority", values=["high"]) == {"high": ("High", True)}


def test_options_are_listed_in_pages(care):
    def page(**more):
        return care.client.list_field_options(
            domainId=care.domain, fieldId=care.id("Channel"), maxResults=3, **more
        )

    first = page()
    second = page(nextToken=first["nextToken"])
    assert len(first["options"]) == 3
    assert [option["value"] for option in second["options"]] == ["web_form", "fax"]
    assert "nextToken" not in second


def test_other_fields_have_no_options(care, refused):
    with refused("ValidationException"):
        options(care, "Note")


def test_an_option_is_given_once_in_a_request(care, refused):
    with refused("ValidationException"):
        put(care, "Priority", ("a", "A", True), ("a", "B", True))


def test_a_request_has_at_most_50_options(care, refused):
    with refused("ValidationException"):
        put(care, "Priority", *((f"v{number}", "Name", True) for number in range(51)))


def test_a_field_has_at_most_500_options(care):
    for start in range(0, 500, 50):
        given = ((f"v{number}", f"Name {number}", True) for number in range(start, start + 50))
        errors = put(care, "Priority", *given)
    assert len(options(care, "Priority", maxResults=100)) == 100
    assert [error["value"] for error in errors] == ["v496", "v497", "v498", "v499"]
    assert {error["errorCode"] for error in errors} == {"ServiceQuotaExceededException"}
    assert put(care, "Priority", ("v1", "Renamed", True)) == []


@pytest.mark.parametrize("value", ["low", "nowhere", "", "Low"])
def test_a_single_select_takes_the_value_of_an_option_only(care, refused, value):
    case = care.create()
    if value == "low":
        care.update(case, {"Priority": value})
    else:
        with refused("ValidationException") as error:
            care.update(case, {"Priority": value})
        assert "Priority" in error.message
