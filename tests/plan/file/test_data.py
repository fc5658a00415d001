"""The plan file's shape: what is written is read back, and any edit is seen."""

import copy
import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.files.canonical import canonical, digest_of, laid_out, plain
from reconciler.files.schema_check import schema_errors
from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Source
from reconciler.model.plan import Estimate, Git, Mode, Sealed, UnreadableCase
from reconciler.plan.file import data as data_module
from reconciler.plan.file.data import (
    _changes_form,
    changes_digest,
    from_data,
    identity,
    summary,
    to_data,
    to_save,
)
from reconciler.plan.file.disk import save_plan
from tests.builders import AT, a_plan, case_change, field_change, target_plan
from tests.plan.plans import plans


@settings(max_examples=50)
@given(plans)
def test_a_plan_is_read_back_as_it_was_written(plan):
    data = json.loads(canonical(to_data(plan)))
    assert from_data(data) == plan
    assert canonical(to_data(from_data(data))) == canonical(data)


@settings(max_examples=30)
@given(plans)
def test_every_plan_fits_its_schema_and_its_own_digest(plan):
    data = to_data(plan)
    assert schema_errors("plan", json.loads(canonical(data))) == ()
    assert digest_of(data) == data["digest"]
    assert changes_digest(plan) == data["changes_digest"]


SEALED = field_change("note", Sealed("ab" * 32), Sealed("cd" * 32))
PLAN = a_plan(
    target_plan(
        case_change("c1", SEALED, field_change("score", 1.0, 2.5), field_change("vip", None, True)),
        case_change("c2", field_change(before="x", after=None, overrides="o", policy="p")),
        unreadable=(UnreadableCase("c3", "not-found", "gone", AT),),
        estimate=Estimate({"GetCase": 4, "UpdateCase": 2}, 1.5),
        policy_limits={"p": 5},
    )
)


def leaves(data, path=()):
    if isinstance(data, dict | list):
        items = data.items() if isinstance(data, dict) else enumerate(data)
        for key, value in items:
            yield from leaves(value, (*path, key))
    else:
        yield path


def edited(data, path):
    data = copy.deepcopy(data)
    spot = data
    for key in path[:-1]:
        spot = spot[key]
    value = spot[path[-1]]
    spot[path[-1]] = {
        bool: lambda: not value,
        type(None): lambda: "x",
        str: lambda: value + "x",
    }.get(type(value), lambda: value + 1)()
    return data


@pytest.mark.parametrize(
    "path",
    [path for path in leaves(to_data(PLAN)) if path != ("digest",)],
    ids=lambda path: ".".join(map(str, path)),
)
def test_the_digest_changes_when_any_leaf_changes(path):
    data = to_data(PLAN)
    assert digest_of(edited(data, path)) != data["digest"]


def on_target(**more):
    return replace(PLAN, targets=(replace(PLAN.targets[0], **more),))


def on_first_case(**more):
    first, *rest = PLAN.targets[0].changes
    return on_target(changes=(replace(first, **more), *rest))


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(replace(PLAN, created_at="2027-01-01T00:00:00Z"), id="created"),
        pytest.param(replace(PLAN, expires_at="2027-01-01T00:00:00Z"), id="expires"),
        pytest.param(replace(PLAN, git=Git("other", "b", True)), id="commit"),
        pytest.param(replace(PLAN, tool_version="9"), id="version"),
        pytest.param(replace(PLAN, mode=Mode.STRICT), id="mode"),
        pytest.param(replace(PLAN, spec_digest="0" * 64, spec_files=("b.yaml",)), id="specs"),
        pytest.param(on_target(read_at="2027-01-01T00:00:00Z", read_by="x"), id="read"),
        pytest.param(on_target(cases_managed=99, cases_in_sync=97), id="counts"),
        pytest.param(on_target(unreadable=()), id="unreadable"),
        pytest.param(on_target(name="staging", domain_name="x"), id="names"),
        pytest.param(on_first_case(title="renamed", observed_at="later"), id="title"),
        pytest.param(
            on_first_case(
                fields=tuple(
                    replace(
                        one,
                        source=Source("z.yaml", 99),
                        name="N",
                        overrides="x",
                        policy="y",
                        spec="z",
                        change_class=ChangeClass.CONFLICT,
                    )
                    for one in PLAN.targets[0].changes[0].fields
                )
            ),
            id="source-lines-names-policies-specs-and-classes",
        ),
    ],
)
def test_the_changes_digest_is_of_the_changes_alone(same):
    assert changes_digest(same) == changes_digest(PLAN)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(on_target(domain_id="other"), id="domain"),
        pytest.param(on_target(changes=PLAN.targets[0].changes[:1]), id="a-case-less"),
        pytest.param(on_first_case(case_id="c9"), id="another-case"),
        pytest.param(on_first_case(fields=(field_change("vip", None, True),)), id="a-field-less"),
        pytest.param(on_first_case(fields=(field_change("note", "old", "other"),)), id="after"),
        pytest.param(on_first_case(fields=(field_change("note", "was", "new"),)), id="before"),
        pytest.param(
            on_first_case(fields=(field_change("note", Sealed("ab" * 32), Sealed("ce" * 32)),)),
            id="a-sealed-value",
        ),
    ],
)
def test_the_changes_digest_tells_other_changes_apart(other):
    assert changes_digest(other) != changes_digest(PLAN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(True, 1.0, id="true-and-one"),
        pytest.param("1", 1.0, id="a-text-and-a-number"),
        pytest.param("null", None, id="a-text-and-empty"),
        pytest.param("(sensitive #abab)", Sealed("ab" * 32), id="a-text-that-looks-like-a-seal"),
    ],
)
def test_the_changes_digest_tells_kinds_of_values_apart(one, other):
    digests = {
        changes_digest(a_plan(case_change("c", field_change("note", "before", value))))
        for value in (one, other)
    }
    assert len(digests) == 2


def test_a_target_without_changes_does_not_matter_to_the_changes():
    quiet = target_plan(name="quiet", domain_id="d2")
    assert changes_digest(a_plan(*PLAN.targets, quiet)) == changes_digest(PLAN)


def test_the_order_of_targets_does_not_matter_to_the_changes():
    one, two = target_plan(case_change("a")), target_plan(case_change("b"), domain_id="d2")
    assert changes_digest(a_plan(one, two)) == changes_digest(a_plan(two, one))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (5.0, "5"),
        (-3.0, "-3"),
        (4.5, "4.5"),
        (1e15, "1000000000000000.0"),
        (True, "true"),
        (None, "null"),
    ],
)
def test_values_are_shown_as_json_does(value, shown):
    assert json.dumps(plain(value)) == shown


def test_a_sealed_value_is_in_the_file_as_a_tag_and_a_keyed_digest():
    field = to_data(PLAN)["targets"][0]["changes"][0]["fields"][0]
    assert (field["before"], field["after"]) == ("(sensitive #abab)", "(sensitive #cdcd)")
    assert (field["before_digest"], field["after_digest"]) == ("ab" * 32, "cd" * 32)
    assert field["sensitive"] is True


def test_the_summary_counts():
    assert summary(PLAN) == {
        "cases_managed": 2,
        "cases_in_sync": 0,
        "cases_to_change": 2,
        "fields_to_change": 4,
        "clears": 1,
        "classes": {"new": 0, "pending": 0, "drift": 0, "conflict": 0, "unclassified": 4},
        "ignored": 0,
        "unreadable": 1,
        "blocked": False,
    }


def test_the_same_plan_has_the_same_bytes():
    again = from_data(json.loads(json.dumps(to_data(PLAN))))
    assert canonical(to_data(again)) == canonical(to_data(PLAN))


def test_half_a_surrogate_pair_in_a_live_text_does_not_break_the_file():
    plan = a_plan(case_change("c1", field_change(before="a\ud83d", after="b"), title="\ude00"))
    assert from_data(json.loads(canonical(to_data(plan)))) == plan


@given(st.recursive(st.text() | st.integers() | st.none(), lambda one: st.lists(one, max_size=3)))
def test_canonical_bytes_are_json(data):
    assert json.loads(canonical(data)) == data


@given(plans)
def test_a_plan_is_saved_to_the_byte_as_its_data_is(plan):
    data, saved = to_data(plan), to_save(plan)
    assert laid_out(saved) == laid_out(data)
    assert canonical(saved) == canonical(data)
    assert saved["digest"] == data["digest"] == digest_of(saved)
    assert identity(plan) == data["digest"]


def test_each_change_is_spelled_once_when_a_plan_is_saved(tmp_path, monkeypatch):
    plan, spelled = a_plan(*(case_change(f"c{number}") for number in range(50))), []
    spell = _changes_form().spell
    counting = replace(_changes_form(), spells=lambda one: spelled.append(1) or spell(one))
    monkeypatch.setattr(data_module, "_changes_form", lambda: counting)
    save_plan(to_save(plan), tmp_path / "plan.json")
    assert len(spelled) == 50


@given(plans)
def test_the_changes_digest_is_that_of_plain_data(plan):
    def essential(value):
        return {"sealed": value.digest} if isinstance(value, Sealed) else plain(value)

    essence = [
        [
            target.domain_id,
            [
                [one.case_id, [[f.id, essential(f.before), essential(f.after)] for f in one.fields]]
                for one in target.changes
            ],
        ]
        for target in sorted(plan.targets, key=lambda target: target.domain_id)
        if target.changes
    ]
    text = json.dumps(essence, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    raw = text.encode("utf-8", "backslashreplace")
    assert changes_digest(plan) == hashlib.sha256(raw).hexdigest()
