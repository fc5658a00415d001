"""Creating, reading and deleting cases."""

import pytest

AGENT = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/a"


def test_a_case_holds_what_it_was_created_with(care):
    values = {
        "title": "Line dead – 3rd call, “urgent” 😠",
        "summary": "first line\nsecond line",
        "status": "closed",
        "case_reason": "outage",
        "Priority": "high",
        "VIP": False,
        "Score": 4.5,
        "Follow up on": "2026-12-01T09:00:00.000Z",
        "Note": "NO",
        "Order number": "012",
        "Tracking link": "https://example.com/?a=1&b=2",
        "Case owner": AGENT,
    }
    case = care.create(values)
    assert care.read(case, *values) == values


def test_a_new_case_gets_its_system_fields(care, clock):
    case = care.create()
    found = care.read(
        case,
        "case_id",
        "status",
        "reference_number",
        "reference_id",
        "created_datetime",
        "last_updated_datetime",
        "last_closed_datetime",
        "created_by",
        "last_updated_user",
    )
    assert found["case_id"] == case
    assert found["status"] == "open"
    assert len(found["reference_number"]) == 8 and found["reference_number"].isdigit()
    assert len(found["reference_id"]) == 9 and found["reference_id"].isalnum()
    assert found["created_datetime"] == "2026-11-23T09:00:00.000Z"
    assert found["last_updated_datetime"] == found["created_datetime"]
    assert "last_closed_datetime" not in found
    assert found["created_by"] == "arn:aws:iam::111122223333:user/sandbox"


def test_a_case_created_by_a_user_says_so(care):
    case = care.create(performedBy={"userArn": AGENT})
    assert care.read(case, "created_by") == {"created_by": AGENT}


def test_both_references_can_be_chosen_at_creation(care):
    case = care.create({"reference_number": "A-1", "reference_id": "Mine/1#x"})
    assert care.read(case, "reference_number", "reference_id") == {
        "reference_number": "A-1",
        "reference_id": "Mine/1#x",
    }


def test_a_reference_id_is_unique_whatever_its_letters_case(care, refused):
    care.create({"reference_id": "Mine"})
    with refused("ConflictException"):
        care.create({"reference_id": "mINE"})


def test_a_reference_number_need_not_be_unique(care):
    care.create({"reference_number": "7"})
    care.create({"reference_number": "7"})


@pytest.mark.parametrize("reference", ["", "with space", "ä", "x" * 51])
def test_a_reference_has_up_to_50_plain_characters(care, refused, reference):
    with refused("ValidationException"):
        care.create({"reference_id": reference})


def test_a_case_needs_a_title(care, refused):
    with refused("ValidationException") as error:
        care.create({"title": None})
    assert "title" in error.message


def test_a_case_needs_what_its_template_requires(care, refused):
    with refused("ValidationException") as error:
        care.create({"Severity": "high"}, template="Outage")
    assert care.id("Product") in error.message
    assert care.id("Severity") not in error.message
    care.create({"Severity": "high", "Product": "tv"}, template="Outage")


def test_a_template_passes_its_tags_on_and_explicit_tags_win(care):
    first = care.create()
    second = care.create(tags={"team": "logistics", "shift": "night"})

    def tags(case):
        return care.client.get_case(domainId=care.domain, caseId=case, fields=[{"id": "title"}])[
            "tags"
        ]

    assert tags(first) == {"team": "care"}
    assert tags(second) == {"team": "logistics", "shift": "night"}


def test_a_case_of_an_unknown_template_is_not_made(care, refused):
    with refused("ResourceNotFoundException"):
        care.client.create_case(
            domainId=care.domain, templateId="nothing", fields=care.items({"title": "x"})
        )


@pytest.mark.parametrize("name", ["created_datetime", "case_id", "created_by"])
def test_a_read_only_field_cannot_be_chosen_at_creation(care, refused, name):
    with refused("ValidationException") as error:
        care.create({name: AGENT if name == "created_by" else "2026-11-23T09:00:00Z"})
    assert name in error.message


def test_the_same_token_makes_one_case(care, refused):
    first = care.create(clientToken="t1")
    assert care.create(clientToken="t1") == first
    assert care.create(clientToken="t2") != first
    with refused("ConflictException"):
        care.create({"title": "Another"}, clientToken="t1")


def test_an_empty_token_is_no_token(care):
    assert care.create(clientToken="") != care.create(clientToken="")


def test_fields_come_in_the_order_asked_for_and_once(care):
    case = care.create({"Note": "x", "Score": 1})
    names = ["Note", "status", "Score", "title", "status"]
    reply = care.client.get_case(
        domainId=care.domain, caseId=case, fields=[{"id": care.id(name)} for name in names]
    )
    assert [field["id"] for field in reply["fields"]] == [care.id(name) for name in names[:4]]
    assert reply["templateId"] == care.templates["Account access"]


def test_a_read_has_1_to_220_fields(care, refused):
    case = care.create()
    care.read(case, *["title"] * 220)
    with refused("ValidationException"):
        care.read(case, *["title"] * 221)
    with refused("ValidationException"):
        care.read(case)


@pytest.mark.parametrize("case", ["nothing", "a/b", "..", ".", "a:b#c=d+e", "%2F", "x" * 500])
def test_an_unknown_case_is_not_found(care, refused, case):
    code = "ValidationException" if "%" in case else "ResourceNotFoundException"
    with refused(code) as error:
        care.read(case, "title")
    if code == "ResourceNotFoundException":
        assert error.response["resourceId"] == case
        assert error.response["resourceType"] == "Case"


def test_a_deleted_case_is_gone_with_its_history(care, refused):
    case = care.create()
    care.client.delete_case(domainId=care.domain, caseId=case)
    for call in (
        lambda: care.read(case, "title"),
        lambda: care.history(case),
        lambda: care.update(case, {}),
        lambda: care.client.delete_case(domainId=care.domain, caseId=case),
    ):
        with refused("ResourceNotFoundException"):
            call()
    assert case not in care.search(maxResults=100)


def test_the_reference_id_of_a_deleted_case_is_free_again(care):
    case = care.create({"reference_id": "mine"})
    care.client.delete_case(domainId=care.domain, caseId=case)
    care.create({"reference_id": "mine"})
