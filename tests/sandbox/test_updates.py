"""UpdateCase: what it sets, what it refuses, what it sets along."""

import pytest

AGENT = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/a"


@pytest.fixture
def case(care):
    return care.create({"Note": "before"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Löschen\x00 & weiter\u2028"),
        ("summary", "x" * 3000),
        ("Note", "😀" * 4100),
        ("Country", "x" * 500),
        ("Score", -1e308),
        ("Score", 5),
        ("VIP", True),
        ("Priority", "low"),
        ("Follow up on", "2026-12-01T09:00:00.000Z"),
        ("Tracking link", "https://example.com/" + "x" * 4080),
        ("Case owner", AGENT),
        ("assigned_user", AGENT.replace("/agent/", "/user/")),
        ("customer_id", "arn:aws:profile:us-west-2:111122223333:domains/d/profiles/p"),
    ],
)
def test_a_value_is_read_back_as_it_was_written(care, case, name, value):
    care.update(case, {name: value})
    assert care.read(case, name) == {name: value}


def test_only_the_named_fields_change(care, case):
    care.update(case, {"Score": 1})
    assert care.read(case, "title", "Note") == {"title": "A case", "Note": "before"}


def test_an_empty_value_clears_a_field(care, case):
    care.update(case, {"Note": None})
    assert care.read(case, "Note") == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Score", "5"),
        ("VIP", "true"),
        ("VIP", 1),
        ("Note", 5),
        ("Note", True),
        ("Priority", 1),
        ("Follow up on", 1732352400),
        ("Tracking link", 1),
        ("Case owner", "ann"),
        ("Note", {"userArnValue": AGENT}),
        ("Follow up on", "2026-12-01"),
        ("Follow up on", "2026-12-01T09:00:00"),
        ("Follow up on", "tomorrow"),
        ("Case owner", {"userArnValue": "ann"}),
        ("Country", "x" * 501),
        ("summary", "x" * 3001),
        ("title", "x" * 501),
        ("Note", "x" * 4101),
        ("Channel", "fax"),
        ("Priority", "Low"),
        ("status", "reopened"),
    ],
)
def test_a_value_the_field_does_not_take_is_refused(care, case, refused, name, value):
    with refused("ValidationException") as error:
        care.update(case, {"Score": 9, name: value})
    assert care.id(name) in error.message or "stringValue" in error.message
    assert care.read(case, "Score") == {}


@pytest.mark.parametrize(
    "name",
    [
        "case_id",
        "created_datetime",
        "last_updated_datetime",
        "last_closed_datetime",
        "last_reopened_datetime",
        "next_sla_breach_datetime",
        "created_by",
        "last_updated_user",
        "reference_number",
        "reference_id",
    ],
)
def test_a_read_only_field_is_refused(care, case, refused, name):
    with refused("ValidationException") as error:
        care.update(case, {name: None})
    assert name in error.message and "read-only" in error.message


def test_one_wrong_field_undoes_the_whole_update(care, case, refused):
    with refused("ValidationException"):
        care.update(case, {"Note": "after", "nothing": "x"})
    assert care.read(case, "Note") == {"Note": "before"}
    assert len(care.history(case)) == 1


def test_a_field_is_named_once(care, case, refused):
    twice = [*care.items({"Note": "a"}), *care.items({"Note": "b"})]
    with refused("ValidationException"):
        care.client.update_case(domainId=care.domain, caseId=case, fields=twice)


def test_an_update_has_at_most_220_fields(care, case, refused):
    names = [
        care.client.create_field(domainId=care.domain, name=f"F{number}", type="Number")["fieldId"]
        for number in range(221)
    ]
    with refused("ValidationException"):
        care.update(case, dict.fromkeys(names, 1))
    care.update(case, dict.fromkeys(names[:220], 1))
    assert len(care.read(case, *names[:220])) == 220


@pytest.mark.parametrize("name", ["title", "status"])
def test_title_and_status_cannot_be_emptied(care, case, refused, name):
    with refused("ValidationException"):
        care.update(case, {name: None})


def test_a_required_field_cannot_be_emptied(care, refused):
    case = care.create({"Severity": "high", "Product": "tv"}, template="Outage")
    with refused("ValidationException") as error:
        care.update(case, {"Severity": None})
    assert "required" in error.message


def test_an_update_notes_when_and_by_whom(care, case, clock):
    clock.advance(61.5)
    care.update(case, {"Note": "x"}, performedBy={"userArn": AGENT})
    assert care.read(case, "created_datetime", "last_updated_datetime", "last_updated_user") == {
        "created_datetime": "2026-11-23T09:00:00.000Z",
        "last_updated_datetime": "2026-11-23T09:01:01.500Z",
        "last_updated_user": AGENT,
    }


def test_closing_and_reopening_are_noted(care, case, clock):
    times = ("last_closed_datetime", "last_reopened_datetime")
    clock.advance(60)
    care.update(case, {"status": "closed"})
    assert care.read(case, *times) == {"last_closed_datetime": "2026-11-23T09:01:00.000Z"}
    clock.advance(60)
    care.update(case, {"status": "closed"})
    assert care.read(case, *times) == {"last_closed_datetime": "2026-11-23T09:01:00.000Z"}
    clock.advance(60)
    care.update(case, {"status": "open"})
    assert care.read(case, *times) == {
        "last_closed_datetime": "2026-11-23T09:01:00.000Z",
        "last_reopened_datetime": "2026-11-23T09:03:00.000Z",
    }


def test_an_update_of_an_unknown_case_is_not_found(care, refused):
    with refused("ResourceNotFoundException"):
        care.update("nothing", {"Note": "x"})


def test_the_answer_is_an_empty_structure(care, case, send):
    status, headers, body = send("PUT", f"/domains/{care.domain}/cases/{case}", {"fields": []})
    assert (status, body, headers["Content-Type"]) == (200, b"{}", "application/json")
