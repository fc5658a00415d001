"""What a plan file says is checked against the domain and the config, its digest made again."""

import copy
import json

import pytest

from tests.e2e.mutations import resigned

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
SPEC = f"""
cases:
  - id: {A}
    fields: {{country: NO, score: 4.5, vip: true, follow up on: 2026-12-01T09:00:00Z, note: new}}
  - id: {B}
    fields: {{country: NO}}
"""


@pytest.fixture
def forged(world):
    """Applies the plan as somebody changed it."""
    world.spec(SPEC)
    assert world.run("plan", "--out", "plan.json").status == 0
    plan = json.loads((world.folder / "plan.json").read_text())

    def apply(change, *more):
        data = copy.deepcopy(plan)
        change(data)
        (world.folder / "forged.json").write_bytes(resigned(data))
        world.calls()
        ran = world.run("apply", "forged.json", *more)
        if ran.status in (3, 5):
            assert "UpdateCase" not in world.calls()
        if ran.status == 5:
            errors = [one for one in ran.err.splitlines() if not one.startswith("calls: ")]
            assert len(errors) == 1, ran.err
        return ran

    world.apply = apply
    return world


def change_of(data, case=A):
    [found] = [one for one in data["targets"][0]["changes"] if one["case_id"] == case]
    return found


def field_of(data, name):
    [found] = [one for one in change_of(data)["fields"] if one["name"].casefold() == name]
    return found


def set_to(name, side, value):
    return lambda data: field_of(data, name).update({side: value})


def _case_twice(data):
    data["targets"][0]["changes"].append(change_of(data))


def _case_twice_in_capitals(data):
    again = copy.deepcopy(change_of(data))
    again["case_id"] = A.upper()
    data["targets"][0]["changes"].append(again)


def _case_twice_without_hyphens(data):
    again = copy.deepcopy(change_of(data))
    again["case_id"] = A.replace("-", "")
    data["targets"][0]["changes"].append(again)


def _field_twice(data):
    change_of(data)["fields"].append(field_of(data, "note"))


def _target_twice(data):
    data["targets"].append(data["targets"][0])


def _no_fields(data):
    change_of(data)["fields"] = []


def _many_fields(data):
    one = field_of(data, "note")
    change_of(data)["fields"] = [{**one, "id": f"f{number}"} for number in range(501)]


def _read_only(data):
    field_of(data, "note").update(id="created_datetime")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(_case_twice, "twice", id="a-case-twice"),
        pytest.param(_case_twice_in_capitals, "twice", id="in-capitals"),
        pytest.param(_case_twice_without_hyphens, "twice", id="without-hyphens"),
        pytest.param(_field_twice, "twice", id="a-field-twice"),
        pytest.param(_target_twice, "twice", id="a-target-twice"),
        pytest.param(_no_fields, "found 0 fields", id="no-fields"),
        pytest.param(_many_fields, "found 501 fields", id="more-fields-than-a-domain-has"),
        pytest.param(_read_only, "only the service writes", id="read-only"),
        pytest.param(set_to("note", "after", ""), "type Text", id="empty-text"),
        pytest.param(set_to("note", "after", "x" * 4_101), "type Text", id="too-long"),
        pytest.param(set_to("note", "after", 5), "type Text", id="number-for-text"),
        pytest.param(set_to("note", "type", "Memo"), "expected Boolean or", id="unknown-type"),
        pytest.param(set_to("score", "after", "4.5"), "type Number", id="text-for-number"),
        pytest.param(set_to("score", "after", True), "type Number", id="truth-for-number"),
        pytest.param(set_to("score", "after", 10**20), "type Number", id="no-double"),
        pytest.param(set_to("score", "after", 5.0), "type Number", id="other-spelling"),
        pytest.param(set_to("vip", "after", "true"), "type Boolean", id="text-for-truth"),
        pytest.param(set_to("vip", "after", 1), "type Boolean", id="number-for-truth"),
        pytest.param(set_to("follow up on", "after", "soon"), "type DateTime", id="no-time"),
        pytest.param(
            set_to("follow up on", "after", "2026-12-01T10:00:00+01:00"),
            "type DateTime",
            id="a-time-not-in-utc",
        ),
        pytest.param(
            lambda data: data["targets"][0].update(account="999999999999"),
            "the plan was made for",
            id="another-account",
        ),
        pytest.param(
            lambda data: data["targets"][0].update(domain_id="../../x"),
            "the plan was made for",
            id="another-domain",
        ),
        pytest.param(
            lambda data: data["targets"][0].update(name="nope"), 'target "nope"', id="no-target"
        ),
        pytest.param(set_to("score", "type", "Text"), "type Text", id="a-type-that-values-lack"),
    ],
)
def test_a_forged_plan_is_refused_in_one_line(forged, change, said):
    ran = forged.apply(change)
    assert ran.status == 5, ran.text
    assert said in ran.err


def test_a_field_of_another_type_than_the_domains_is_refused(forged):
    def as_url(data):
        field_of(data, "note").update(type="Url")

    ran = forged.apply(as_url)
    assert ran.status == 5
    assert "in the domain it is a Text" in ran.err


def test_a_lock_is_never_laid_outside_the_state(forged):
    forged.apply(lambda data: data["targets"][0].update(domain_id="../../x"))
    assert not list(forged.folder.parent.glob("x.lock"))
    assert not list(forged.folder.glob("*.lock"))


def test_no_other_name_of_a_field_lifts_its_limit(forged):
    forged.configure(limits="{cases: 1000, fields: {Country: 1}}")

    def renamed(data):
        for change in data["targets"][0]["changes"]:
            for entry in change["fields"]:
                entry["name"] = "Something"

    ran = forged.apply(renamed)
    assert ran.status == 3, ran.text
    assert "Country would change on 2 cases" in ran.err


@pytest.mark.parametrize("number", [1, 10**9])
def test_no_limit_in_the_file_lifts_the_configs(forged, number):
    forged.configure(limits="{cases: 1, policy_cases: 1}")

    def by_policy(data):
        data["targets"][0]["policy_limits"] = {"p": number}
        for change in data["targets"][0]["changes"]:
            for entry in change["fields"]:
                entry["policy"] = "p"

    assert forged.apply(by_policy).status == 3
    forged.configure(limits="{cases: 1, policy_cases: 2}")
    assert forged.apply(by_policy).status == (3 if number == 1 else 0)


def test_many_policies_in_the_file_lift_no_more_than_one(forged):
    forged.configure(limits="{cases: 0, policy_cases: 1}")

    def by_policies(data):
        data["targets"][0]["policy_limits"] = {"p0": 1, "p1": 1}
        for number, change in enumerate(data["targets"][0]["changes"]):
            for entry in change["fields"]:
                entry["policy"] = f"p{number}"

    assert forged.apply(by_policies).status == 3


def test_spec_files_that_a_plan_names_stay_inside_the_repository(forged):
    secret = forged.folder.parent / "outside.yaml"
    secret.write_text("password: hunter2\n")

    def sealed(data):
        data["spec_files"] = ["../outside.yaml"]
        field_of(data, "note").update(
            after="(sensitive #aaaa)", after_digest="a" * 64, sensitive=True
        )

    ran = forged.apply(sealed)
    assert ran.status in (1, 5)
    assert "hunter2" not in ran.text and "password" not in ran.text
    assert "UpdateCase" not in forged.calls()


def test_a_saved_plan_is_about_a_case_once_by_two_targets_that_are_one_domain(forged):
    text = (forged.folder / "reconcile.yaml").read_text()
    _, _, target = text.partition("  demo:\n")
    (forged.folder / "reconcile.yaml").write_text(f"{text}  other:\n{target}default_target: demo\n")
    forged.spec(f"target: [demo, other]\n{SPEC}")
    ran = forged.run("plan", "--out", "both.json")
    assert "the targets demo and other, which are one domain" in " ".join(ran.err.split())
    forged.calls()
    ran = forged.run("apply", "both.json")
    assert ran.status == 5, ran.text
    assert "UpdateCase" not in forged.calls()
    assert forged.run("apply", "--yes", "-t", "other").status == 0
