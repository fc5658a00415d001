"""Every switch: both of its answers, and mistakes in setting it."""

import pytest

from reconciler.sandbox.api import SWITCHES, Embedded, SandboxError, parse_assignments


@pytest.fixture
def switch(sandbox):
    return sandbox.switches.set


def test_the_table_says_what_each_switch_is(sandbox):
    assert list(SWITCHES) == sorted(SWITCHES)
    assert sandbox.switches.as_mapping() == {
        name: switch.default for name, switch in SWITCHES.items()
    }
    assert {switch.mark for switch in SWITCHES.values()} <= {"D", "C", "I", "?"}
    assert all(switch.meaning and switch.values for switch in SWITCHES.values())


def test_empty_style(care, switch):
    case = care.create()
    assert care.read(case, "Note") == {}
    switch("empty_style", "empty")
    assert care.read(case, "Note") == {"Note": None}
    (item,) = care.client.search_cases(
        domainId=care.domain,
        filter=care.where("equalTo", "case_id", case),
        fields=[{"id": care.id("Note")}],
    )["cases"]
    assert item["fields"] == [{"id": care.id("Note"), "value": {"emptyValue": {}}}]


def test_case_id_filter(care, switch, refused):
    case = care.create()
    assert care.search(filter=care.where("equalTo", "case_id", case)) == [case]
    switch("case_id_filter", "off")
    with refused("ValidationException"):
        care.search(filter={"orAll": [care.where("equalTo", "case_id", case)]})


def test_nesting_depth(care, switch, refused):
    leaf = care.where("equalTo", "VIP", True)
    two = {"orAll": [{"not": leaf}]}
    switch("nesting_depth", "2")
    care.search(filter=two)
    with refused("ValidationException"):
        care.search(filter={"andAll": [two]})
    switch("nesting_depth", "0")
    care.search(filter={"andAll": [two]})


def test_search_window(care, switch, refused):
    switch("search_window", "12")
    first = care.client.search_cases(domainId=care.domain, maxResults=10)
    second = care.client.search_cases(
        domainId=care.domain, maxResults=10, nextToken=first["nextToken"]
    )
    assert (len(second["cases"]), second["totalCount"]) == (2, 30)
    with refused("ValidationException"):
        care.search(nextToken=second["nextToken"])


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("utc-ms", "2026-12-01T08:00:00.123Z"),
        ("utc", "2026-12-01T08:00:00Z"),
        ("as-sent", "2026-12-01T09:00:00.1234+01:00"),
    ],
)
def test_datetime_style(care, switch, style, shown):
    switch("datetime_style", style)
    case = care.create({"Follow up on": "2026-12-01T09:00:00.1234+01:00"})
    assert care.read(case, "Follow up on") == {"Follow up on": shown}
    same = care.where("equalTo", "Follow up on", "2026-12-01T08:00:00.1234Z")
    assert care.search(filter={"andAll": [care.where("equalTo", "case_id", case), same]}) == [case]


def test_closed_lock(care, switch, refused):
    case = care.create({"status": "closed"})
    care.update(case, {"Note": "x"})
    switch("closed_lock", "on")
    with refused("ValidationException"):
        care.update(case, {"Note": "y"})
    care.update(case, {"Note": "y", "status": "open"})
    care.update(case, {"Note": "z"})


def test_noop_audit(care, switch, clock):
    case = care.create({"Score": 1})
    clock.advance(1)
    care.update(case, {"Score": 1})
    assert len(care.history(case)) == 2
    switch("noop_audit", "off")
    before = care.read(case, "last_updated_datetime")
    clock.advance(1)
    care.update(case, {"Score": 1, "Note": None})
    assert len(care.history(case)) == 2
    assert care.read(case, "last_updated_datetime") == before
    care.update(case, {"Score": 1, "Note": "x"})
    (field,) = care.history(case)[0]["fields"]
    assert field["eventFieldId"] == care.id("Note")
    assert care.read(case, "last_updated_datetime") != before


def test_getcase_page(care, switch, refused):
    case = care.create({"Note": "n", "Score": 1})
    fields = [{"id": care.id(name)} for name in ("title", "summary", "Note", "Score", "status")]
    switch("getcase_page", "2")
    found, token = [], {}
    for _ in range(3):
        reply = care.client.get_case(domainId=care.domain, caseId=case, fields=fields, **token)
        found.append([field["id"] for field in reply["fields"]])
        token = {"nextToken": reply.get("nextToken")}
    assert found == [["title"], [care.id("Note"), care.id("Score")], ["status"]]
    assert token == {"nextToken": None}
    first = care.client.get_case(domainId=care.domain, caseId=case, fields=fields)
    with refused("ValidationException"):
        care.client.get_case(
            domainId=care.domain, caseId=case, fields=fields[1:], nextToken=first["nextToken"]
        )


def test_unknown_field(care, switch, refused):
    case = care.create()
    with refused("ValidationException"):
        care.read(case, "title", "nothing")
    switch("unknown_field", "not-found")
    with refused("ResourceNotFoundException") as error:
        care.read(case, "title", "nothing")
    assert error.response["resourceId"] == "nothing"
    switch("unknown_field", "skip")
    assert care.read(case, "title", "nothing") == {"title": "A case"}


def test_empty_filter(care, switch, refused):
    case = care.create()
    without = {
        "andAll": [care.where("equalTo", "case_id", case), care.where("equalTo", "Note", None)]
    }
    assert care.search(filter=without) == [case]
    switch("empty_filter", "off")
    with refused("ValidationException"):
        care.search(filter=without)


def test_not_matches_empty(care, switch):
    case = care.create()
    own = care.where("equalTo", "case_id", case)
    other = {"andAll": [own, {"not": care.where("equalTo", "Score", 1)}]}
    assert care.search(filter=other) == [case]
    switch("not_matches_empty", "off")
    assert care.search(filter=other) == []
    care.update(case, {"Score": 2})
    assert care.search(filter=other) == [case]


def test_empty_string(care, switch):
    case = care.create({"Note": "x"})
    care.update(case, {"Note": ""})
    assert care.read(case, "Note") == {"Note": ""}
    switch("empty_string", "empty")
    care.update(case, {"Note": ""})
    assert care.read(case, "Note") == {}
    assert care.history(case)[0]["fields"][0]["newValue"] == {"emptyValue": {}}


def test_inactive_rewrite(care, switch, refused):
    case = care.create({"Priority": "low", "Channel": "phone"})
    care.client.batch_put_field_options(
        domainId=care.domain,
        fieldId=care.id("Priority"),
        options=[{"value": "low", "name": "Low", "active": False}],
    )
    assert care.read(case, "Priority") == {"Priority": "low"}
    with refused("ValidationException"):
        care.update(case, {"Priority": "low"})
    switch("inactive_rewrite", "on")
    care.update(case, {"Priority": "low"})
    with refused("ValidationException"):
        care.update(case, {"Channel": "fax"})


def test_length_unit(care, switch, refused):
    case = care.create()
    care.update(case, {"Country": "ä" * 500})
    switch("length_unit", "bytes")
    care.update(case, {"Country": "ä" * 250})
    with refused("ValidationException"):
        care.update(case, {"Country": "ä" * 251})


def test_reference_update(care, switch, refused):
    case, other = care.create(), care.create({"reference_id": "Taken"})
    switch("reference_update", "on")
    care.update(case, {"reference_id": "Mine", "reference_number": "7"})
    assert care.search(filter=care.where("equalTo", "reference_id", "Mine")) == [case]
    assert care.search(filter=care.where("equalTo", "reference_number", "7")) == [case]
    with refused("ConflictException"):
        care.update(case, {"reference_id": "taken"})
    care.update(other, {"reference_id": None})
    care.update(case, {"reference_id": "taken"})


def test_sparse_nulls(sandbox, connect, seeded, switch):
    client = connect(sandbox.url, checked=False)
    switch("sparse_nulls", "on")
    page = client.search_cases(domainId=seeded.domain, maxResults=10, fields=[{"id": "title"}])
    assert len(page["cases"]) == 10
    assert [item is None for item in page["cases"]].count(True) == 1
    items = [item for item in page["cases"] if item]
    assert all(None in item["fields"] for item in items)
    case = items[0]["caseId"]
    got = client.get_case(domainId=seeded.domain, caseId=case, fields=[{"id": "title"}])
    assert [field is None for field in got["fields"]] == [False, True]
    events = client.get_case_audit_events(domainId=seeded.domain, caseId=case)["auditEvents"]
    assert None in events
    alone = client.search_cases(domainId=seeded.domain, maxResults=1)
    assert None not in alone["cases"]


def test_sparse_pages_still_have_every_case_once(sandbox, connect, seeded, switch):
    switch("sparse_nulls", "on")
    client = connect(sandbox.url, checked=False)
    pages = client.get_paginator("search_cases").paginate(
        domainId=seeded.domain, PaginationConfig={"PageSize": 7}
    )
    cases = [item["caseId"] for page in pages for item in page["cases"] if item]
    assert len(cases) == len(set(cases)) == 30


def test_batch_quota(start, connect, seeded, clock, refused):
    sandbox = start(clock=clock, fast=False, switches={"batch_quota": "1/3"})
    client = connect(sandbox.url)

    def call():
        client.batch_update_case(
            domainId=seeded.domain,
            cases=[{"caseIdentifier": {"caseId": "x"}}],
            fields=[],
            title="New",
        )

    for _ in range(3):
        call()
    with refused("ThrottlingException"):
        call()
    clock.advance(1)
    call()


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (
            {"nothing": "on"},
            "no switch is called 'nothing'; there are: batch_quota, case_id_filter",
        ),
        ({"closed_lock": "yes"}, "switch closed_lock cannot be 'yes'; it takes on or off"),
        ({"index_lag": "-1"}, "switch index_lag cannot be '-1'; it takes seconds"),
        ({"index_lag": "nan"}, "it takes seconds"),
        ({"nesting_depth": "1.5"}, "it takes a whole number"),
        ({"batch_quota": "2"}, "it takes RATE/BURST"),
        ({"batch_quota": "0/1"}, "it takes RATE/BURST"),
        ({"datetime_style": "iso"}, "it takes utc-ms or utc or as-sent"),
    ],
)
def test_a_wrong_switch_is_refused_with_what_is_right(tmp_path, chosen, message):
    with pytest.raises(SandboxError) as error:
        Embedded(tmp_path / "x.db", switches=chosen)
    assert message in str(error.value)
    assert not (tmp_path / "x.db").exists()


def test_a_wrong_switch_leaves_the_others_as_they_were(sandbox):
    before = sandbox.switches.as_mapping()
    with pytest.raises(SandboxError):
        sandbox.switches.update({"closed_lock": "on", "nothing": "x"})
    assert sandbox.switches.as_mapping() == before


def test_assignments_are_read_as_a_command_line_has_them():
    assert parse_assignments(("closed_lock=on", "batch_quota=1/2")) == {
        "closed_lock": "on",
        "batch_quota": "1/2",
    }
    for wrong in ("closed_lock", "nothing=1", "closed_lock=1"):
        with pytest.raises(SandboxError):
            parse_assignments((wrong,))
