"""A receipt holds the whole plan and every outcome, and any edit of it is seen."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.apply.retry_plan import retry_plan
from reconciler.files.canonical import canonical, digest_of
from reconciler.files.schema_check import schema_errors, schema_path
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    FieldConflict,
    NotAttempted,
    Unknown,
    Unverified,
)
from reconciler.model.plan import Sealed
from reconciler.model.receipt import Receipt, RunFacts
from reconciler.plan.file.data import to_data
from reconciler.state.receipt_data import receipt_data, receipt_from
from tests.builders import a_plan, case_change
from tests.plan.plans import digests, plans, texts, times

shown = st.none() | st.booleans() | texts | st.just(4.5) | st.builds(Sealed, digests)
conflicts = st.lists(st.builds(FieldConflict, texts, texts, shown, shown, shown), max_size=2).map(
    tuple
)
RUN = RunFacts(
    run_id="r",
    started_at="2026-12-01T09:00:00Z",
    finished_at="2026-12-01T09:00:05.25Z",
    complete=False,
    actor="jane",
    tool_version="0.1.0",
)
runs = st.builds(
    RunFacts,
    run_id=st.text("abcTZ019.-", min_size=1, max_size=8),
    started_at=times,
    finished_at=times,
    complete=st.booleans(),
    actor=texts,
    tool_version=texts,
    ci_run=texts,
    overridden_windows=st.lists(texts, max_size=2).map(tuple),
    retry_of=texts,
)


def outcomes(target, case_id):
    """Any outcome of one case, or none."""
    about = {"target": st.just(target), "case_id": st.just(case_id)}
    return st.none() | st.one_of(
        st.builds(Applied, **about, request_id=texts, settled_by_reading=st.booleans()),
        st.builds(AlreadyDone, **about),
        st.builds(Conflict, **about, fields=conflicts, changed_by=texts, changed_at=texts),
        st.builds(Failed, **about, code=texts, message=texts, request_id=texts),
        st.builds(Unknown, **about, message=texts),
        st.builds(Unverified, **about, request_id=texts, fields=conflicts),
        st.builds(NotAttempted, **about, reason=texts),
    )


@st.composite
def receipts(draw):
    plan = draw(plans)
    pairs = [(target.name, one.case_id) for target in plan.targets for one in target.changes]
    once = [pair for pair, count in Counter(pairs).items() if count == 1]
    if len(once) < len(pairs):
        plan = replace(plan, targets=())
        once = []
    found = [draw(outcomes(*pair)) for pair in once]
    return Receipt(run=draw(runs), plan=plan, outcomes=tuple(one for one in found if one))


@settings(max_examples=60)
@given(receipts())
def test_a_receipt_is_read_back_as_it_was_written(receipt):
    data = json.loads(canonical(receipt_data(receipt)))
    read = receipt_from(data)
    assert canonical(receipt_data(read)) == canonical(data)
    assert (read.run, read.plan) == (receipt.run, receipt.plan)
    assert [type(one) for one in read.outcomes] == [type(one) for one in receipt.outcomes]


@settings(max_examples=40)
@given(receipts())
def test_every_receipt_fits_its_schema_its_digest_and_its_plans_digest(receipt):
    data = json.loads(canonical(receipt_data(receipt)))
    assert schema_errors("receipt", data) == ()
    assert digest_of(data) == data["digest"]
    assert data["plan_digest"] == to_data(receipt.plan)["digest"]
    assert sum(data["counts"].values()) == len(receipt.outcomes)


@settings(max_examples=40)
@given(receipts())
def test_the_rest_is_what_is_not_over_and_has_the_plans_own_conditions(receipt):
    rest = retry_plan(receipt)
    over = {
        (one.target, one.case_id)
        for one in receipt.outcomes
        if isinstance(one, Applied | AlreadyDone | Conflict)
    }
    planned = {(t.name, one.case_id): one for t in receipt.plan.targets for one in t.changes}
    left = {(t.name, one.case_id): one for t in rest.targets for one in t.changes}
    assert left == {pair: one for pair, one in planned.items() if pair not in over}
    unread = {(t.name, t.unreadable, t.error) for t in receipt.plan.targets}
    assert rest.incomplete == receipt.plan.incomplete  # what could not be read is not done either
    assert all((t.name, t.unreadable, t.error) in unread for t in rest.targets)
    assert rest.expires_at == receipt.plan.expires_at


def test_the_rest_of_one_receipt_is_always_the_same_plan():
    plan = a_plan(case_change("c1"), case_change("c2"))
    failed = Failed(target="prod", case_id="c1", code="x", message="y")
    done = Applied(target="prod", case_id="c2", request_id="r")
    receipt = Receipt(run=RUN, plan=plan, outcomes=(failed, done))
    first, second = (to_data(retry_plan(receipt))["digest"] for _ in range(2))
    assert first == second != to_data(plan)["digest"]


def test_an_outcome_of_an_unknown_kind_is_no_receipt():
    done = Applied(target="prod", case_id="c1", request_id="r")
    data = receipt_data(Receipt(run=RUN, plan=a_plan(case_change("c1")), outcomes=(done,)))
    data["targets"][0]["changes"][0]["outcome"]["event"] = "Vanished"
    with pytest.raises(ValueError, match="found the text 'Vanished', expected AlreadyDone"):
        receipt_from(data)


def test_a_sealed_value_stays_sealed():
    field = FieldConflict("note", "Note", Sealed("ab" * 32), Sealed("cd" * 32), Sealed("ef" * 32))
    conflict = Conflict(target="prod", case_id="c1", fields=(field,), changed_by="", changed_at="")
    data = receipt_data(Receipt(run=RUN, plan=a_plan(case_change("c1")), outcomes=(conflict,)))
    found = data["targets"][0]["changes"][0]["outcome"]["fields"][0]
    assert [found[key] for key in ("before", "after", "live")] == [
        "(sensitive #abab)",
        "(sensitive #cdcd)",
        "(sensitive #efef)",
    ]


def test_the_schema_repeats_the_plans_definitions_word_for_word():
    def schema_of(name):
        return json.loads(schema_path(name).read_text(encoding="utf-8"))

    plan, receipt = schema_of("plan"), schema_of("receipt")
    own = receipt["$defs"]
    assert own.pop("Outcome") and own.pop("FieldConflict") and own.pop("RunFacts")
    change = own["CaseChange"]
    change["properties"].pop("outcome")
    change["required"].remove("outcome")
    for name in ("Summary", "ReportedConflict", "WayOut"):  # a receipt has none
        assert plan["$defs"].pop(name)
    assert own == plan["$defs"]
    for name, said in receipt["properties"]["plan"]["properties"].items():
        assert said == plan["properties"][name]
