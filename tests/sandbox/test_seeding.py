"""The seeded domain: the same for the same seed, believable, and by the service's own rules."""

import json
import sqlite3
from contextlib import closing

import pytest

from reconciler.sandbox.api import SandboxError, seed
from tests.sandbox.output_check import problems_of

READ_ONLY = {
    "reference_number",
    "reference_id",
    "created_datetime",
    "created_by",
    "last_updated_datetime",
    "last_updated_user",
    "last_closed_datetime",
    "last_reopened_datetime",
}


def rows(path, query="SELECT case_id, template_id, live FROM cases ORDER BY key"):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_the_same_seed_makes_the_same_domain(tmp_path):
    first = seed(tmp_path / "1.db", cases=20)
    second = seed(tmp_path / "2.db", cases=20)
    assert first == second
    for query in (
        "SELECT case_id, template_id, live FROM cases",
        "SELECT event FROM audit",
        "SELECT * FROM fields",
        "SELECT * FROM templates",
    ):
        assert rows(tmp_path / "1.db", query) == rows(tmp_path / "2.db", query)


def test_the_first_cases_do_not_depend_on_how_many_there_are(tmp_path):
    seed(tmp_path / "1.db", cases=10)
    seed(tmp_path / "2.db", cases=40)
    assert rows(tmp_path / "1.db") == rows(tmp_path / "2.db")[:10]


def test_another_seed_makes_other_cases(tmp_path):
    assert seed(tmp_path / "1.db", cases=5) != seed(tmp_path / "2.db", cases=5, seed=2)
    assert not set(rows(tmp_path / "1.db")) & set(rows(tmp_path / "2.db"))


def test_ids_that_examples_may_name_stay_what_they_are(tmp_path, care):
    assert care.domain == "6849f854-f16c-4aa9-b09a-1829181cfa21"
    assert care.fields["Priority"] == "8075825b-a2ab-42ca-8116-75c702364482"
    assert care.templates["Outage"] == "7af1ca21-d73b-43ec-9e7a-7d3d4f36bc3c"
    assert care.some_cases(2) == [
        "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4",
        "be8a4a38-5542-4c06-bcb9-cbc190026fa0",
    ]


def test_a_second_domain_fits_beside_the_first(tmp_path, connect, start, seeded):
    sandbox = start()
    other = seed(sandbox.db, domain="sales", cases=12)
    client = connect(sandbox.url)
    assert client.search_cases(domainId=other)["totalCount"] == 12
    assert client.search_cases(domainId=seeded.domain)["totalCount"] == 30
    assert [one["name"] for one in client.list_domains()["domains"]] == ["support", "sales"]


def test_a_domain_is_seeded_once(tmp_path):
    seed(tmp_path / "x.db", cases=1)
    with pytest.raises(SandboxError, match="has a domain named 'support' already"):
        seed(tmp_path / "x.db", cases=1)
    with pytest.raises(SandboxError, match="belongs to account 111122223333"):
        seed(tmp_path / "x.db", domain="other", account="999988887777")


@pytest.mark.parametrize("wrong", [{"cases": -1}, {"account": "12"}, {"account": "x" * 12}])
def test_wrong_wishes_are_refused(tmp_path, wrong):
    with pytest.raises(SandboxError):
        seed(tmp_path / "x.db", **wrong)
    assert not (tmp_path / "x.db").exists()


def test_the_domain_has_the_fields_of_a_contact_centre(care):
    fields = care.client.list_fields(domainId=care.domain)["fields"]
    types = {field["name"]: field["type"] for field in fields if field["namespace"] == "Custom"}
    assert types == {
        "Priority": "SingleSelect",
        "Severity": "SingleSelect",
        "VIP": "Boolean",
        "Score": "Number",
        "Follow up on": "DateTime",
        "Note": "Text",
        "Country": "Text",
        "Order number": "Text",
        "Refund amount": "Number",
        "Tracking link": "Url",
        "Case owner": "User",
        "Channel": "SingleSelect",
        "Resolved at first contact": "Boolean",
        "Product": "SingleSelect",
        "Root cause": "Text",
        "Next step": "Text",
    }
    assert set(care.templates) == {
        "Outage",
        "Billing question",
        "Delivery problem",
        "Complaint",
        "Account access",
    }


def test_every_seeded_case_keeps_the_rules_of_its_domain(care):
    """Writing each case's own values back is refused by none of the service's checks."""
    channel = care.id("Channel")
    ids = [{"id": field_id} for field_id in care.fields.values()]
    for case in care.search(maxResults=100):
        reply = care.client.get_case(domainId=care.domain, caseId=case, fields=ids)
        fields = [field for field in reply["fields"] if field["id"] not in {*READ_ONLY, "case_id"}]
        kept = [field for field in fields if field["id"] != channel]
        care.client.update_case(domainId=care.domain, caseId=case, fields=kept)
        template = care.client.get_template(domainId=care.domain, templateId=reply["templateId"])
        required = {field["fieldId"] for field in template["requiredFields"]}
        assert required <= {field["id"] for field in fields}
        assert reply["tags"]["team"] in ("billing", "care", "logistics")


def test_every_seeded_case_has_a_history_that_leads_to_what_it_holds(care, seeded):
    for case in care.some_cases(30):
        events = care.history(case)[::-1]
        assert events[0]["type"] == "Case.Created"
        told = {}
        for event in events:
            for field in event["fields"]:
                assert field.get("oldValue") == told.get(field["eventFieldId"])
                told[field["eventFieldId"]] = field["newValue"]
        ids = [{"id": name} for name in care.fields.values()]
        held = care.client.get_case(domainId=care.domain, caseId=case, fields=ids)["fields"]
        untold = {"case_id", *READ_ONLY} - {"reference_number", "reference_id"}
        assert {one["id"]: one["value"] for one in held if one["id"] not in untold} == told
        times = [event["performedTime"] for event in events]
        assert times == sorted(times)


def test_seeded_cases_are_as_varied_as_real_ones(tmp_path):
    seed(tmp_path / "x.db", cases=400)
    cases = [json.loads(live) for _, _, live in rows(tmp_path / "x.db")]
    text = json.dumps(cases, ensure_ascii=False)
    for part in ('\\"', "😠", "ø", "#1", "@", "NO", '"stringValue":"01', "n/a", "E-mail", "\\n"):
        assert part in text.replace('": "', '":"') or part == "E-mail", part
    statuses = [values["status"]["stringValue"] for values, _ in cases]
    assert 0.2 < statuses.count("closed") / len(statuses) < 0.6
    assert {tags["team"] for _, tags in cases} == {"billing", "care", "logistics"}
    assert any("reference_id" not in values for values, _ in cases)


def test_stored_events_have_the_services_form(seeded):
    for (event,) in rows(seeded.path, "SELECT event FROM audit"):
        assert list(problems_of("AuditEvent", json.loads(event), "event")) == []
