"""Which cases are wanted, how each is read, and what never becomes a change."""

from dataclasses import replace

import pytest

from reconciler.errors import CallError, Refused, Stopped, Unreadable
from reconciler.model.condition import All, Not
from reconciler.model.plan import Mode
from reconciler.model.selectors import Selectors
from reconciler.read.gathering import CONFIRM_MOST, Gatherer
from reconciler.read.managed import GatherOrder
from reconciler.service.quotas import DEFAULT_QUOTAS
from reconciler.specs.resolve import resolve
from tests.builders import (
    FIELDS,
    a_catalog,
    a_field,
    cases_spec,
    leaf,
    live,
    only_if,
    policy_spec,
    spec_case,
    spec_field,
)
from tests.fakes import FakeWorld, world_of

OPEN = leaf("status", "equals", "open")
DENIED = Refused("no", code="AccessDeniedException")


def gather(world, *specs, mode=Mode.BALANCED, only=(), catalog=None):
    catalog = catalog or a_catalog(world.fields)
    resolution = resolve(specs, catalog)
    assert resolution.problems == ()
    order = GatherOrder(
        catalog=catalog,
        resolution=resolution,
        mode=mode,
        quotas=DEFAULT_QUOTAS,
        share=0.8,
        only=Selectors(cases=tuple(only)),
    )
    return Gatherer(world, order).gather()


def changes(result):
    return {
        found.live.case_id: {one.desired.field: one.desired.value for one in found.differences}
        for found in result.found
    }


def unreadable(result):
    return {entry.case: entry.reason for entry in result.unreadable}


# -- named cases ---------------------------------------------------------------------------


def test_a_named_case_is_read_once_with_the_fields_that_matter():
    world = FakeWorld.holding(live("c1", note="x", vip=True))
    result = gather(world, cases_spec(spec_case("c1", note="y")))
    assert changes(result) == {"c1": {"note": "y"}}
    assert (result.managed, result.in_sync, result.unreadable) == (1, 0, [])
    assert world.asked == [("c1", ("title", "last_updated_datetime", "note"))]
    assert result.found[0].confirmed


def test_a_case_as_its_specs_want_it_is_in_sync():
    world = FakeWorld.holding(live("c1", note="x"), live("c2", note="z"))
    spec = cases_spec(spec_case("c1", note="x"), spec_case("c2", note="y"))
    result = gather(world, spec)
    assert (result.managed, result.in_sync) == (2, 1)
    assert changes(result) == {"c2": {"note": "y"}}


def test_changes_come_in_the_order_of_case_ids():
    world = world_of(30, note="x")
    spec = cases_spec(*(spec_case(key, note="y") for key in reversed(sorted(world.cases))))
    assert list(changes(gather(world, spec))) == sorted(world.cases)


def test_a_case_that_does_not_exist_is_unknown_at_its_place():
    result = gather(FakeWorld(), cases_spec(spec_case("c1", note="y")))
    [entry] = result.unreadable
    assert (entry.case, entry.reason, str(entry.source)) == ("c1", "not-found", "specs/a.yaml:6:3")
    assert (result.managed, result.in_sync, result.found) == (1, 0, [])


@pytest.mark.parametrize(
    "error",
    [Unreadable("odd", code="unreadable-value"), DENIED],
    ids=["unreadable", "refused"],
)
def test_a_case_that_cannot_be_read_never_becomes_a_change(error):
    world = world_of(3, note="x")
    world.fail("GetCase", error, on="c001")
    result = gather(world, cases_spec(*(spec_case(key, note="y") for key in world.cases)))
    assert set(changes(result)) == {"c000", "c002"}
    assert unreadable(result) == {"c001": error.code}
    assert result.managed == 3


def test_a_stop_ends_the_reading():
    world = world_of(3, note="x")
    world.fail("GetCase", Stopped("asked"))
    with pytest.raises(Stopped):
        gather(world, cases_spec(*(spec_case(key, note="y") for key in world.cases)))


# -- references ----------------------------------------------------------------------------


def by_reference(*references, **fields):
    fields = fields or {"note": "y"}
    return cases_spec(*(spec_case(one, by_reference=True, **fields) for one in references))


def test_a_reference_is_searched_for_and_its_difference_confirmed():
    world = FakeWorld.holding(live("c1", reference_number="100", note="x"), live("c2"))
    result = gather(world, by_reference("100"))
    assert changes(result) == {"c1": {"note": "y"}}
    assert world.count == {"SearchCases": 1, "GetCase": 1}


def test_a_reference_that_is_in_sync_needs_no_second_read():
    world = FakeWorld.holding(live("c1", reference_number="100", note="y"))
    result = gather(world, by_reference("100"))
    assert (result.managed, result.in_sync) == (1, 1)
    assert world.count == {"SearchCases": 1}


def test_references_are_searched_for_in_groups():
    cases = [live(f"c{n:02}", reference_number=str(100 + n), note="y") for n in range(12)]
    world = FakeWorld.holding(*cases)
    result = gather(world, by_reference(*(str(100 + n) for n in range(12))))
    assert (result.in_sync, world.count["SearchCases"]) == (12, 1)


def test_a_reference_may_stand_in_another_field():
    fields = (*FIELDS, a_field("reference_id"))
    world = FakeWorld.holding(live("c1", reference_id="100", note="x"), fields=fields)
    assert changes(gather(world, by_reference("100"))) == {"c1": {"note": "y"}}


def test_a_reference_that_no_case_has_is_unknown():
    result = gather(FakeWorld.holding(live("c1", reference_number="1")), by_reference("100"))
    assert unreadable(result) == {"reference 100": "not-found"}
    assert result.managed == 1


def test_a_reference_that_two_cases_have_is_unknown_and_names_them():
    held = {"reference_number": "100", "note": "x"}
    world = FakeWorld.holding(live("c1", **held), live("c2", **held))
    result = gather(world, by_reference("100"))
    [entry] = result.unreadable
    assert entry.reason == "ambiguous-reference"
    assert "c1, c2" in entry.detail
    assert result.found == []


def test_a_reference_is_not_called_unique_while_a_case_of_the_answer_is_unreadable():
    held = {"reference_number": "100", "note": "x"}
    world = FakeWorld.holding(live("c1", **held), live("c2", **held))
    world.unreadable["c2"] = "holds something odd"
    result = gather(world, by_reference("100"))
    assert result.found == []
    assert unreadable(result) == {"reference 100": "unreadable-value"}


def test_a_reference_whose_case_is_unreadable_is_not_called_missing():
    world = FakeWorld.holding(live("c1", reference_number="100", note="x"))
    world.unreadable["c1"] = "holds something odd"
    [entry] = gather(world, by_reference("100")).unreadable
    assert entry.reason == "unreadable-value"
    assert "c1" in entry.detail
    assert "holds something odd" in entry.detail


def test_references_without_such_a_field_are_unknown():
    fields = tuple(one for one in FIELDS if one.id != "reference_number")
    result = gather(FakeWorld(fields=fields), by_reference("100"))
    assert unreadable(result) == {"reference 100": "no-references"}


def test_an_id_and_a_reference_of_one_case_are_one_case():
    world = FakeWorld.holding(live("c1", reference_number="100", note="x"))
    result = gather(world, cases_spec(spec_case("c1", vip="true")), by_reference("100", note="y"))
    assert changes(result) == {"c1": {"note": "y", "vip": True}}
    assert result.managed == 1


def test_an_id_and_a_reference_that_want_different_values_are_a_problem():
    world = FakeWorld.holding(live("c1", reference_number="100"))
    result = gather(world, cases_spec(spec_case("c1", note="x")), by_reference("100", note="y"))
    assert {problem.code for problem in result.problems} == {"conflicting-values"}


# -- policies ------------------------------------------------------------------------------


def a_policy(where=OPEN, **more):
    return policy_spec(where=where, **{"note": "y", **more})


def test_a_policy_changes_what_it_selects_and_nothing_else():
    world = FakeWorld.holding(
        live("c1", status="open", note="x"),
        live("c2", status="closed", note="x"),
        live("c3", status="open", note="y"),
    )
    result = gather(world, a_policy())
    assert changes(result) == {"c1": {"note": "y"}}
    assert (result.managed, result.in_sync) == (2, 1)
    assert world.count == {"SearchCases": 1, "GetCase": 1}
    assert result.found[0].differences[0].desired.policy == "rule"


def test_a_policy_that_nothing_differs_from_costs_one_search():
    world = world_of(50, status="open", note="y")
    result = gather(world, a_policy())
    assert (result.managed, result.in_sync) == (50, 50)
    assert world.count == {"SearchCases": 1}


def test_a_selection_is_evaluated_again_on_what_was_read():
    world = FakeWorld.holding(live("c1", status="open", note="ab"), live("c2", status="open"))
    world.fail("SearchCases", Refused("no", code="ValidationException"))
    where = All((OPEN, leaf("note", "contains", "a")))
    assert set(changes(gather(world, a_policy(where)))) == {"c1"}


def test_templates_and_tags_are_part_of_the_selection():
    world = FakeWorld.holding(
        live("c1", "tpl-1", {"team": "a"}, note="x"),
        live("c2", "tpl-2", {"team": "a"}, note="x"),
        live("c3", "tpl-1", {"team": "b"}, note="x"),
    )
    spec = policy_spec(template="Outage", tags=(("team", "a"),), note="y")
    assert set(changes(gather(world, spec))) == {"c1"}


def test_what_the_index_shows_wrongly_is_not_a_change():
    world = FakeWorld.holding(live("c1", status="open", note="y"))
    world.index["c1"] = live("c1", status="open", note="x")
    result = gather(world, a_policy())
    assert (result.found, result.in_sync, result.managed) == ([], 1, 1)


def test_a_case_that_is_no_longer_selected_is_not_managed():
    world = FakeWorld.holding(live("c1", status="closed", note="x"))
    world.index["c1"] = live("c1", status="open", note="x")
    result = gather(world, a_policy())
    assert (result.found, result.unreadable, result.managed, result.in_sync) == ([], [], 0, 0)


def test_the_condition_is_the_value_that_was_confirmed_not_the_indexs():
    world = FakeWorld.holding(live("c1", status="open", note="now"))
    world.index["c1"] = live("c1", status="open", note="earlier")
    [found] = gather(world, a_policy()).found
    assert found.differences[0].before == "now"


def test_a_policy_with_only_if_leaves_other_values_alone():
    world = FakeWorld.holding(live("c1", status="open"), live("c2", status="open", note="x"))
    field = spec_field("note", "y", only_if(empty=True))
    assert set(changes(gather(world, a_policy(note=field)))) == {"c1"}


@pytest.mark.parametrize("count", [CONFIRM_MOST, CONFIRM_MOST + 7], ids=["all", "not-all"])
def test_at_most_so_many_differences_are_confirmed_and_the_rest_is_said(count):
    world = replace(world_of(count, status="open", note="x"), page_size=1_000)
    result = gather(world, a_policy())
    assert len(result.found) == count
    assert world.count["GetCase"] == CONFIRM_MOST
    assert sum(not found.confirmed for found in result.found) == count - CONFIRM_MOST


def test_strict_mode_reads_every_case_itself():
    world = world_of(5, status="open", note="y")
    result = gather(world, a_policy(), mode=Mode.STRICT)
    assert (result.in_sync, world.count["GetCase"]) == (5, 5)


def test_strict_mode_does_not_believe_that_a_case_is_in_sync():
    world = FakeWorld.holding(live("c1", status="open", note="x"))
    world.index["c1"] = live("c1", status="open", note="y")
    assert gather(world, a_policy()).found == []
    assert changes(gather(world, a_policy(), mode=Mode.STRICT)) == {"c1": {"note": "y"}}


def test_a_named_case_beats_a_policy():
    world = FakeWorld.holding(live("c1", status="open", note="x"))
    result = gather(world, cases_spec(spec_case("c1", note="mine")), a_policy())
    [found] = result.found
    assert changes(result) == {"c1": {"note": "mine"}}
    assert "policy rule" in found.differences[0].desired.overrides


def test_a_named_case_that_a_policy_selects_too_is_one_case():
    world = FakeWorld.holding(live("c1", status="open", note="x"))
    result = gather(world, cases_spec(spec_case("c1", vip="true")), a_policy())
    assert changes(result) == {"c1": {"note": "y", "vip": True}}
    assert result.managed == 1


def test_a_named_case_stays_managed_when_the_policy_does_not_select_it():
    world = FakeWorld.holding(live("c1", status="closed", note="x"))
    world.index["c1"] = live("c1", status="open", note="x")
    result = gather(world, cases_spec(spec_case("c1", vip="true")), a_policy())
    assert changes(result) == {"c1": {"vip": True}}


def test_two_policies_about_one_case_are_put_together():
    world = FakeWorld.holding(live("c1", status="open", note="x", vip=False))
    other = policy_spec("other", where=OPEN, file="specs/q.yaml", vip="true")
    result = gather(world, a_policy(), other)
    assert changes(result) == {"c1": {"note": "y", "vip": True}}
    assert (result.managed, world.count["GetCase"]) == (1, 1)


def test_two_policies_that_are_in_sync_need_no_second_read():
    world = FakeWorld.holding(live("c1", status="open", note="y", vip=True))
    other = policy_spec("other", where=OPEN, vip="true")
    result = gather(world, a_policy(), other)
    assert (result.in_sync, world.count["GetCase"]) == (1, 0)


def test_two_policies_that_want_different_values_of_one_case_are_a_problem():
    world = FakeWorld.holding(live("c1", status="open", note="x"))
    other = policy_spec("other", where=OPEN, note="z", file="specs/q.yaml")
    result = gather(world, a_policy(), other)
    assert {problem.code for problem in result.problems} == {"conflicting-values"}


def test_policies_that_only_a_stale_index_brings_together_are_no_problem():
    world = FakeWorld.holding(live("c1", status="open", vip=False, note="y"))
    world.index["c1"] = live("c1", status="open", vip=True, note="y")
    other = policy_spec("other", where=leaf("vip", "equals", "true"), note="z")
    result = gather(world, a_policy(), other)
    assert not result.problems
    assert (result.managed, result.in_sync, result.found) == (1, 1, [])


def test_a_case_with_a_value_we_do_not_understand_is_unknown():
    world = FakeWorld.holding(live("c1", status="open", note="x"), live("c2", status="open"))
    world.unreadable["c1"] = "holds something odd"
    result = gather(world, a_policy())
    assert unreadable(result) == {"c1": "unreadable-value"}
    assert set(changes(result)) == {"c2"}
    assert result.managed == 2


def test_an_unknown_case_is_counted_once_and_never_changed_whoever_wants_it():
    world = FakeWorld.holding(live("c1", status="open", note="x"))
    world.unreadable["c1"] = "holds something odd"
    other = policy_spec("other", where=OPEN, vip="true", file="specs/q.yaml")
    result = gather(world, cases_spec(spec_case("c1", score="5")), a_policy(), other)
    assert result.found == []
    assert unreadable(result) == {"c1": "unreadable-value"}
    assert (len(result.unreadable), result.managed) == (1, 1)


WIDE = tuple(a_field(f"f{number:02}") for number in range(40))


def test_more_fields_than_a_search_takes_are_read_one_by_one():
    world = FakeWorld.holding(
        live("c1", status="open", f00="x"),
        live("c2", status="closed", f00="x"),
        fields=(*FIELDS, *WIDE),
    )
    fields = {field.id: "y" for field in WIDE}
    result = gather(world, policy_spec(where=OPEN, **fields))
    assert set(changes(result)) == {"c1"}
    assert world.count == {"SearchCases": 1, "GetCase": 1}
    assert all(len(asked) <= 25 for case_id, asked in world.asked if not case_id)


def test_a_condition_on_more_fields_than_a_search_takes_is_decided_on_whole_cases():
    held = {field.id: "x" for field in WIDE}
    world = FakeWorld.holding(
        live("c1", **held), live("c2", **{**held, "f39": "z"}), fields=(*FIELDS, *WIDE)
    )
    where = All(tuple(Not(leaf(field.id, "equals", "z")) for field in WIDE))
    result = gather(world, a_policy(where))
    assert set(changes(result)) == {"c1"}
    assert result.managed == 1


def test_a_long_condition_on_few_fields_needs_no_whole_cases():
    world = FakeWorld.holding(
        live("c1", status="open", f00="x"), live("c2", status="closed"), fields=(*FIELDS, *WIDE)
    )
    where = All((OPEN, *(Not(leaf("note", "equals", f"n{n}")) for n in range(30))))
    gather(world, policy_spec(where=where, **{field.id: "y" for field in WIDE}))
    assert [case_id for case_id, _ in world.asked if case_id] == ["c1"]


def test_a_reference_of_a_case_with_more_fields_than_a_search_takes_is_found():
    world = FakeWorld.holding(live("c1", reference_number="100"), fields=(*FIELDS, *WIDE))
    result = gather(world, by_reference("100", **{field.id: "y" for field in WIDE}))
    assert set(changes(result)) == {"c1"}
    assert all(len(asked) <= 25 for case_id, asked in world.asked if not case_id)


# -- only some cases -----------------------------------------------------------------------


def test_only_the_cases_asked_for_are_read():
    world = world_of(5, note="x")
    spec = cases_spec(*(spec_case(key, note="y") for key in world.cases))
    result = gather(world, spec, only=["c003"])
    assert set(changes(result)) == {"c003"}
    assert (result.managed, world.count["GetCase"]) == (1, 1)


def test_a_policy_is_asked_about_the_case_itself_and_no_search_is_made():
    world = FakeWorld.holding(live("c1", status="open", note="x"), live("c2", status="open"))
    result = gather(world, a_policy(), only=["c1"])
    assert set(changes(result)) == {"c1"}
    assert world.count == {"GetCase": 1}


def test_a_case_asked_for_that_no_policy_selects_is_not_managed():
    world = FakeWorld.holding(live("c1", status="closed", note="x"))
    result = gather(world, a_policy(), only=["c1"])
    assert (result.found, result.managed) == ([], 0)


def test_a_case_asked_for_by_reference_is_found():
    world = FakeWorld.holding(
        live("c1", reference_number="100", note="x"), live("c2", reference_number="101", note="x")
    )
    result = gather(world, by_reference("100", "101", "102"), only=["c2"])
    assert set(changes(result)) == {"c2"}
    assert result.unreadable == []


def test_nothing_wanted_is_nothing_read():
    world = world_of(3, note="x")
    result = gather(world, only=["c000"])
    assert (result.managed, world.calls()) == (0, [])


# -- an index that is not to be trusted ----------------------------------------------------


class Doubtful(FakeWorld):
    """A domain whose index is in doubt about one case, or gives no answer of any use."""

    error = None

    def search_cases(self, wanted, fields, token, order=None):
        page = super().search_cases(wanted, fields, token, order)
        if self.error is not None:
            raise self.error
        return replace(
            page,
            cases=tuple(case for case in page.cases if case.case_id != "c001"),
            doubtful=frozenset({"c001"}),
        )


def doubtful(count=3, **values):
    world = Doubtful(world_of(count, note="y", status="open").cases)
    world.edit("c001", **values)
    return world


@pytest.mark.parametrize(
    ("values", "managed", "changed"),
    [
        ({"note": "y"}, 3, {}),
        ({"note": "x"}, 3, {"c001": {"note": "y"}}),
        ({"status": "closed", "note": "x"}, 2, {}),
    ],
)
def test_whether_a_policy_is_about_a_case_in_doubt_shows_when_it_is_read(values, managed, changed):
    result = gather(doubtful(**values), a_policy())
    assert (result.managed, changes(result), unreadable(result)) == (managed, changed, {})


MANY = cases_spec(*(spec_case(f"c{number:03}", note="y") for number in range(40)))


@pytest.mark.parametrize("note", ["x", "y"])
def test_a_named_case_in_doubt_is_read_with_getcase(note):
    world = doubtful(40, note=note)
    result = gather(world, MANY)
    assert changes(result) == ({"c001": {"note": "y"}} if note == "x" else {})
    assert result.in_sync == (39 if note == "x" else 40)
    assert world.count == {"SearchCases": 1, "GetCase": 1}


@pytest.mark.parametrize("code", ["unreadable-value", "broken-reply", "endless-pages"])
def test_an_index_that_gives_no_answer_is_not_asked_again(code):
    world = doubtful(40)
    world.error = CallError("no answer", code=code)
    result = gather(world, MANY)
    assert (result.in_sync, unreadable(result)) == (40, {})
    assert world.count["SearchCases"] <= 2
    assert world.count["GetCase"] == 40


def test_an_index_that_is_refused_ends_the_run():
    world = doubtful(40)
    world.error = DENIED
    with pytest.raises(Refused):
        gather(world, MANY)
