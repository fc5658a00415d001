"""Author mistakes and unfit plan files: all named at once, and nothing is ever sent."""

import json

import pytest

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"

FIRST = f"""\
apiVersion: reconcile/v1
kind: Cases
metadata: {{name: one, name: two}}
defaults:
  created_datetime: 2026-01-01T00:00:00Z
cases:
  - id: {A}
    feilds: {{country: NO}}
  - id: "not a case id"
    fields: {{country: NO}}
  - reference: "1"
    id: {A}
    fields: {{country: NO}}
"""
SECOND = f"""\
apiVersion: reconcile/v2
kind: Cases
metadata: {{name: three}}
cases: []
---
apiVersion: reconcile/v1
kind: Case
metadata: {{name: four}}
---
apiVersion: reconcile/v1
kind: Cases
metadata: {{name: five}}
target: prod
cases:
  - id: {A}
    fields: {{title: null, country: SE, note: &n text, next step: *n}}
  - id: {A}
    fields: {{country: DE}}
"""
THIRD = """\
apiVersion: reconcile/v1
kind: Policy
metadata: {name: six}
select:
  where:
    all:
      - {field: status, is: Open}
fields:
  priority: {value: High, only_if: sometimes}
limits: {cases: many}
"""


def test_twelve_and_more_mistakes_in_three_files_are_all_named_with_place_and_hint(world):
    world.spec(FIRST, "a.yaml")
    world.spec(SECOND, "b.yaml")
    world.spec(THIRD, "c.yaml")
    world.calls()
    ran = world.run("plan")
    assert ran.status == 1
    assert not {"GetCase", "SearchCases", "UpdateCase"} & set(world.calls())
    found = [line.split(": ") for line in ran.err.splitlines() if line.startswith("specs/")]
    assert [(place, code) for place, code, *_ in found] == [
        ("specs/a.yaml:3:23", "repeated-key"),
        ("specs/a.yaml:5:3", "read-only-field"),
        ("specs/a.yaml:8:5", "unknown-key"),
        ("specs/a.yaml:9:9", "not-a-case-id"),
        ("specs/a.yaml:11:5", "id-and-reference"),
        ("specs/b.yaml:1:13", "unknown-api-version"),
        ("specs/b.yaml:7:7", "unknown-kind"),
        ("specs/b.yaml:13:9", "unknown-target"),
        ("specs/b.yaml:16:14", "required-field"),
        ("specs/b.yaml:16:46", "anchor"),
        ("specs/b.yaml:16:66", "alias"),
        ("specs/b.yaml:18:14", "conflicting-values"),
        ("specs/c.yaml:7:25", "unknown-key"),
        ("specs/c.yaml:9:36", "bad-only-if"),
        ("specs/c.yaml:10:17", "bad-limit"),
    ]
    assert all(line.rstrip().endswith(")") for line in ran.err.splitlines() if "specs/" in line)
    assert "15 problems" in ran.err


@pytest.mark.parametrize("words", [["plan"], ["apply", "--yes"], ["drift"]], ids=" ".join)
@pytest.mark.parametrize("apart", [True, False], ids=["in two files", "in one entry"])
def test_problems_that_need_a_service_do_not_wait_for_those_that_need_none(world, words, apart):
    if apart:
        world.spec(f"cases:\n  - id: {A}\n    fields: {{contry: NO}}\n", "a.yaml")
        world.spec(f"cases:\n  - id: {B}\n    fields: {{note: }}\n", "b.yaml")
    else:
        world.spec(f"cases:\n  - id: {A}\n    fields: {{note: , contry: NO, priority: Urgent}}\n")
    world.calls()
    ran = world.run(*words)
    assert ran.status == 1
    codes = [line.split(": ")[1] for line in ran.err.splitlines() if line.startswith("specs/")]
    both = ["unknown-field", "empty-value"] if apart else []
    assert codes == (both or ["empty-value", "unknown-field", "unknown-option"])
    assert not {"GetCase", "SearchCases", "UpdateCase"} & set(world.calls())


def test_where_no_domain_answers_the_problems_of_the_files_are_told_all_the_same(world):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{contry: , note: x}}\n")
    config = world.folder / "reconcile.yaml"
    config.write_text(config.read_text().replace("domain: support", "domain: nowhere"))
    ran = world.run("plan")
    assert ran.status == 1
    assert ran.err.count("specs/") == 1


def test_names_types_and_options_are_all_checked_before_any_case_is_read(world):
    world.spec(
        f"cases:\n  - id: {A}\n    fields:\n"
        "      contry: NO\n      priority: Urgent\n      channel: Fax\n      VIP: yes\n"
        "      score: 0123\n      follow up on: tomorrow\n      tracking link: example.com\n"
        "      case owner: j.doe\n      country: '" + "x" * 501 + "'\n"
    )
    ran = world.run("plan")
    assert ran.status == 1
    assert "GetCase" not in world.calls()
    assert [line.split(": ")[1] for line in ran.err.splitlines() if line.startswith("specs/")] == [
        "unknown-field",
        "unknown-option",
        "inactive-option",
        "not-a-boolean",
        "not-a-number",
        "not-a-date-time",
        "not-a-url",
        "not-an-arn",
        "too-long",
    ]
    assert 'did you mean "Country"?' in ran.err


def test_a_saved_catalog_lets_validate_check_names_offline(world):
    assert world.run("catalog", "--out", "catalog.json").status == 0
    world.spec(f"cases:\n  - id: {A}\n    fields: {{contry: NO}}\n")
    world.calls()
    assert world.run("validate").status == 0
    ran = world.run("validate", "--catalog", "catalog.json")
    assert ran.status == 1
    assert "unknown-field" in ran.out
    assert world.calls() == {}


def damaged(text, how):
    data = json.loads(text)
    match how:
        case "truncated":
            return text[: len(text) // 2]
        case "edited":
            data["targets"][0]["changes"][0]["fields"][0]["after"] = "Elsewhere"
        case "digest-dropped":
            del data["digest"]
        case "foreign":
            data = {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}}
        case "not-a-plan":
            data = {"hello": "world"}
        case "newer":
            data["format_version"] = "3.0"
        case "older":
            data["format_version"] = "1.0"
        case "expired":
            data["expires_at"] = "2020-01-01T00:00:00Z"
    return json.dumps(data)


@pytest.mark.parametrize(
    "how",
    ["truncated", "edited", "digest-dropped", "foreign", "not-a-plan", "newer", "older", "expired"],
)
def test_an_unfit_plan_file_is_refused_before_any_call(world, how):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: XX}}\n")
    world.run("plan", "--out", "plan.json")
    path = world.folder / "plan.json"
    path.write_text(damaged(path.read_text(), how))
    world.calls()
    ran = world.run("apply", "plan.json")
    assert ran.status == 5, ran.err
    assert "plan" in ran.err
    assert world.calls() == {}


def test_a_plan_older_than_its_life_is_refused(world):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: XX}}\n")
    world.run("plan", "--out", "plan.json", "--ttl", "0.0000001")
    ran = world.run("apply", "plan.json")
    assert ran.status == 5
    assert "expired" in ran.err


def test_a_plan_for_another_domain_is_refused(world):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: XX}}\n")
    world.run("plan", "--out", "plan.json")
    world.client.create_domain(name="other")
    config = world.folder / "reconcile.yaml"
    config.write_text(config.read_text().replace("domain: support", "domain: other"))
    world.calls()
    ran = world.run("apply", "plan.json")
    assert ran.status == 5
    assert "UpdateCase" not in world.calls()


def test_only_the_reviewed_changes_pass_expect(world):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: XX}}\n")
    world.run("plan", "--out", "reviewed.json")
    digest = json.loads((world.folder / "reviewed.json").read_text())["changes_digest"]
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: YY}}\n")
    for expected in (digest, "reviewed.json"):
        ran = world.run("apply", "--yes", "--expect", expected)
        assert ran.status == 5, ran.err
    assert "'XX'" in ran.err and "'YY'" in ran.err
    assert "UpdateCase" not in world.calls()
    world.spec(f"# moved\ncases:\n  - id: {A}\n    fields: {{country: XX}}\n")
    assert world.run("apply", "--yes", "--expect", digest[:12]).status == 0


def test_show_against_says_in_words_how_two_plans_differ(world):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: XX}}\n")
    world.run("plan", "--out", "one.json")
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: YY, score: 1}}\n")
    world.run("plan", "--out", "two.json")
    ran = world.run("show", "one.json", "--against", "two.json")
    assert "changed:" in ran.out and "'SE' -> 'YY'" in ran.out
    assert "only now:" in ran.out and "Score" in ran.out
    assert "same changes" in world.run("show", "one.json", "--against", "one.json").out
