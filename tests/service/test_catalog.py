"""A target's domain, and only what is used of what it offers."""

from dataclasses import replace

import pytest

from reconciler.errors import ReconcilerError, Refused
from reconciler.service.catalog import (
    MOST_PAGES,
    all_pages,
    find_domain,
    read_fields,
    read_whole,
    required_fields,
    with_options,
    with_templates,
)
from reconciler.service.ports import DomainFacts, Page
from tests.builders import DOMAIN, DOMAIN_ID, a_target
from tests.fakes import FakeWorld

OTHER = DomainFacts("d2", "billing", "1", "r")


def find(domain, *domains):
    world = FakeWorld(domains=domains or (DOMAIN, OTHER), page_size=1)
    return find_domain(a_target(domain=domain), world), world


def test_a_domain_is_found_by_id_in_one_call():
    found, world = find(DOMAIN_ID)
    assert found == DOMAIN
    assert world.count == {"GetDomain": 1}


def test_a_domain_is_found_by_name_on_any_page():
    found, world = find("billing")
    assert found == OTHER
    assert world.count == {"ListDomains": 2}


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        pytest.param("Support", 'no domain "Support".*there: billing, support', id="other-case"),
        pytest.param("sales", 'no domain "sales".*there: billing, support', id="unknown-name"),
        pytest.param("0" * 8 + DOMAIN_ID[8:], "no domain 00000000-", id="unknown-id"),
    ],
)
def test_a_domain_that_is_not_there_is_an_error(domain, message):
    with pytest.raises(ReconcilerError, match=message) as raised:
        find(domain)
    assert "target prod" in str(raised.value)


def test_an_empty_account_says_that_it_has_none():
    world = FakeWorld(domains=())
    with pytest.raises(ReconcilerError, match="there: none"):
        find_domain(a_target(domain="x"), world)


def test_a_name_that_two_domains_have_is_refused_with_their_ids():
    with pytest.raises(ReconcilerError, match=r"2 domains are named.*d2, d3"):
        find("billing", OTHER, replace(OTHER, id="d3"))


def test_a_refusal_is_not_taken_for_an_unknown_domain():
    world = FakeWorld()
    world.fail("GetDomain", Refused("no", code="AccessDeniedException"))
    with pytest.raises(Refused):
        find_domain(a_target(), world)


def test_only_the_options_that_are_needed_are_read():
    world = FakeWorld(page_size=3)
    catalog = with_options(read_fields(DOMAIN, world), world, ["priority"])
    assert [option.value for option in catalog.options["priority"]] == ["p1", "p2", "p3", "p9"]
    assert world.count == {"ListFields": 5, "ListFieldOptions": 2}


def test_templates_are_listed_without_what_they_require():
    world = FakeWorld()
    catalog = with_templates(read_fields(DOMAIN, world), world)
    assert [(one.name, one.required) for one in catalog.templates] == [
        ("Outage", None),
        ("Billing", None),
    ]


def test_what_templates_require_is_asked_once_each():
    world = FakeWorld()
    found = required_fields(read_fields(DOMAIN, world), world, ["tpl-2", "tpl-1", "tpl-2"])
    assert found["tpl-2"].required == {"title", "note"}
    assert world.count["GetTemplate"] == 2


def test_the_whole_catalog_has_everything():
    world = FakeWorld()
    catalog = read_whole(DOMAIN, world)
    assert set(catalog.options) == {"status", "priority"}
    assert all(template.required is not None for template in catalog.templates)
    assert (catalog.account, catalog.region) == (DOMAIN.account, DOMAIN.region)


@pytest.mark.parametrize("repeat", [True, False], ids=["same-token", "new-tokens"])
def test_a_list_that_does_not_end_is_an_error(repeat):
    pages = []

    def page(token):
        pages.append(token)
        return Page((1,), "again" if repeat else f"t{len(pages)}")

    with pytest.raises(ReconcilerError, match=r"the list of things.*(does not end|repeat)"):
        list(all_pages(page, "the list of things"))
    assert len(pages) <= MOST_PAGES
