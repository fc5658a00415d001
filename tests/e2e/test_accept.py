"""Live values become what the specs say: one line each, and nothing else changes."""

import json

import pytest

HEAD = "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: spec}\n"


@pytest.fixture
def cases(world):
    """Two cases, by id."""
    return sorted(world.everything())[:2]


def differing(world):
    [target] = world.plan()["targets"]
    return sum(len(change["fields"]) for change in target["changes"])


def changed_lines(diff):
    return [
        line
        for line in diff.splitlines()
        if line[:1] in "+-" and not line.startswith(("+++", "---"))
    ]


def test_the_chosen_value_alone_is_written_where_the_spec_says_it(world, cases):
    a, b = cases
    text = (
        f"{HEAD}# why\ncases:\n"
        f"  - id: {a} # first\n    fields:\n      Note:   'wanted'  # since May\n\n"
        f"      Summary: {{value: wanted, only_if: [live]}}\n"
        f"  - id: {b}\n    fields: {{Note: other}}\n"
    )
    path = world.spec(text)
    world.edit(a, Note="it's live", Summary="live")
    ran = world.run("accept", "--case", a, "--field", "note", "--no-color")
    assert ran.status == 0, ran.text
    assert path.read_text() == text.replace("'wanted' ", "'it''s live' ")
    assert changed_lines(ran.out) == [
        "-      Note:   'wanted'  # since May",
        "+      Note:   'it''s live'  # since May",
    ]
    assert "accepted 1 value in 1 file; review and commit" in ran.err
    assert world.run("accept", "--case", a).status == 0
    assert "{value: live, only_if: [live]}" in path.read_text()
    world.calls()
    ran = world.run("accept", "--case", a)
    assert (ran.status, ran.out) == (0, "")
    assert "nothing to accept" in ran.err
    assert "UpdateCase" not in world.calls()
    assert world.run("drift", "--case", a).status == 0


def test_a_dry_run_shows_the_same_and_writes_nothing(world, cases):
    path = world.spec(f"cases:\n  - id: {cases[0]}\n    fields: {{Note: wanted}}\n")
    before = path.read_bytes()
    ran = world.run("accept", "--field", "Note", "--dry-run")
    assert ran.status == 0
    assert changed_lines(ran.out)
    assert "would accept 1 value in 1 file; nothing was written" in ran.err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("field", "wanted", "live", "expected"),
    [
        pytest.param("Priority", "High", "low", "Low", id="an-option-by-name"),
        pytest.param("Priority", "high", "low", "low", id="an-option-by-value"),
        pytest.param("Note", "wanted", None, "null", id="empty"),
        pytest.param("Score", "4.5", 7.0, "7", id="number"),
        pytest.param("VIP", "true", False, "false", id="boolean"),
        pytest.param("Country", "DE", "NO", '"NO"', id="a-word-of-yaml"),
        pytest.param("Country", "NO", "SE", "SE", id="plain"),
        pytest.param("Note", "wanted", "null", '"null"', id="a-text-that-looks-like-none"),
        pytest.param("Note", "wanted", "\u202e[x]\n", '"\\u202e[x]\\n"', id="hostile"),
    ],
)
def test_values_of_every_type_read_as_what_is_live(world, cases, field, wanted, live, expected):
    case = cases[0]
    path = world.spec(f"cases:\n  - id: {case}\n    fields:\n      {field}: {wanted}\n")
    world.edit(case, **{field: live})
    assert differing(world) == 1
    assert world.run("accept", "--case", case).status == 0
    assert path.read_text().endswith(f"      {field}: {expected}\n")
    assert differing(world) == 0


def test_what_comes_from_the_defaults_is_added_to_the_case_itself(world, cases):
    a, b = cases
    path = world.spec(
        f"defaults: {{Note: wanted}}\ncases:\n  - id: {a}\n  - id: {b}\n    fields:\n"
        "      Summary: s # kept\n"
    )
    for case in cases:
        world.edit(case, Note=f"of {case}", Summary="s")
    assert world.run("accept", "--field", "Note").status == 0
    assert path.read_text().endswith(
        f"defaults: {{Note: wanted}}\ncases:\n  - id: {a}\n    fields: {{Note: of {a}}}\n"
        f"  - id: {b}\n    fields:\n      Summary: s # kept\n      Note: of {b}\n"
    )
    assert differing(world) == 0


def test_what_a_policy_wants_is_declined_with_the_lines_to_paste(world, cases):
    path = world.spec(
        "apiVersion: reconcile/v1\nkind: Policy\nmetadata: {name: all-notes}\n"
        "select: {where: {field: Title, empty: false}}\nfields: {Note: 'x'}\n",
    )
    before = path.read_bytes()
    world.edit(cases[0], Note="a: b")
    ran = world.run("accept", "--case", cases[0])
    assert ran.status == 4
    assert "the policy all-notes wants this of every case that it selects" in ran.err
    assert f'  - id: {cases[0]}\n    fields:\n      Note: "a: b"\n' in ran.err
    assert path.read_bytes() == before


def test_a_sensitive_value_is_neither_written_nor_shown(world, cases):
    world.configure("    sensitive: [Note]\n")
    path = world.spec(f"cases:\n  - id: {cases[0]}\n    fields: {{Note: wanted, Summary: s}}\n")
    world.edit(cases[0], Note="4111-1111", Summary="live")
    ran = world.run("accept", "--case", cases[0])
    assert ran.status == 4
    assert "Note of case" in ran.err
    assert "sensitive" in ran.err
    assert "4111" not in ran.text + path.read_text()
    assert "Summary: live" in path.read_text()


def test_a_field_that_is_set_in_two_places_is_declined(world, cases):
    one = f"cases:\n  - id: {cases[0]}\n    fields: {{Note: wanted}}\n"
    paths = [world.spec(one, "one.yaml"), world.spec(one, "two.yaml")]
    before = [path.read_bytes() for path in paths]
    ran = world.run("accept", "--case", cases[0])
    assert ran.status == 4
    assert "the same field of this case is set at specs/two.yaml:6:14 too" in ran.err
    assert [path.read_bytes() for path in paths] == before


@pytest.mark.parametrize(
    ("one", "two", "place"),
    [
        pytest.param(
            "cases: [{id: ID, fields: {Note: wanted}}]",
            "defaults: {Note: wanted}\ncases: [{id: ID}]",
            "specs/two.yaml:4:12",
            id="by-the-defaults-of-another-spec",
        ),
        pytest.param(
            "defaults: {Note: wanted}\ncases: [{id: ID}]",
            "cases: [{id: ID, fields: {Note: wanted}}]",
            "specs/two.yaml:4:61",
            id="in-another-spec-beside-defaults",
        ),
        pytest.param(
            "defaults: {Note: wanted}\ncases: [{id: ID}, {id: ID, fields: {Country: NO}}]",
            "",
            "specs/one.yaml:4:12",
            id="by-the-same-defaults-where-the-case-stands-twice",
        ),
    ],
)
def test_a_value_that_the_specs_would_contradict_elsewhere_is_declined(
    world, cases, one, two, place
):
    texts = {"one.yaml": one, "two.yaml": two}
    written = [
        world.spec(text.replace("ID", cases[0]) + "\n", name)
        for name, text in texts.items()
        if text
    ]
    before = [path.read_bytes() for path in written]
    ran = world.run("accept", "--case", cases[0], "--field", "Note")
    assert ran.status == 4
    assert f"the same field of this case is set at {place} too" in ran.err
    assert [path.read_bytes() for path in written] == before


def test_defaults_of_a_case_named_by_reference_are_declined_with_the_lines(world, cases):
    reference = world.held(cases[0], "reference_number")[0]
    world.spec(f'defaults: {{Note: wanted}}\ncases:\n  - reference: "{reference}"\n')
    ran = world.run("accept", "--field", "Note")
    assert ran.status == 4
    assert "the value comes from `defaults`" in ran.err


def test_what_was_never_applied_has_not_drifted(world, cases):
    path = world.spec(f"cases:\n  - id: {cases[0]}\n    fields: {{Note: wanted}}\n")
    before = path.read_bytes()
    ran = world.run("accept", "--all-drift")
    assert path.read_bytes() == before
    assert (ran.status, ran.out) == (0, "")
    assert "nothing that was chosen has drifted" in ran.err


def test_all_drift_takes_what_somebody_changed_and_leaves_what_the_specs_changed(story):
    world = story
    world.wants(country="NO", note="old")
    world.apply()
    world.agent(Country="XX")
    world.wants(country="NO", note="pending")
    path = world.folder / "specs" / "spec.yaml"
    ran = world.run("accept", "--all-drift")
    assert ran.status == 0, ran.text
    assert "country: XX" in path.read_text()
    assert "note: pending" in path.read_text()
    assert "accepted 1 value in 1 file" in ran.err


def test_one_of_three_options_is_needed(world):
    ran = world.run("accept")
    assert ran.status == 1
    assert "--case ID, --field NAME or --all-drift" in ran.err


def test_json_specs_stay_json(world, cases):
    path = world.spec(
        '{"apiVersion": "reconcile/v1", "kind": "Cases", "metadata": {"name": "j"},\n'
        ' "defaults": {"Score": 1},\n'
        f' "cases": [{{"id": "{cases[0]}", "fields": {{"Note": "x"}}}}]}}',
        "spec.json",
    )
    world.edit(cases[0], Note='a "b"\u202e', Score=2.5)
    assert world.run("accept", "--case", cases[0]).status == 0
    assert json.loads(path.read_text())["cases"] == [
        {"id": cases[0], "fields": {"Note": 'a "b"\u202e', "Score": 2.5}}
    ]
    assert differing(world) == 0


@pytest.fixture
def twins(world):
    """A second target, which is the same domain."""
    path = world.folder / "reconcile.yaml"
    first = path.read_text()
    _, _, target = first.partition("  demo:\n")
    path.write_text(f"{first}  twin:\n{target}")
    return world


def test_a_spec_of_several_targets_is_changed_for_all_and_says_so(twins, cases):
    path = twins.spec(
        f"target: [demo, twin]\ncases:\n  - id: {cases[0]}\n    fields: {{Note: wanted}}\n"
    )
    twins.edit(cases[0], Note="live")
    ran = twins.run("accept", "-t", "demo", "--field", "Note", "--dry-run")
    assert ran.status == 0
    assert "specs/spec.yaml is about the target twin too" in ran.err
    ran = twins.run("accept", "--field", "Note")
    assert (ran.status, "twin" in ran.err) == (0, False)
    assert path.read_text().endswith("fields: {Note: live}\n")


def test_a_case_that_cannot_be_read_is_told(world, cases):
    world.spec("cases:\n  - id: nowhere\n    fields: {Note: wanted}\n")
    ran = world.run("accept", "--case", "nowhere")
    assert ran.status == 4
    assert "specs/spec.yaml:5:5: not-read: case nowhere could not be read" in ran.err
