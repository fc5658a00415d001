"""Who may change what, against the real local service."""

import json

import pytest

OWNERS = """\
owners:
  - {owner: care-ops, specs: "specs/care/**", fields: [Note, score]}
  - {owner: billing, specs: "specs/billing/**"}
  - {owner: platform, fields: [status]}
"""


@pytest.fixture
def case(world):
    world.configure(extra=OWNERS)
    found = sorted(world.everything())[0]
    world.edit(found, Note="live", Summary="live", status="open")
    return found


def spec(world, name, case, field, owner=None):
    said = f", owner: {owner}" if owner else ""
    kind = f"apiVersion: reconcile/v1\nkind: Cases\nmetadata: {{name: {name.split('/')[0]}{said}}}"
    return world.spec(f"{kind}\ncases:\n  - id: {case}\n    fields: {{{field}}}\n", name)


@pytest.mark.parametrize(
    ("name", "field", "owner"),
    [
        pytest.param("care/deep/a.yaml", "Note: x", None, id="the-holder-is-assumed"),
        pytest.param("care/a.yaml", "Note: x", "care-ops", id="its-owner"),
        pytest.param("a.yaml", "status: closed", "platform", id="a-field-of-theirs-anywhere"),
        pytest.param("a.yaml", "Summary: x", None, id="what-nobody-owns"),
        pytest.param("billing/a.yaml", "Summary: x", None, id="in-a-folder"),
    ],
)
def test_an_owner_changes_what_is_theirs(world, case, name, field, owner):
    spec(world, name, case, field, owner)
    assert world.run("validate").status == 0
    assert world.run("apply", "--yes").status == 0


@pytest.mark.parametrize(
    ("name", "field", "owner", "whose"),
    [
        pytest.param("billing/a.yaml", "Note: x", None, "care-ops", id="a-field-of-others"),
        pytest.param("a.yaml", "Note: x", "care-ops", "care-ops", id="outside-their-folder"),
        pytest.param("a.yaml", "status: closed", None, "platform", id="nobody"),
        pytest.param("care/a.yaml", "Summary: x", "billing", "care-ops", id="a-folder-of-others"),
        pytest.param("care/a.yaml", "status: closed", "care-ops", "platform", id="not-listed"),
    ],
)
def test_another_is_kept_from_it_until_the_owner_is_allowed(world, case, name, field, owner, whose):
    spec(world, name, case, field, owner)
    held = world.everything()
    ran = world.run("plan", "--out", "plan.json")
    assert ran.status == 3
    assert "BLOCKED 1 value of" in ran.out
    assert f"--allow-owner {whose}" in ran.out
    (blocker,) = json.loads((world.folder / "plan.json").read_text())["targets"][0]["blocked_by"]
    assert (blocker["guard"], blocker["found"], blocker["limit"]) == ("owner", 1, 0)
    assert blocker["scope"] == f"demo, owner {whose}"
    for way in (["plan.json"], ["--yes"]):
        ran = world.run("apply", *way)
        assert ran.status == 3
        assert f"--allow-owner {whose}" in ran.err
    assert world.everything() == held
    ran = world.run("validate")
    assert ran.status == 1
    assert "not-owner" in ran.out
    assert world.run("validate", "--allow-owner", whose).status == 0
    assert world.run("apply", "plan.json", "--allow-owner", "somebody").status == 1
    assert world.run("apply", "plan.json", "--allow-owner", whose).status == 0


def test_a_field_is_owned_under_its_id_too_though_only_a_plan_knows_it(world, case):
    spec(world, "billing/a.yaml", case, f"{world.field_id('Note')}: x")
    assert world.run("validate").status == 0
    assert world.run("plan").status == 3


def test_a_rule_that_leaves_a_field_alone_is_for_its_owner_to_write(world, case):
    spec(world, "billing/a.yaml", case, "Summary: x")
    world.spec(
        "apiVersion: reconcile/v1\nkind: Ignore\nmetadata: {name: i}\n"
        "ignore: [{field: Note, reason: r, until: 2999-12-31}]\n",
        "billing/ignore.yaml",
    )
    ran = world.run("validate")
    assert ran.status == 1
    assert "specs/billing/ignore.yaml:4:18: not-owner" in ran.out


def test_an_owned_field_that_the_domain_lacks_is_warned_of(world, case):
    world.configure(extra="owners: [{owner: a, fields: [Notte]}]\n")
    spec(world, "a.yaml", case, "Note: x")
    ran = world.run("plan", "--format", "json")
    assert ran.status == 0
    assert 'a owns "Notte", and domain support lacks it (did you mean "Note"' in ran.err


def test_a_plan_says_whose_spec_wants_each_change(world, case):
    spec(world, "care/a.yaml", case, "Note: x, Summary: y")
    plan = world.plan()
    (change,) = plan["targets"][0]["changes"]
    assert [entry["owner"] for entry in change["fields"]] == ["care-ops", "care-ops"]
