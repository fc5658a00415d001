"""Rules are added to a file, and nothing else in it changes."""

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.edit.ignore_file import IgnoreFile
from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.model.ignore import NewRule, Scope

HEAD = "apiVersion: reconcile/v1\nkind: Ignore\nmetadata: {name: by-hand}\n"
CASES = "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: c}\ncases: []\n"
OLD = "  - field: a # why\n    reason: r\n    until: 2026-12-31\n"


def rule(field="note", case="c1", **more) -> NewRule:
    given = {"name": field, "reason": "by hand", "until": "2027-01-31"}
    return NewRule(field=field, case=case, **{**given, **more})


def add(text: str | bytes, *rules, target="prod", default="prod", name="ignore-prod"):
    """The file afterwards, the text added and how many rules were there."""
    file = IgnoreFile(text if isinstance(text, bytes) else text.encode(), "i.yaml")
    added, there = file.add(rules or (rule(),), target, default, name)
    return file.data.decode(), added, there


def test_a_new_file_is_a_whole_spec():
    text, added, there = add("", rule(), rule("score", name="Score", scope=Scope.DRIFT))
    assert (text, there) == (added, 0)
    assert (
        text
        == """\
apiVersion: reconcile/v1
kind: Ignore
metadata:
  name: ignore-prod
target: prod
ignore:
  - field: note
    case: c1
    reason: by hand
    until: "2027-01-31"
  - field: score # "Score"
    case: c1
    reason: by hand
    until: "2027-01-31"
    scope: drift
"""
    )


NEW = '  - field: note\n    case: c1\n    reason: by hand\n    until: "2027-01-31"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "", id="at-the-end"),
        pytest.param("", "\n# the end\n", id="before-a-comment"),
        pytest.param("", "---\n" + CASES, id="before-another-document"),
        pytest.param("", "target: prod\n", id="before-another-key"),
        pytest.param("# first\n---\n" + CASES + "---\n# second\n", "", id="behind-a-document"),
        pytest.param("", "...\n", id="before-the-end-of-the-document"),
    ],
)
def test_rules_go_behind_those_that_are_there(before, after):
    text = f"{before}{HEAD}ignore:\n{OLD}"
    assert add(text + after)[0] == text + NEW + after


@pytest.mark.parametrize(
    "last",
    [
        pytest.param("  - {field: b, reason: r, until: 2026-12-31} # one\n", id="in-braces"),
        pytest.param(
            "  - {field: b,\n     reason: r,\n     until: 2026-12-31}\n", id="in-long-braces"
        ),
        pytest.param(
            "  - field: b\n    until: 2026-12-31\n    reason: |\n      why\n\n      - not: this\n",
            id="a-long-text",
        ),
        pytest.param(
            "  - field: b\n# at the edge\n    until: 2026-12-31\n\n    reason: r\n", id="comments"
        ),
        pytest.param(
            "  - field: b\n    until: 2026-12-31\n    when:\n      all:\n"
            "        - {field: s, equals: a}\n    reason: r\n",
            id="a-condition",
        ),
    ],
)
def test_the_end_of_the_last_rule_is_found_however_it_is_written(last):
    text = f"{HEAD}ignore:\n{OLD}{last}"
    assert add(text)[0] == text + NEW
    assert add(text + "\n# done\n")[0] == text + NEW + "\n# done\n"


def test_new_rules_are_indented_as_the_others_are():
    text = HEAD + "ignore:\n- field: a\n  reason: r\n  until: 2026-12-31\n"
    made, _, _ = add(text)
    assert made == text + NEW.replace("\n  ", "\n").removeprefix("  ")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_file_keeps_its_ends_of_lines_and_its_mark(ending):
    text = f"\ufeff{HEAD}ignore:\n{OLD}".replace("\n", ending).removesuffix(ending)
    made, _, _ = add(text)
    assert made == text + ending + NEW.replace("\n", ending)


@pytest.mark.parametrize(
    ("targets", "default", "same"),
    [
        ("", "prod", True),
        ("", "demo", False),
        ("target: prod\n", None, True),
        ("target: [prod]\n", None, True),
        ("target: demo\n", "prod", False),
        ("target: [prod, demo]\n", "prod", False),
    ],
)
def test_a_document_takes_rules_when_it_is_about_that_target_alone(targets, default, same):
    text = f"{HEAD}{targets}ignore:\n{OLD}"
    made, added, _ = add(text, default=default)
    assert made == text + added
    assert added.startswith("---\napiVersion") != same


def test_several_targets_have_a_document_each():
    file = IgnoreFile(b"", "i.yaml")
    for target in ("demo", "prod", "demo"):
        file.add((rule(case=f"c{len(file.data)}"),), target, None, f"ignore-{target}")
    assert [one["target"] for one in yaml.safe_load_all(file.data)] == ["demo", "prod"]
    assert [len(one["ignore"]) for one in yaml.safe_load_all(file.data)] == [2, 1]


@pytest.mark.parametrize(
    ("known", "there"),
    [
        pytest.param("field: note", 1, id="every-case"),
        pytest.param("field: Note, case: c1", 1, id="this-case-by-name"),
        pytest.param("field: note, case: c2", 0, id="another-case"),
        pytest.param("field: note, reference: c1", 0, id="a-reference"),
        pytest.param("field: note, scope: drift", 0, id="less"),
        pytest.param("field: note, when: {field: a, equals: b}", 0, id="sometimes"),
    ],
)
def test_what_a_rule_leaves_alone_already_is_not_written_again(known, there):
    text = f"{HEAD}ignore:\n  - {{{known}, reason: r, until: 2026-12-31}}\n"
    made, added, kept = add(text, rule(name="Note"))
    assert kept == there
    assert made == text + added
    assert bool(added) != bool(there)


def test_a_list_in_brackets_is_refused_and_nothing_changes():
    text = f"{HEAD}ignore: [{{field: a, reason: r, until: 2026-12-31}}]\n"
    file = IgnoreFile(text.encode(), "i.yaml")
    with pytest.raises(ReconcilerError, match="in brackets"):
        file.add((rule(),), "prod", "prod", "n")
    assert file.data == text.encode()


def test_where_the_end_of_the_last_rule_cannot_be_told_nothing_changes():
    condition = "{field: b,\n equals: c}"  # its second line is not indented like the rule
    rest = f"until: 2026-12-31\n    reason: x\n    when: {condition}\n"
    text = f"{HEAD}ignore:\n  - field: a\n    {rest}"
    file = IgnoreFile(text.encode(), "i.yaml")
    with pytest.raises(ReconcilerError, match="no rule can be added safely"):
        file.add((rule(),), "prod", "prod", "n")
    assert file.data == text.encode()


def test_a_file_that_is_wrong_is_not_touched():
    with pytest.raises(AuthorErrors, match="missing-key"):
        IgnoreFile(HEAD.encode(), "i.yaml")


TEXTS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1).filter(str.strip)


@given(TEXTS, st.text("abc-._/:#=+", min_size=1, max_size=9), TEXTS, TEXTS)
def test_whatever_a_rule_says_is_read_again(reason, case, field, name):
    assume("a" not in (field.casefold(), name.casefold()))  # which the old rule is about
    made, _, _ = add(f"{HEAD}ignore:\n{OLD}", rule(field, case, reason=reason, name=name))
    _, added = IgnoreFile(made.encode(), "i.yaml")._documents[0].rules
    assert (added.reason, added.case, added.field.text) == (reason, case, field)
