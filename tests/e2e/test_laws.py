"""The laws of the tool, for generated specs, against the service."""

import json

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = (
    "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4",
    "be8a4a38-5542-4c06-bcb9-cbc190026fa0",
    "3c384090-6407-4c9b-8779-9806a4db0c8a",
    "2f235061-ef7d-449b-81bf-8b8ab5d8a930",
    "881d7c9e-91f6-40d2-9c08-21680405b822",
)
LAW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# No empty ones: clearing is written as null. No surrogates (not UTF-8), and no controls, which
# YAML itself refuses.
texts = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"), blacklist_characters="\ufeff"),
    min_size=1,
    max_size=60,
)
instants = st.datetimes(timezones=st.timezones(no_cache=True)).filter(
    lambda moment: 1970 < moment.year < 2200
)
REQUIRED = {"Priority"}  # by some templates, and a required field cannot be cleared
VALUES = {
    "Country": texts,
    "Note": texts,
    "Score": st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-9999, 9999),
    "VIP": st.booleans(),
    "Priority": st.sampled_from(["low", "Medium", "HIGH", "critical"]),
    "Follow up on": instants.map(lambda moment: moment.isoformat(timespec="milliseconds")),
    "Tracking link": st.sampled_from(["https://example.com/1", "http://example.com/a?b=c#d"]),
    "Root cause": st.none() | texts,
}


@st.composite
def desired(draw):
    """Desired values of some fields of some cases."""
    chosen = draw(st.lists(st.sampled_from(CASES), min_size=1, max_size=4, unique=True))
    wanted = {}
    for case_id in chosen:
        names = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=5, unique=True))
        wanted[case_id] = {
            name: draw(VALUES[name] if name in REQUIRED else st.none() | VALUES[name])
            for name in names
        }
    return wanted


def write(world, wanted):
    """The spec a program would write: quoted scalars where YAML needs them."""
    document = {
        "apiVersion": "reconcile/v1",
        "kind": "Cases",
        "metadata": {"name": "law"},
        "cases": [{"id": case_id, "fields": fields} for case_id, fields in wanted.items()],
    }
    world.spec(json.dumps(document, ensure_ascii=False), "law.json")


@LAW
@given(wanted=desired())
def test_apply_then_plan_is_empty_and_applying_twice_writes_nothing(world, wanted):
    write(world, wanted)
    planned = world.plan()["summary"]["cases_to_change"]
    world.calls()
    first = world.run("apply", "--yes")
    assert first.status == 0, first.text
    assert world.calls().get("UpdateCase", 0) == planned
    after = world.plan()
    assert after["summary"]["cases_to_change"] == 0
    assert after["summary"]["cases_in_sync"] == len(wanted)
    world.run("apply", "--yes")
    assert "UpdateCase" not in world.calls()


@LAW
@given(wanted=desired())
def test_no_field_that_is_not_named_ever_changes(world, wanted):
    before = world.everything()
    write(world, wanted)
    world.run("apply", "--yes")
    after = world.everything()
    for case_id, values in before.items():
        managed = {world.field_id(name) for name in wanted.get(case_id, {})}
        for key in (values.keys() | after[case_id].keys()) - managed:
            assert after[case_id].get(key) == values.get(key)


@LAW
@given(wanted=desired(), foreign=desired())
def test_a_foreign_edit_before_the_guard_read_is_never_overwritten(world, wanted, foreign):
    write(world, wanted)
    world.run("plan", "--out", "plan.json")
    plan = json.loads((world.folder / "plan.json").read_text())
    for case_id, fields in foreign.items():
        world.edit(case_id, **{name.replace(" ", "_"): raw(name, v) for name, v in fields.items()})
    between = world.everything()
    world.run("apply", "plan.json")
    after = world.everything()
    changes = {one["case_id"]: one["fields"] for one in plan["targets"][0]["changes"]}
    for case_id, values in between.items():
        planned = {entry["id"]: entry for entry in changes.get(case_id, ())}
        for key in values.keys() | after[case_id].keys():
            if after[case_id].get(key) != values.get(key):
                assert plain(values.get(key)) == planned[key]["before"]
                assert plain(after[case_id].get(key)) == planned[key]["after"]


@LAW
@given(wanted=desired())
def test_a_yaml_dump_of_the_same_values_plans_the_same(world, wanted):
    write(world, wanted)
    from_json = world.plan()["changes_digest"]
    text = (world.folder / "specs" / "law.json").read_text(encoding="utf-8")
    (world.folder / "specs" / "law.json").unlink()
    quoted = yaml.safe_dump(json.loads(text), allow_unicode=True, sort_keys=False)
    world.spec(quoted, "law.yaml")
    assert world.plan()["changes_digest"] == from_json
    (world.folder / "specs" / "law.yaml").unlink()


def raw(name, value):
    """What a boto3 script would send for a value written in a spec."""
    if name == "Priority" and value is not None:
        return value.lower()
    if isinstance(value, str) and not value:
        return None
    return float(value) if name == "Score" and value is not None else value


def plain(union):
    """A raw value as the plan file shows it."""
    if not union or "emptyValue" in union:
        return None
    [value] = union.values()
    if isinstance(value, str) and value.endswith(".000Z"):
        return value.replace(".000Z", "Z")
    return value or None if isinstance(value, str) else value
