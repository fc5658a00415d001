"""Whose spec may change what."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.config.model import OwnerRule
from reconciler.model.diagnostic import Source
from reconciler.model.spec import Header
from reconciler.plan.guard import flag_of
from reconciler.specs.owners import Ownership, matches, owned, owner_guards, unknown_fields
from tests.builders import a_catalog, case_change, field_change, target_plan

CARE = OwnerRule(owner="care-ops", specs=("specs/care/**",), fields=("priority", "Note"))
BILLING = OwnerRule(owner="billing", specs=("specs/billing/**",))
PLATFORM = OwnerRule(owner="platform", fields=("status",))
RULES = (CARE, BILLING, PLATFORM)
CARE_FILE, BILLING_FILE, FREE_FILE = "specs/care/a.yaml", "specs/billing/a.yaml", "specs/a.yaml"


@pytest.mark.parametrize(
    ("glob", "inside", "outside"),
    [
        ("specs/care/**", ["specs/care/a", "specs/care/b/c"], ["specs/care", "specs/cared/a"]),
        ("specs/care/", ["specs/care/a", "specs/care/b/c"], ["specs/care", "a/specs/care/a"]),
        ("specs/care/*", ["specs/care/a"], ["specs/care/b/c"]),
        ("specs/**/vip.yaml", ["specs/vip.yaml", "specs/a/b/vip.yaml"], ["specs/avip.yaml"]),
        ("**/vip.yaml", ["vip.yaml", "a/b/vip.yaml"], ["a/vip.yaml.bak"]),
        ("**", ["a", "a/b", "a\nb"], []),
        ("specs/?.yaml", ["specs/a.yaml"], ["specs/.yaml", "specs/ab.yaml", "specs//.yaml"]),
        ("specs/*.yaml", ["specs/a.yaml", "specs/.yaml"], ["specs/a.yml", "specs/b/a.yaml"]),
        ("specs/[a].yaml", ["specs/[a].yaml"], ["specs/a.yaml"]),
        ("specs/a+b.yaml", ["specs/a+b.yaml"], ["specs/aab.yaml"]),
        ("a**b", ["ab", "a/x/b"], ["a/x/c"]),
    ],
)
def test_a_glob_means_whole_paths(glob, inside, outside):
    assert [path for path in inside + outside if matches(glob, path)] == inside


@given(st.text("ab*?.").filter(lambda glob: "**" not in glob), st.text("ab."))
def test_within_one_folder_a_glob_is_what_the_shell_makes_of_it(glob, name):
    assert matches(glob, name) == fnmatch.fnmatchcase(name, glob)


@given(st.text(min_size=1).filter(lambda text: not set(text) & set("*?") and text[-1] != "/"))
def test_a_path_without_wildcards_means_itself(path):
    assert matches(path, path)
    assert not matches(path, path + "x")


def header(file=FREE_FILE, owner=None, line=1) -> Header:
    said = {} if owner is None else {"owner": owner}
    return Header(at=Source(file, line, 1), name="n", metadata=said)


@pytest.mark.parametrize(
    ("file", "said", "owner"),
    [
        (CARE_FILE, None, "care-ops"),
        (CARE_FILE, "", "care-ops"),
        (CARE_FILE, "billing", "billing"),
        (FREE_FILE, None, ""),
        (FREE_FILE, " platform ", "platform"),
    ],
)
def test_a_spec_is_that_of_its_owner_else_of_the_holder_of_its_file(file, said, owner):
    assert Ownership(RULES).owner_of(header(file, said)) == owner


def test_of_several_holders_the_first_is_meant_and_all_may_be_in_the_file():
    both = Ownership((OwnerRule(owner="b", specs=("**",)), CARE))
    assert both.owner_of(header(CARE_FILE)) == "b"
    assert both.intruded(CARE_FILE, "b") == both.intruded(CARE_FILE, "care-ops") == ()
    assert both.intruded(CARE_FILE, "c") == ("b", "care-ops")


@pytest.mark.parametrize(
    ("file", "owner", "name", "intruded", "deprived"),
    [
        pytest.param(CARE_FILE, "care-ops", "priority", (), (), id="theirs"),
        pytest.param(CARE_FILE, "care-ops", "PRIORITY", (), (), id="but-for-case"),
        pytest.param(CARE_FILE, "care-ops", "summary", (), (), id="what-nobody-owns"),
        pytest.param(CARE_FILE, "care-ops", "status", (), ("platform",), id="anothers"),
        pytest.param(CARE_FILE, "billing", "summary", ("care-ops",), (), id="anothers-file"),
        pytest.param(
            CARE_FILE, "platform", "status", ("care-ops",), (), id="their-field-in-anothers-file"
        ),
        pytest.param(FREE_FILE, "care-ops", "note", (), ("care-ops",), id="outside-their-files"),
        pytest.param(FREE_FILE, "care-ops", "summary", (), (), id="free"),
        pytest.param(FREE_FILE, "platform", "status", (), (), id="without-files"),
        pytest.param(FREE_FILE, "", "status", (), ("platform",), id="nobodys-spec"),
        pytest.param(BILLING_FILE, "billing", "note", (), ("care-ops",), id="in-their-own-file"),
    ],
)
def test_a_spec_keeps_to_its_files_and_fields(file, owner, name, intruded, deprived):
    ownership = Ownership(RULES)
    assert ownership.intruded(file, owner) == intruded
    assert ownership.deprived(file, owner, (name,)) == deprived


def test_a_field_of_several_may_be_changed_by_each():
    both = Ownership((PLATFORM, OwnerRule(owner="ops", fields=("status", "note"))))
    assert both.deprived(FREE_FILE, "ops", ("status",)) == ()
    assert both.deprived(FREE_FILE, "x", ("status",)) == ("platform", "ops")


def change(case="c1", *entries):
    return case_change(case, *entries)


def entry(id="note", file=FREE_FILE, line=7, **more):
    return field_change(id, source=Source(file, line, 5), **more)


def test_each_change_is_told_whose_document_it_is_from():
    headers = [header(owner="a", line=10), header(owner="b"), header(CARE_FILE)]
    changes = (
        change("c1", entry(line=9), entry("score", line=10, before=1.0, after=2.0)),
        change("c2", entry(file=CARE_FILE), entry("due", file="specs/gone.yaml")),
    )
    found = owned(changes, headers, RULES)
    assert [[one.owner for one in case.fields] for case in found] == [
        ["b", "a"],
        ["care-ops", ""],
    ]


def test_without_rules_and_owners_the_changes_stay_as_they_are():
    changes = (change(),)
    assert owned(changes, [header()], ()) is changes


def found(*changes, allowed=(), rules=RULES):
    return owner_guards(target_plan(*changes), rules, allowed)


def test_a_guard_says_how_many_values_whose_they_are_and_how_to_let_them_pass():
    (one,) = found(
        change("c1", entry("status", owner="care-ops")),
        change("c2", entry("status", owner="care-ops")),
    )
    assert (one.guard, one.scope, one.found, one.limit) == ("owner", "prod, owner platform", 2, 0)
    assert flag_of(one) == "--allow-owner platform"
    assert one.message == (
        "2 values of Status would be changed from specs/a.yaml (owner care-ops), "
        "and only specs of platform may"
    )


def test_a_guard_shows_a_few_places_only():
    changes = [change(f"c{n}", entry("status", file=f"specs/{n}.yaml")) for n in range(5)]
    (one,) = found(*changes)
    assert "specs/2.yaml (no owner) and 2 more, and only" in one.message


def test_each_owner_has_a_guard_of_their_own():
    wrong = change("c1", entry("status", file=CARE_FILE, owner="billing"))
    assert [one.scope for one in found(wrong)] == ["prod, owner care-ops", "prod, owner platform"]
    assert [one.scope for one in found(wrong, allowed={"platform"})] == ["prod, owner care-ops"]
    assert found(wrong, allowed={"platform", "care-ops"}) == ()


def test_any_owner_of_several_may_let_a_change_pass():
    rules = (PLATFORM, OwnerRule(owner="ops team", fields=("status",)))
    assert found(change("c1", entry("status")), rules=rules, allowed={"ops team"}) == ()
    (one,) = found(change("c1", entry("status")), rules=tuple(reversed(rules)))
    assert flag_of(one) == '--allow-owner "ops team"'


def test_a_field_is_owned_under_its_id_and_its_name():
    rules = (OwnerRule(owner="a", fields=("f-1",)), OwnerRule(owner="b", fields=("case reason",)))
    (one,) = found(change("c1", entry("f-1", name="Case reason")), rules=rules)
    assert one.scope == "prod, owner a or b"


def test_without_rules_there_is_no_guard():
    assert found(change("c1", entry("status")), rules=()) == ()


@pytest.mark.parametrize("name", ["note", "NOTE", "VIP", "vip"])
def test_a_field_that_a_domain_has_is_no_reason_to_warn(name):
    assert list(unknown_fields((OwnerRule(owner="a", fields=(name,)),), a_catalog())) == []


def test_a_field_that_a_domain_lacks_is_likely_mistyped():
    (warning,) = unknown_fields((OwnerRule(owner="a", fields=("pritority",)),), a_catalog())
    assert warning.startswith('owners: a owns "pritority", and domain support lacks it (did you')
    assert '"Priority"' in warning


OWNER_NAMES = st.sampled_from(["a", "b", "c"])
SOME_RULES = st.lists(
    st.builds(
        OwnerRule,
        owner=OWNER_NAMES,
        specs=st.sampled_from([(), ("specs/a/**",), ("specs/**",)]),
        fields=st.sampled_from([(), ("note",), ("status", "note")]),
    ),
    max_size=4,
)


@given(SOME_RULES, OWNER_NAMES, st.sampled_from(["specs/a/x.yaml", "specs/x.yaml", "y.yaml"]))
def test_allowing_every_owner_lifts_every_guard_and_no_rule_touches_what_it_does_not_name(
    rules, owner, file
):
    plan = [change("c1", entry("note", file=file, owner=owner), entry("due", file=file))]
    assert found(*plan, rules=rules, allowed={"a", "b", "c"}) == ()
    if not any(rule.specs for rule in rules) and not any(rule.fields for rule in rules):
        assert found(*plan, rules=rules) == ()
