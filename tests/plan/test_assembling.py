"""One case's entry in the plan, and what the plan will cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.config.model import Rate
from reconciler.model.catalog import Option
from reconciler.model.plan import Estimate, Mode, Sealed
from reconciler.model.value import FieldType
from reconciler.plan.assembling import (
    bulk_saves,
    case_change,
    estimate,
    offers,
    option_names,
)
from reconciler.plan.covering import REST, fewest
from reconciler.secrets.sealing import Sealer
from reconciler.service.pacing import Pace
from reconciler.service.quotas import DEFAULT_QUOTAS, quotas_with
from reconciler.specs.diff import Difference
from tests.builders import a_catalog, desired_field, field_change, live
from tests.builders import case_change as case_change_of

OPEN = Sealer(b"", frozenset())


def entry(held, *differences, sealer=OPEN):
    return case_change(held, differences, a_catalog(), sealer)


def test_an_entry_carries_what_a_reviewer_needs():
    held = live("c1", "tpl-2", title="Lost parcel", last_updated_datetime="2026-11-30T08:00:00Z")
    change = entry(
        held, Difference(desired_field("vip", True, overrides="policy p", policy=""), None)
    )
    assert (change.case_id, change.template_id) == ("c1", "tpl-2")
    assert (change.title, change.observed_at) == ("Lost parcel", "2026-11-30T08:00:00Z")
    [field] = change.fields
    assert (field.name, field.before, field.after) == ("VIP", None, True)
    assert field.overrides == "policy p"


def test_a_case_without_title_or_time_has_neither():
    change = entry(live(), Difference(desired_field("vip", True), None))
    assert (change.title, change.observed_at) == ("", "")


def test_sensitive_values_and_titles_are_sealed():
    sealer = Sealer(b"key", frozenset({"note", "title"}))
    held = live(title="Card 4111", note="4111")
    change = entry(held, Difference(desired_field("note", "4222"), "4111"), sealer=sealer)
    assert change.title.startswith("(sensitive #")
    [field] = change.fields
    assert isinstance(field.before, Sealed)
    assert isinstance(field.after, Sealed)
    assert "4222" not in str(change)
    assert "4111" not in str(change)


def alike(count):
    return [case_change_of(f"c{number:04}") for number in range(count)]


def cost(changes, quotas=DEFAULT_QUOTAS, share=1.0, mode=Mode.BALANCED, by_field=False):
    return estimate(changes, mode, quotas, share, by_field=by_field)


@pytest.mark.parametrize("mode", Mode)
def test_no_change_costs_nothing(mode):
    assert cost([], mode=mode) == Estimate({}, 0.0)


def test_a_case_costs_a_write_and_two_reads():
    assert cost(alike(7)).calls == {"GetCase": 14, "UpdateCase": 7}


def test_in_bulk_a_hundred_alike_cases_cost_a_write_and_two_searches():
    found = cost(alike(250), mode=Mode.BULK)
    assert found.calls == {"SearchCases": 6, "BatchUpdateCase": 3}


def test_in_bulk_what_cannot_travel_together_costs_as_before():
    other = case_change_of("z", field_change("note", "old", "unlike"))
    found = cost([*alike(100), other], mode=Mode.BULK)
    assert found.calls == {
        "GetCase": 2,
        "UpdateCase": 1,
        "SearchCases": 2,
        "BatchUpdateCase": 1,
    }


@pytest.mark.parametrize(
    ("count", "mode", "said"),
    [
        pytest.param(1_000, Mode.BALANCED, True, id="much-faster"),
        pytest.param(1_000, Mode.STRICT, True, id="much-faster-than-strict"),
        pytest.param(1_000, Mode.BULK, False, id="bulk-already"),
        pytest.param(10, Mode.BALANCED, False, id="not-worth-it"),
        pytest.param(0, Mode.BALANCED, False, id="nothing"),
    ],
)
def test_bulk_is_proposed_where_it_is_at_least_twice_as_fast(count, mode, said):
    found = bulk_saves(alike(count), mode, DEFAULT_QUOTAS, 0.8)
    assert (found is not None) is said
    assert found is None or 2 * found.seconds <= cost(alike(count), share=0.8).seconds


def unlike(count, fields=6, values=8):
    """Cases that are to hold one of some values in each of some fields, in every mixture."""
    return [
        case_change_of(
            f"c{at:05}",
            *(
                field_change(f"f{name}", "old", f"v{at // values**name % values}")
                for name in range(fields)
            ),
        )
        for at in range(count)
    ]


def test_by_field_a_batch_costs_a_write_and_two_searches():
    changes = unlike(600)
    batches, singles, _ = fewest(changes)
    assert cost(changes, mode=Mode.BULK, by_field=True).calls == {
        "SearchCases": 2 * batches,
        "BatchUpdateCase": batches,
    }
    assert (batches < 60, singles) == (True, 0)


@pytest.mark.parametrize(
    ("changes", "mode", "by_field", "said"),
    [
        pytest.param(unlike(600), Mode.BALANCED, False, True, id="much-faster"),
        pytest.param(unlike(600), Mode.BULK, False, True, id="much-faster-than-whole-changes"),
        pytest.param(unlike(600), Mode.BULK, True, False, id="by-field-already"),
        pytest.param(unlike(6), Mode.BALANCED, False, False, id="not-worth-it"),
        pytest.param(alike(1_000), Mode.BALANCED, False, False, id="whole-changes-do-it"),
        pytest.param([], Mode.BALANCED, False, False, id="nothing"),
    ],
)
def test_by_field_is_proposed_where_it_is_twice_as_fast_and_faster_than_bulk(
    changes, mode, by_field, said
):
    _, found = offers(changes, mode, DEFAULT_QUOTAS, 0.8, by_field=by_field)
    assert (found is not None) is said
    now = estimate(changes, mode, DEFAULT_QUOTAS, 0.8)
    assert found is None or 2 * found.seconds <= now.seconds


def test_the_rest_between_the_batches_of_a_case_counts_where_it_is_longer_than_the_quotas():
    fast = dict.fromkeys(DEFAULT_QUOTAS, Rate(1_000, 1_000))
    changes = unlike(600)
    found = estimate(changes, Mode.BULK, fast, 1.0, by_field=True)
    assert found.seconds == REST * (fewest(changes).waves - 1) > 0


def test_bulk_is_not_proposed_for_changes_that_are_all_different():
    changes = [
        case_change_of(f"c{number:04}", field_change("note", "old", str(number)))
        for number in range(500)
    ]
    assert bulk_saves(changes, Mode.BALANCED, DEFAULT_QUOTAS, 0.8) is None


@pytest.mark.parametrize(
    ("changes", "quotas", "share", "seconds"),
    [
        pytest.param(2, {}, 1.0, 0.0, id="within-the-burst"),
        pytest.param(102, {}, 1.0, 50.0, id="two-writes-a-second"),
        pytest.param(102, {}, 0.5, 101.0, id="half-the-quota-and-half-the-burst"),
        pytest.param(
            102, {"UpdateCase": Rate(100, 100)}, 1.0, 48.5, id="then-reading-is-the-slowest"
        ),
    ],
)
def test_the_slowest_quota_decides_the_time(changes, quotas, share, seconds):
    assert cost(alike(changes), quotas_with(quotas), share).seconds == seconds


@given(
    st.integers(1, 200), st.integers(1, 20), st.integers(1, 20), st.sampled_from([0.25, 0.5, 1.0])
)
def test_the_estimate_is_what_the_pace_will_be(changes, rate, burst, share):
    quotas = {"UpdateCase": Rate(rate, burst), "GetCase": Rate(1_000, 10_000)}
    pace = Pace.full(rate * share, burst * share, 0.0)
    for _ in range(changes):
        wait, pace = pace.take(0.0)
    assert cost(alike(changes), quotas, share).seconds == pytest.approx(wait, abs=0.051)


def test_only_options_that_change_and_are_called_otherwise_are_named():
    def changed(before, after, **more):
        entry = field_change("priority", before, after, type=FieldType.SINGLE_SELECT, **more)
        return case_change_of("c1", entry)

    catalog = a_catalog()
    assert option_names([changed("p1", "p3")], catalog) == {"priority": {"p1": "High", "p3": "Low"}}
    assert option_names([changed(None, "p2")], catalog) == {"priority": {"p2": "Medium"}}
    assert option_names([case_change_of("c1", field_change("note", "a", "b"))], catalog) == {}
    twins = {"priority": (Option("a", "Same", True), Option("b", "Same", True))}
    assert option_names([changed("a", "b")], a_catalog(options=twins)) == {}
