"""What an export reads, by which calls, and what it never reads or writes."""

import gc

import pytest

from reconciler.edit.export import ExportOrder, export
from reconciler.errors import AuthorErrors, ReconcilerError, Refused
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.condition import All
from reconciler.model.plan import Mode
from reconciler.read.preparing import PlanAccess
from reconciler.service.quotas import DEFAULT_QUOTAS
from tests.builders import DOMAIN, FIELDS, a_field, a_target, leaf, live, policy_spec, system
from tests.fakes import FakeWorld, world_of

OPEN = policy_spec(name="a", where=leaf("status", "equals", "open"))
HIGH = policy_spec(name="b", where=leaf("priority", "in", "High", "Low"))
EVERYTHING = policy_spec()


def exported(world, *selections, sensitive=(), limit=100_000, **more):
    access = PlanAccess(
        target=a_target(sensitive=frozenset(sensitive)),
        domain=DOMAIN,
        catalog=world,
        reader=world,
        quotas=DEFAULT_QUOTAS,
        seal_key=b"",
    )
    return export(ExportOrder(selections=selections, limit=limit, **more), access)


def ids(found):
    return [one.case_id for one in found.cases]


def names(fields: tuple[Field, ...]):
    return [one.id for one in fields]


def test_every_field_that_a_spec_may_set_is_read_the_title_first():
    world = world_of(1, title="t", note="n", score=1.0)
    found = exported(world, EVERYTHING)
    assert names(found.fields) == [
        *("title", "status", "summary"),
        *("agent", "due", "link", "note", "priority", "score", "story", "vip"),
    ]
    assert found.comments == ("reference_number", "title")
    [case] = found.cases
    assert {key: case.values[key] for key in ("title", "note", "score")} == {
        "title": "t",
        "note": "n",
        "score": 1.0,
    }


def test_fields_asked_for_come_in_that_order_by_id_or_name():
    assert names(exported(world_of(1), EVERYTHING, fields=("VIP", "note", "vip")).fields) == [
        "vip",
        "note",
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("nota", "unknown-field", id="unknown"),
        pytest.param("last_updated_user", "read-only-field", id="read-only"),
        pytest.param("note", "sensitive-field", id="sensitive"),
    ],
)
def test_a_field_that_cannot_be_exported_is_refused_before_any_case_is_read(name, code):
    world = world_of(1)
    with pytest.raises(AuthorErrors) as caught:
        exported(world, OPEN, fields=("score", name), sensitive=["note"])
    [problem] = caught.value.problems
    assert (problem.code, problem.at.file, problem.at.line) == (code, "fields", 2)
    assert not world.calls("SearchCases") + world.calls("GetCase")


def test_problems_of_fields_and_conditions_are_told_together():
    wrong = policy_spec(where=leaf("colour", "equals", "red"), file="--where")
    with pytest.raises(AuthorErrors) as caught:
        exported(world_of(1), wrong, fields=("nota",))
    assert [str(one.at) for one in caught.value.problems] == ["fields:1:1", "--where:7:5"]


def test_every_selection_must_hold():
    world = FakeWorld.holding(
        live("c1", status="open", priority="p1"),
        live("c2", status="open", priority="p2"),
        live("c3", status="closed", priority="p1"),
        live("c4", "tpl-2", status="open", priority="p3"),
    )
    assert ids(exported(world, OPEN, HIGH)) == ["c1", "c4"]
    assert ids(exported(world, OPEN, HIGH, policy_spec(template="Billing"))) == ["c4"]


def test_a_selection_is_decided_on_what_was_read_not_on_what_the_index_found():
    world = FakeWorld.holding(live("c1", status="open"), live("c2", status="closed"))
    world.index["c2"] = live("c2", status="open")
    assert ids(exported(world, OPEN)) == ["c1", "c2"]
    assert ids(exported(world, OPEN, mode=Mode.STRICT)) == ["c1"]


def test_a_selection_is_read_by_the_page():
    world = world_of(250, title="t")
    found = exported(world, EVERYTHING, fields=("note",))
    assert len(found.cases) == 250
    assert world.count == {"ListFields": 1, "SearchCases": 3}


def test_more_fields_than_a_search_shows_are_read_by_groups_of_ids():
    many = (*FIELDS, *(a_field(f"f{number:02}") for number in range(30)))
    world = world_of(250, title="t", f07="x", f29="y")
    world.fields = many
    found = exported(world, EVERYTHING)
    assert {(one.values["f07"], one.values["f29"]) for one in found.cases} == {("x", "y")}
    assert not world.calls("GetCase")
    assert world.count["SearchCases"] == 3 + 3  # each page, and once more for its cases


def test_named_cases_are_read_and_a_missing_one_is_unknown():
    world = world_of(3)
    found = exported(world, cases=("c002", "gone", "c000", "c002"))
    assert ids(found) == ["c000", "c002"]
    assert [(one.case, one.reason) for one in found.unreadable] == [("gone", "not-found")]


def test_a_case_that_cannot_be_read_is_unknown():
    world = world_of(2)
    world.fail("GetCase", Refused("no", code="AccessDeniedException"), on="c001")
    found = exported(world, cases=("c000", "c001"), mode=Mode.STRICT)
    assert ids(found) == ["c000"]
    assert [one.reason for one in found.unreadable] == ["AccessDeniedException"]
    world.unreadable["c001"] = "odd"
    assert [one.case for one in exported(world, EVERYTHING).unreadable] == ["c001"]


def test_the_limit_ends_the_search_at_once():
    world = world_of(1_000)
    with pytest.raises(ReconcilerError, match="more than 150 cases"):
        exported(world, EVERYTHING, limit=150)
    assert world.count["SearchCases"] == 2
    assert len(exported(world, EVERYTHING, limit=1_000).cases) == 1_000


def test_sensitive_fields_are_not_asked_for():
    world = world_of(1, note="secret", title="secret too", score=1.0)
    found = exported(world, EVERYTHING, sensitive=["Note", "title"])
    assert not {"note", "title"} & {*names(found.fields), *found.comments}
    assert names(found.withheld) == ["title", "note"]
    assert all("note" not in asked for _, asked in world.asked)


def test_options_are_read_of_the_selects_that_a_case_holds_alone():
    world = world_of(2, priority="p1")
    assert exported(world, EVERYTHING).catalog.options.keys() == {"priority"}
    assert world.count["ListFieldOptions"] == 1
    assert not world.calls("ListTemplates")


def test_templates_are_read_where_a_file_says_them():
    assert len(exported(world_of(1), EVERYTHING, templates=True).catalog.templates) == 2


def test_a_domain_without_references_has_cases_all_the_same():
    world = world_of(1, title="t")
    world.fields = (system("title"), a_field("note"))
    assert exported(world, EVERYTHING).comments == ("title",)


def test_no_case_waits_in_memory_for_the_last_one():
    def alive():
        return sum(isinstance(one, LiveCase) for one in gc.get_objects())

    gc.collect()
    others = alive()  # of tests before this one
    world = world_of(2_000, title="t", note="n")
    held = []

    def count(phase, done, total):
        held.append(alive() - others)

    found = exported(world, EVERYTHING, progress=count)
    assert len(found.cases) == 2_000
    assert max(held) < 2_000 + 300  # the domain's own, and a page or two


def test_it_is_told_how_far_the_search_has_come():
    told = []
    exported(world_of(250), EVERYTHING, progress=lambda *one: told.append(one))
    assert told == [("searching", done, 250) for done in (100, 200, 250)]


WIDE = tuple(a_field(f"f{number:02}") for number in range(30))


def test_of_many_fields_only_the_cases_selected_are_read_whole():
    selected = [live(f"c{at:03}", note="open", f07="x", f29="y") for at in range(3)]
    others = [live(f"d{at:03}", note="closed", f29="z") for at in range(197)]
    world = FakeWorld.holding(*selected, *others, fields=(*FIELDS, *WIDE))
    contains = policy_spec(where=leaf("note", "contains", "pen"))
    found = exported(world, contains)
    assert [one.values["f29"] for one in found.cases] == ["y"] * 3
    assert world.count["SearchCases"] == 2 + 1


def test_a_condition_on_more_fields_than_a_search_shows_is_decided_on_whole_cases():
    clauses = [leaf(field.id, "not_equals", "no") for field in WIDE]
    world = FakeWorld.holding(
        live("c1", f29="x"), live("c2", f29="no"), live("c3", f00="no"), fields=(*FIELDS, *WIDE)
    )
    assert ids(exported(world, policy_spec(where=All(tuple(clauses))))) == ["c1"]


def test_a_case_that_the_index_shows_in_two_states_is_read_itself():
    at = {"last_updated_datetime": "2026-12-01T09:00:00Z"}
    world = FakeWorld.holding(
        live("c1", f29="x", **at), live("c2", f29="y"), fields=(*FIELDS, *WIDE)
    )
    search = world.search_cases

    def shifted(wanted, fields, token, order=None):
        page = search(wanted, fields, token, order)
        if world.count["SearchCases"] == 1:
            world.edit("c1", f29="new", last_updated_datetime="2026-12-01T10:00:00Z")
        return page

    world.search_cases = shifted
    found = exported(world, EVERYTHING)
    assert [one.values["f29"] for one in found.cases] == ["new", "y"]
    assert world.count["SearchCases"] == 2
    assert world.count["GetCase"] == 1


def test_the_limit_counts_what_still_lacks_fields():
    world = world_of(300)
    world.fields = (*FIELDS, *WIDE)
    with pytest.raises(ReconcilerError, match="more than 50 cases"):
        exported(world, EVERYTHING, limit=50)
    assert world.count["SearchCases"] == 1
