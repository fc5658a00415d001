"""Every method of a port is one call under its own name, and its answer comes through."""

import pytest

from reconciler.errors import Stopped, Transient
from reconciler.model.value import FieldId
from reconciler.service.patient import PatientAudit, PatientCatalog, PatientReader, PatientWriter
from tests.builders import BY_ID, DOMAIN, live
from tests.fakes import FakeWorld

NOTE = BY_ID["note"]
CALLS = {
    "GetDomain": lambda patient: patient.get_domain(DOMAIN.id),
    "ListDomains": lambda patient: patient.list_domains(""),
    "ListFields": lambda patient: patient.list_fields(DOMAIN.id, ""),
    "ListFieldOptions": lambda patient: patient.list_field_options(
        DOMAIN.id, FieldId("priority"), ""
    ),
    "ListTemplates": lambda patient: patient.list_templates(DOMAIN.id, ""),
    "GetTemplate": lambda patient: patient.get_template(DOMAIN.id, "tpl-1"),
    "GetCase": lambda patient: patient.get_case("c1", [NOTE], ""),
    "SearchCases": lambda patient: patient.search_cases(None, [NOTE], ""),
    "GetCaseAuditEvents": lambda patient: patient.get_case_audit_events("c1", BY_ID, ""),
}
KINDS = {
    "GetCase": PatientReader,
    "SearchCases": PatientReader,
    "GetCaseAuditEvents": PatientAudit,
}


def port(world, api):
    return KINDS.get(api, PatientCatalog)(world, world.caller())


@pytest.mark.parametrize("api", sorted(CALLS))
def test_an_answer_comes_through(api):
    world = FakeWorld.holding(live("c1", note="x"))
    assert CALLS[api](port(world, api)) == CALLS[api](world)
    assert world.counts.calls == {api: 1}


@pytest.mark.parametrize("api", sorted(CALLS))
def test_a_passing_fault_is_not_seen(api):
    world = FakeWorld.holding(live("c1", note="x"))
    world.fail(api, Transient("500", code="x"))
    CALLS[api](port(world, api))
    assert world.counts.calls == {api: 2}


def test_a_write_says_when_it_is_about_to_be_sent():
    world = FakeWorld.holding(live("c1", note="x"))
    writer = PatientWriter(world, world.caller())
    sent = []
    request = writer.update_case("c1", [(NOTE, "y")], "me", lambda attempt: sent.append(attempt))
    assert (request, sent, world.writes) == ("request-1", [1], [("c1", {"note": "y"}, "me")])


def test_after_a_stop_only_a_finishing_reader_reads():
    world = FakeWorld.holding(live("c1", note="x"))
    reader = PatientReader(world, world.caller())
    world.stop.set()
    with pytest.raises(Stopped):
        reader.get_case("c1", [NOTE], "")
    assert reader.finishing().get_case("c1", [NOTE], "").case.values == {"note": "x"}
    assert reader.finishing().search_cases(None, [NOTE], "").cases
