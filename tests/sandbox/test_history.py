"""The audit history of cases."""

import pytest

AGENT = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/a"
PRINCIPAL = "arn:aws:iam::111122223333:user/sandbox"


def changes(care, event):
    names = {field_id: name for name, field_id in care.fields.items()}
    return {
        names.get(field["eventFieldId"], field["eventFieldId"]): (
            field.get("oldValue"),
            field["newValue"],
        )
        for field in event["fields"]
    }


def test_the_creation_is_the_first_event(care):
    case = care.create({"Score": 3}, performedBy={"customEntity": "importer"})
    (event,) = care.history(case)
    assert event["type"] == "Case.Created"
    assert event["performedBy"] == {
        "user": {"customEntity": "importer"},
        "iamPrincipalArn": PRINCIPAL,
    }
    found = changes(care, event)
    assert found["Title"] == (None, {"stringValue": "A case"})
    assert found["Score"] == (None, {"doubleValue": 3.0})
    assert found["Status"] == (None, {"stringValue": "open"})


def test_an_update_tells_old_and_new_values(care, clock):
    case = care.create({"Score": 3, "Note": "x"})
    clock.advance(5)
    care.update(case, {"Score": 4, "Note": None, "VIP": True})
    event = care.history(case)[0]
    assert event["type"] == "Case.Updated"
    assert event["performedTime"].isoformat() == "2026-11-23T09:00:05+00:00"
    assert event["performedBy"] == {"iamPrincipalArn": PRINCIPAL}
    assert changes(care, event) == {
        "Score": ({"doubleValue": 3.0}, {"doubleValue": 4.0}),
        "Note": ({"stringValue": "x"}, {"emptyValue": {}}),
        "VIP": (None, {"booleanValue": True}),
    }


def test_an_update_by_a_user_names_the_user(care):
    case = care.create()
    care.update(case, {"Score": 4}, performedBy={"userArn": AGENT})
    assert care.history(case)[0]["performedBy"]["user"] == {"userArn": AGENT}


def test_events_come_newest_first_in_pages(care):
    case = care.create()
    for score in range(6):
        care.update(case, {"Score": score})
    found, token = [], {}
    while True:
        page = care.client.get_case_audit_events(
            domainId=care.domain, caseId=case, maxResults=3, **token
        )
        found += page["auditEvents"]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    scores = [event["fields"][0]["newValue"].get("doubleValue") for event in found]
    assert scores == [5, 4, 3, 2, 1, 0, None]
    assert len({event["eventId"] for event in found}) == 7


def test_a_page_has_at_most_25_events(care, refused):
    with refused("ValidationException"):
        care.history(care.create(), maxResults=26)


def test_a_page_token_belongs_to_its_case(care, refused):
    first, second = care.create(), care.create()
    care.update(first, {"Score": 1})
    token = care.client.get_case_audit_events(domainId=care.domain, caseId=first, maxResults=1)[
        "nextToken"
    ]
    with refused("ValidationException"):
        care.history(second, nextToken=token)


@pytest.mark.parametrize("entity", ["", "with\nline", "ends with space ", "x" * 501, "a#b"])
def test_a_custom_entity_has_a_pattern(care, refused, entity):
    with refused("ValidationException"):
        care.update(care.create(), {"Score": 1}, performedBy={"customEntity": entity})


def test_who_performed_an_action_is_one_of_two_kinds(care, refused):
    with refused("ValidationException"):
        care.update(
            care.create(), {"Score": 1}, performedBy={"customEntity": "x", "userArn": AGENT}
        )
