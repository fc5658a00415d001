"""BatchUpdateCase: the same values for many cases, each of which succeeds or fails by itself."""

import pytest


@pytest.fixture
def batch(care):
    def batch(cases, fields=None, **more):
        identifiers = [
            {"caseIdentifier": case if isinstance(case, dict) else {"caseId": case}}
            for case in cases
        ]
        items = [
            {"fieldIdentifier": {"id": item["id"]}, "value": item["value"]}
            for item in care.items(fields or {})
        ]
        return care.client.batch_update_case(
            domainId=care.domain, cases=identifiers, fields=items, **more
        )

    return batch


def failures(reply):
    return [(one["caseIdentifier"], one["errorCode"]) for one in reply["failedCases"]]


def succeeded(reply):
    return [one["caseIdentifier"]["caseId"] for one in reply["successfulCases"]]


def test_the_same_values_go_to_every_case(care, batch):
    cases = [care.create() for _ in range(3)]
    reply = batch(cases, {"Priority": "high"}, title="New", status="closed", customerId="arn:x")
    assert succeeded(reply) == cases
    assert reply["failedCases"] == []
    for case in cases:
        assert care.read(case, "Priority", "title", "status", "customer_id") == {
            "Priority": "high",
            "title": "New",
            "status": "closed",
            "customer_id": "arn:x",
        }
        assert "last_closed_datetime" in care.read(case, "last_closed_datetime")


def test_the_reply_names_each_case_in_full(care, batch):
    case = care.create({"reference_id": "R1", "reference_number": "7"})
    assert batch([case], title="New")["successfulCases"] == [
        {"caseIdentifier": {"caseId": case, "referenceId": "R1", "referenceNumber": "7"}}
    ]


def test_a_case_can_be_named_by_its_reference_id(care, batch):
    case = care.create({"reference_id": "Ref1"})
    assert succeeded(batch([{"referenceId": "rEF1"}], title="New")) == [case]


def test_a_field_can_be_named_by_its_name(care):
    case = care.create()
    care.client.batch_update_case(
        domainId=care.domain,
        cases=[{"caseIdentifier": {"caseId": case}}],
        fields=[{"fieldIdentifier": {"name": "Note"}, "value": {"stringValue": "x"}}],
    )
    assert care.read(case, "Note") == {"Note": "x"}


def test_one_case_fails_and_the_others_do_not(care, batch):
    outage = care.create({"Severity": "high", "Product": "tv"}, template="Outage")
    other = care.create({"Severity": "high"})
    reply = batch([outage, "nothing", other], {"Severity": None})
    assert succeeded(reply) == [other]
    assert failures(reply) == [
        ({"caseId": outage}, "VALIDATION_ERROR"),
        ({"caseId": "nothing"}, "CASE_NOT_FOUND"),
    ]
    assert care.read(outage, "Severity") == {"Severity": "high"}
    assert care.read(other, "Severity") == {}


@pytest.mark.parametrize("values", [{"Score": "x"}, {"case_id": "x"}, {"Channel": "fax"}])
def test_a_value_no_case_takes_fails_case_by_case(care, batch, values):
    cases = [care.create(), care.create()]
    assert [code for _, code in failures(batch(cases, values))] == ["VALIDATION_ERROR"] * 2


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("throttle", "THROTTLED"),
        ("conflict", "CONFLICT"),
        ("access-denied", "ACCESS_DENIED"),
        ("not-found", "CASE_NOT_FOUND"),
        ("error", "INTERNAL_ERROR"),
        ("unavailable", "INTERNAL_ERROR"),
    ],
)
def test_a_fault_for_one_case_fails_that_case(care, batch, sandbox, kind, code):
    cases = [care.create() for _ in range(3)]
    sandbox.faults.set([{"kind": kind, "case": cases[1], "times": 1}])
    reply = batch(cases, title="New")
    assert failures(reply) == [({"caseId": cases[1]}, code)]
    assert succeeded(reply) == [cases[0], cases[2]]
    assert succeeded(batch(cases, title="New")) == cases


def test_an_unknown_domain_fails_the_request(care, refused):
    with refused("ResourceNotFoundException") as error:
        care.client.batch_update_case(
            domainId="nothing",
            cases=[{"caseIdentifier": {"caseId": "x"}}],
            fields=[],
            title="New",
        )
    assert error.response["resourceType"] == "Domain"


def test_an_unknown_reference_id_fails_the_request(care, batch, refused):
    case = care.create()
    with refused("ResourceNotFoundException"):
        batch([case, {"referenceId": "nothing"}], title="New")
    assert care.read(case, "title") == {"title": "A case"}


def test_a_case_named_twice_fails_the_request(care, batch, refused):
    case = care.create({"reference_id": "R1"})
    for twice in ([case, case], [case, {"referenceId": "R1"}]):
        with refused("ValidationException"):
            batch(twice, title="New")


def test_a_request_without_any_update_fails(care, batch, refused):
    with refused("ValidationException"):
        batch([care.create()])


@pytest.mark.parametrize(
    "identifier", [{"id": "nothing"}, {"name": "Nothing"}, {"name": "a|b"}, {"name": "a,b"}]
)
def test_a_field_that_cannot_be_found_fails_the_request(care, refused, identifier):
    with refused("ValidationException"):
        care.client.batch_update_case(
            domainId=care.domain,
            cases=[{"caseIdentifier": {"caseId": care.create()}}],
            fields=[{"fieldIdentifier": identifier, "value": {"stringValue": "x"}}],
        )


@pytest.mark.parametrize("name", ["title", "status", "customer_id"])
def test_fields_with_a_parameter_of_their_own_are_not_among_the_fields(care, batch, refused, name):
    with refused("ValidationException"):
        batch([care.create()], {name: "open"})


def test_a_request_has_1_to_100_cases(care, batch, refused):
    cases = [f"case-{number}" for number in range(101)]
    with refused("ValidationException"):
        batch(cases, title="New")
    with refused("ValidationException"):
        batch([], title="New")
    assert len(batch(cases[:100], title="New")["failedCases"]) == 100


def test_the_same_token_is_answered_once_and_alike(care, batch, refused):
    cases = [care.create(), "nothing"]
    first = batch(cases, title="New", clientToken="t1")
    care.update(cases[0], {"title": "Newer"})
    again = batch(cases, title="New", clientToken="t1")
    assert again["successfulCases"] == first["successfulCases"]
    assert again["failedCases"] == first["failedCases"]
    assert care.read(cases[0], "title") == {"title": "Newer"}
    with refused("ConflictException"):
        batch(cases, title="Other", clientToken="t1")


def test_a_batch_is_in_the_history_of_every_case(care, batch):
    case = care.create()
    batch([case], {"Score": 3}, performedBy={"customEntity": "me"})
    event = care.history(case)[0]
    assert event["type"] == "Case.Updated"
    assert event["performedBy"]["user"] == {"customEntity": "me"}
    assert event["fields"] == [{"eventFieldId": care.id("Score"), "newValue": {"doubleValue": 3.0}}]


@pytest.mark.parametrize("status", ["", "a!", "x" * 101])
def test_the_status_has_a_pattern_of_its_own(care, batch, refused, status):
    with refused("ValidationException"):
        batch([care.create()], status=status)
