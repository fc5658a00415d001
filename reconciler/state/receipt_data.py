"""A receipt as plain data and back; the plan in it is the one that was applied, to the byte."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from reconciler.files.canonical import Data, digest_of
from reconciler.files.derived import Forms, sentence
from reconciler.files.forms import Form, Schema, count, each, one_of, optional, text
from reconciler.files.misshapen import expected
from reconciler.files.records import Key, Keys, record
from reconciler.model.event import Outcome
from reconciler.model.marks import DIGEST, Mark
from reconciler.model.plan import CaseChange, Plan, TargetPlan
from reconciler.model.receipt import RECEIPT_FORMAT, Receipt, RunFacts
from reconciler.plan.file.data import BESIDE, CHANGES_DIGEST, OWN_DIGEST, VERSION, identity, to_data
from reconciler.plan.file.rules import RULES, bulk_by_field, once_each
from reconciler.state.event_data import KINDS, event_data, event_key
from reconciler.state.tally import counted

# Of the plan these stand at the top of a receipt too. What is not named here, and does not follow
# from the rest, stands in its `plan`.
_SHARED = ("git", "spec_digest", "spec_files")
_REMADE = ("format_version", "digest", "summary", "targets", "changes_digest")
_OUTCOMES = tuple(kind.__name__ for kind in get_args(Outcome))
# An outcome stands in its target and case, and the fields that it is about are the plan's.
_KNOWN = ("target", "case_id", "about")


def receipt_data(receipt: Receipt) -> Data:
    """The whole receipt file, its digest included."""
    plan = to_data(receipt.plan)
    outcomes = {(one.target, one.case_id): one for one in receipt.outcomes}
    own: Data = record(_own_keys(Forms())).write(receipt)
    data: Data = {
        "format_version": RECEIPT_FORMAT,
        **own,
        "run": {**own["run"], "mode": str(receipt.plan.mode)},
        "plan": {key: plan[key] for key in plan if key not in (*_SHARED, *_REMADE)},
        "plan_digest": identity(receipt.plan),
        "changes_digest": plan["changes_digest"],
        **{key: plan[key] for key in _SHARED},
        "targets": [
            target
            | {
                "changes": [
                    change
                    | {"outcome": _outcome_data(outcomes.get((target["name"], change["case_id"])))}
                    for change in target["changes"]
                ]
            }
            for target in plan["targets"]
        ],
        "counts": dict(counted(receipt.outcomes)),
    }
    data["digest"] = digest_of(data)
    return data


def receipt_from(data: Mapping[str, Any]) -> Receipt:
    """The receipt that `receipt_data` wrote; Misshapen at the first thing that none holds."""
    found: Data = receipt_form().read(data)
    once_each(data["targets"])
    plan = Plan(**found.pop("head"), **{name: found.pop(name) for name in (*_SHARED, "targets")})
    bulk_by_field(plan)
    return Receipt(**found, plan=plan, outcomes=tuple(_outcomes(data)))


def _own_keys(forms: Forms) -> Keys:
    return forms.keys(Receipt, without=("plan", "outcomes"))


@cache
def receipt_form() -> Form:
    """How a receipt is written down."""
    plan = Forms().keys(Plan, without=("targets",))
    outcome = Key(form=optional(_outcome_form()))
    forms = Forms(
        rules=RULES,
        extra={
            **BESIDE,
            CaseChange: {"outcome": outcome},
            RunFacts: {"mode": Key(form=plan["mode"].form)},
        },
    )
    counts = record({name: Key(form=count(Mark())) for name in _OUTCOMES})
    return record(
        {
            "format_version": VERSION,
            **_own_keys(forms),
            "plan": Key(
                form=record({key: one for key, one in plan.items() if key not in _SHARED}),
                attribute="head",
                says="The plan's own facts",
            ),
            "plan_digest": Key(form=text(DIGEST), says="digest of the plan that was applied"),
            "changes_digest": CHANGES_DIGEST,
            **{key: plan[key] for key in _SHARED},
            "targets": Key(form=each(forms.of(TargetPlan), "targets"), attribute="targets"),
            "counts": Key(form=counts, says="Cases by outcome, as in the journal"),
            "digest": OWN_DIGEST,
        }
    )


@cache
def _outcome_form() -> Form:
    """What became of a case; its target, its id and its fields are those that it stands in."""
    forms = Forms()
    kinds = {
        kind: record({"event": event_key(KINDS[kind]), **forms.keys(KINDS[kind], without=_KNOWN)})
        for kind in _OUTCOMES
    }
    which = one_of(_OUTCOMES)

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise expected(value, "an object")
        return kinds[which.read(value.get("event"))].read(value)

    def schema(defs: dict[str, Schema]) -> Schema:
        if "Outcome" not in defs:
            defs["Outcome"] = {}  # before what it refers to
            defs["Outcome"] = {
                "description": "What became of the case, as the journal's last line about it says",
                "oneOf": [
                    {"description": sentence(KINDS[kind]), **form.schema(defs)}
                    for kind, form in kinds.items()
                ],
            }
        return {"$ref": "#/$defs/Outcome"}

    return Form(read, None, schema)


def _outcome_data(outcome: Outcome | None) -> Data | None:
    if outcome is None:
        return None
    data = event_data(outcome)
    return {key: value for key, value in data.items() if key not in _KNOWN}


def _outcomes(data: Mapping[str, Any]) -> Iterator[Outcome]:
    for target in data["targets"]:
        for change in target["changes"]:
            if (outcome := change["outcome"]) is not None:
                kind: Any = KINDS[outcome["event"]]
                found = _outcome_form().read(outcome)
                yield kind(**found, target=target["name"], case_id=change["case_id"])
