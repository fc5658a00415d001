"""Nothing that the model holds of a plan is lost on the way through its file."""

import json
from dataclasses import MISSING, fields, is_dataclass, replace

from reconciler.files.canonical import canonical
from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Source
from reconciler.model.guards import Guard
from reconciler.model.plan import (
    Blocker,
    CaseChange,
    Estimate,
    FieldChange,
    Git,
    IgnoredField,
    LastChange,
    Mode,
    Plan,
    TargetPlan,
    UnreadableCase,
    Wanted,
)
from reconciler.model.receipt import Receipt, RunFacts
from reconciler.model.value import FieldType
from reconciler.plan.file.data import from_data, to_data
from reconciler.state.receipt_data import receipt_data, receipt_from

AT = Source("specs/a.yaml", 7, 5)
LAST = LastChange(
    by="jane", principal="role", at="2026-11-30T10:00:00Z", before="a", after="b", commit="c0ffee"
)
ENTRY = FieldChange(
    id="note",
    name="Note",
    type=FieldType.TEXT,
    before="b",
    after="c",
    source=AT,
    overrides="rule",
    policy="rule",
    spec="vip",
    owner="care",
    change_class=ChangeClass.CONFLICT,
    last_change=LAST,
)
TARGET = TargetPlan(
    name="prod",
    account="111122223333",
    region="us-west-2",
    domain_id="d",
    domain_name="support",
    read_at="2026-12-01T09:00:00Z",
    read_by="GetCase",
    cases_managed=4,
    cases_in_sync=1,
    changes=(
        CaseChange(
            case_id="c1",
            title="Lost",
            template_id="t",
            observed_at="2026-11-30T10:00:00Z",
            fields=(ENTRY,),
        ),
    ),
    unreadable=(UnreadableCase("c3", "not-found", "gone", AT, (Wanted("note", "vip", "p"),)),),
    blocked_by=(Blocker(Guard.FIELD, "prod", 2, 1, "too many", names="note"),),
    estimate=Estimate({"GetCase": 2}, 1.5),
    unconfirmed=1,
    bulk_estimate=Estimate({"SearchCases": 2}, 0.5),
    by_field_estimate=Estimate({"SearchCases": 2}, 0.2),
    policy_limits={"rule": 5},
    ignored=(IgnoredField("c4", "note", "Note", "theirs", "2027-01-01", AT, "leave"),),
    option_names={"priority": {"p1": "High"}},
)
FAILED = replace(TARGET, name="other", changes=(), error="no such domain")
PLAN = Plan(
    tool_version="1",
    created_at="2026-12-01T09:00:00Z",
    expires_at="2026-12-02T09:00:00Z",
    git=Git("c0ffee", "main", True),
    spec_digest="5" * 64,
    mode=Mode.BULK,
    by_field=True,
    targets=(TARGET, FAILED),  # one that failed has no changes
    spec_files=("specs/a.yaml",),
    rollback_of="6" * 64,
    part_of="7" * 64,
)


def left_at_their_defaults(plan):
    """The fields of the model that nothing in a plan makes use of."""
    used = {path: any(one for at, one in uses(plan) if at == path) for path, _ in uses(plan)}
    return [path for path, is_used in used.items() if not is_used]


def uses(value, path="plan"):
    """Each field of the model in a value, and whether it is left at its default there."""
    if isinstance(value, tuple | list):
        for item in value:
            yield from uses(item, path)
    if not is_dataclass(value):
        return
    for entry in fields(value):
        held = getattr(value, entry.name)
        made = entry.default_factory() if entry.default_factory is not MISSING else entry.default
        yield f"{path}.{entry.name}", held != made
        yield from uses(held, f"{path}.{entry.name}")


def test_the_plan_of_this_module_makes_use_of_every_field_of_the_model():
    # `vouched` is what a reader makes of the seal around the file.
    assert left_at_their_defaults(PLAN) == ["plan.vouched"]
    assert left_at_their_defaults(TARGET) == ["plan.error"], "the check can fail"


def test_every_field_of_the_model_comes_back_from_a_plan_file():
    assert from_data(json.loads(canonical(to_data(PLAN)))) == PLAN


def test_every_field_of_the_model_comes_back_from_a_receipt():
    run = RunFacts(
        run_id="r",
        started_at="2026-12-01T09:00:00Z",
        finished_at="2026-12-01T09:00:05Z",
        complete=False,
        actor="jane",
        tool_version="1",
    )
    receipt = Receipt(run=run, plan=PLAN, outcomes=())
    assert receipt_from(json.loads(canonical(receipt_data(receipt)))) == receipt
