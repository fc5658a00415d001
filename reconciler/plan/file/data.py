"""A plan as plain data, read back to the letter, and its digests.

What each part is, is said by its type; see `files.derived`.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from reconciler.files.canonical import Data, Spelled, _sha256, digest_of, encode, json_text
from reconciler.files.derived import Forms
from reconciler.files.forms import VALUE, Form, Spell, text
from reconciler.files.records import Key, Keys, record
from reconciler.model.classes import ChangeClass
from reconciler.model.marks import DIGEST, Mark
from reconciler.model.plan import FORMAT_VERSION, Blocker, CaseChange, Plan, Sealed, Shown, Summary
from reconciler.plan.file.rules import RULES, bulk_by_field, once_each
from reconciler.plan.guard import flag_of

VERSION = Key(form=text(Mark(pattern=r"2\.[0-9]+", expected="2 and a number")))
CHANGES_DIGEST = Key(
    form=text(DIGEST),
    says="sha256 of the changes alone: the same for the same changes, whenever and from whichever "
    "commit they were planned",
)
OWN_DIGEST = Key(
    form=text(DIGEST),
    says="sha256 of the rest of this file, without `hmac` and `conflicts`, in canonical JSON "
    "(sorted keys, no spare space, UTF-8)",
)
# Keys of the files about plans that no type has.
BESIDE: Mapping[type, Keys] = {
    Blocker: {
        "override": Key(
            form=text(Mark()),
            derived=True,
            get=flag_of,
            says="The exact flag that lifts this guard",
        )
    }
}


@cache
def _forms() -> Forms:
    return Forms(rules=RULES, extra=BESIDE)


def _changes_form() -> Form:
    return _forms().of(CaseChange)


@cache
def plan_form() -> Form:
    """How a plan is written down."""
    forms = _forms()
    keys: Keys = {
        "format_version": VERSION,
        **forms.keys(Plan),
        "changes_digest": CHANGES_DIGEST,
        "summary": Key(form=_summary_form()),
        "digest": OWN_DIGEST,
    }
    return record(keys, Plan)


@cache
def _summary_form() -> Form:
    return Forms().of(Summary)


def changes_digest(plan: Plan) -> str:
    """The sha256 of the changes alone.

    The same changes have the same digest whenever, and from whichever commit, they were planned:
    places in files, titles, times, classes, and targets without changes are left out.
    """
    return _sha256(
        [
            [target.domain_id, Spelled(map(_essence, target.changes))]
            # By the domain: a target may be renamed in the config, and another machine may order
            # them otherwise.
            for target in sorted(plan.targets, key=lambda target: target.domain_id)
            if target.changes
        ]
    )


def _essence(change: CaseChange) -> str:
    """The case and, for each field, its id, what it held and what it will hold, as JSON."""
    spell = VALUE.spell
    fields = [
        f"[{json_text(one.id)},{_essential(one.before, spell)},{_essential(one.after, spell)}]"
        for one in change.fields
    ]
    return f"[{json_text(change.case_id)},[{','.join(fields)}]]"


def _essential(value: Shown, spell: Spell) -> str:
    return encode({"sealed": value.digest}) if type(value) is Sealed else spell(value)


def to_data(plan: Plan) -> Data:
    """The whole plan file, digests included."""
    return _with_digests(plan, written(plan))


def to_save(plan: Plan) -> Data:
    """The same, each change spelled already: as `laid_out` and digests take it.

    That is done once, where data would be made of it, and then encoded for each of them.
    """
    bare = replace(plan, targets=tuple(replace(one, changes=()) for one in plan.targets))
    data, spell = written(bare), _changes_form().spell
    for target, made in zip(plan.targets, data["targets"], strict=True):
        made["changes"] = Spelled(map(spell, target.changes))
    return _with_digests(plan, data)


def _with_digests(plan: Plan, made: Data) -> Data:
    data: Data = {
        "format_version": FORMAT_VERSION,
        **made,
        "changes_digest": changes_digest(plan),
        "summary": summary(plan),
    }
    data["digest"] = digest_of(data)
    return data


def written(plan: Plan) -> Data:
    """What the plan itself holds, without what follows from it."""
    data: Data = plan_form().write(plan)
    return data


def from_data(data: Mapping[str, Any]) -> Plan:
    """The plan that `to_data` wrote; Misshapen at the first thing that no plan of ours holds.

    That its digests and totals fit is proven by writing it again.
    """
    plan: Plan = plan_form().read(data)
    # A case in a file twice would be written twice; no plan of ours has one so.
    once_each(data["targets"])
    bulk_by_field(plan)
    return plan


def identity(plan: Plan) -> str:
    """The digest by which stamps and journals know a plan: a part's is that of the whole."""
    return plan.part_of or str(to_save(plan)["digest"])


def summary(plan: Plan) -> Data:
    """The totals that people and programs look at first."""
    classes = plan.classes
    totals = Summary(
        cases_managed=sum(target.cases_managed for target in plan.targets),
        cases_in_sync=sum(target.cases_in_sync for target in plan.targets),
        cases_to_change=plan.changed_cases,
        fields_to_change=plan.changed_fields,
        clears=sum(
            entry.clears
            for target in plan.targets
            for change in target.changes
            for entry in change.fields
        ),
        classes={kind: classes[kind] for kind in ChangeClass},
        ignored=sum(len(target.ignored) for target in plan.targets),
        unreadable=plan.unreadable_cases,
        blocked=plan.blocked,
    )
    data: Data = _summary_form().write(totals)
    return data
