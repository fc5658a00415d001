"""What stands at the top of a spec, for both kinds."""

import pytest

from reconciler.model.diagnostic import Source
from reconciler.model.spec import CasesSpec, PolicySpec
from tests.specs.texts import CASES, POLICY, good, read_text, refused

M = "metadata: {name: n}\n"
C = "cases: []"
V = "apiVersion: reconcile/v1\n"
ONE_CASE = "cases: [{id: a, fields: {x: 1}}]\n"
RULE = "select: {template: T}\nfields: {x: 1}\n"


def test_the_header_says_what_a_spec_is_and_where(tmp_path):
    text = """\
        # a comment
        ---
        kind: Cases
        apiVersion: "reconcile/v1"
        target: [demo, 'prod']
        metadata: {owner: care-ops, name: vip, reason: 1042, ticket: null}
        cases: []
        """
    spec = good(tmp_path, text)
    assert isinstance(spec, CasesSpec)
    assert spec.header.at == Source("a.yaml", 3, 1)
    assert spec.header.name == "vip"
    assert spec.header.name_at == Source("a.yaml", 6, 35)
    assert spec.header.metadata == {"owner": "care-ops", "reason": "1042", "ticket": ""}
    assert spec.header.targets == ("demo", "prod")
    assert spec.header.targets_at == (Source("a.yaml", 5, 10), Source("a.yaml", 5, 16))


def test_a_policy_has_a_selection_fields_and_a_guard_of_its_own(tmp_path):
    spec = good(tmp_path, POLICY + "target: prod\n" + RULE + "limits: {cases: 1000}\n")
    assert isinstance(spec, PolicySpec)
    assert spec.header.targets == ("prod",)
    assert [field.name for field in spec.fields] == ["x"]
    assert spec.case_limit == 1000


def test_a_policy_needs_no_guard_and_no_target(tmp_path):
    spec = good(tmp_path, POLICY + RULE + "limits: {}\n")
    assert isinstance(spec, PolicySpec)
    assert (spec.header.targets, spec.case_limit) == ((), None)


def test_one_file_may_hold_many_specs_of_both_kinds(tmp_path):
    found, problems = read_text(tmp_path, CASES + ONE_CASE + "---\n" + POLICY + RULE + "---\n")
    assert not problems
    assert [type(spec) for spec in found.specs] == [CasesSpec, PolicySpec]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "hint"),
    [
        ("- a", "wrong-shape", 1, 1, "`key: value`"),
        ("a", "wrong-shape", 1, 1, "`key: value`"),
        ("null", "wrong-shape", 1, 1, "fill it in"),
        ("[x, y]", "wrong-shape", 1, 1, "`key: value`"),
        ("kind: Cases\n" + M + C, "missing-key", 1, 1, "`apiVersion: ...`"),
        (
            "apiVersion: reconcile/v2\nkind: Cases\n" + M + C,
            "unknown-api-version",
            1,
            13,
            "newer reconcile",
        ),
        ("apiVersion:\nkind: Cases\n" + M + C, "wrong-shape", 1, 12, "fill it in"),
        (V + M + C, "missing-key", 1, 1, "`kind: ...`"),
        (V + "kind: Case\n" + M + C, "unknown-kind", 2, 7, "did you mean `Cases`"),
        (V + "kind: policy\n" + M + RULE, "unknown-kind", 2, 7, "did you mean `Policy`"),
        (V + "kind: Deployment\n" + M, "unknown-kind", 2, 7, "one of the three"),
        (V + "kind: [Cases]\n" + M + C, "wrong-shape", 2, 7, "one value"),
        (V + "kind: Cases\n" + C, "missing-key", 1, 1, "`metadata: ...`"),
        (V + "kind: Cases\nmetadata: n\n" + C, "wrong-shape", 3, 11, "`key: value`"),
        (V + "kind: Cases\nmetadata: {}\n" + C, "missing-key", 3, 11, "`name: ...`"),
        (V + "kind: Cases\nmetadata: {name: ' '}\n" + C, "empty-name", 3, 18, "write the name"),
        (V + "kind: Cases\nmetadata: {name: [n]}\n" + C, "wrong-shape", 3, 18, "one value"),
        (
            V + "kind: Cases\nmetadata: {name: n, labels: {a: b}}\n" + C,
            "wrong-shape",
            3,
            29,
            "one value",
        ),
        (
            V + "kind: Cases\nmetadata: {name: n, target: b}\n" + C,
            "unknown-key",
            3,
            21,
            "at the top",
        ),
        (
            V + "kind: Cases\nmetadata: {name: n, '': b}\n" + C,
            "empty-name",
            3,
            21,
            "write the name",
        ),
    ],
)
def test_a_document_must_say_what_it_is(tmp_path, text, code, line, column, hint):
    found = refused(tmp_path, text)
    assert found[:3] == (code, line, column)
    assert hint in found[3]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "hint"),
    [
        (CASES, "missing-key", 1, 1, "`cases: ...`"),
        (POLICY + "fields: {x: 1}", "missing-key", 1, 1, "select"),
        (POLICY + "select: {template: T}", "missing-key", 1, 1, "fields"),
        (POLICY + "select: {template: T}\nfields: {}", "no-fields", 5, 9, "shall hold"),
        (POLICY + "select: {template: T}\nfields: [x]", "wrong-shape", 5, 9, "`key: value`"),
        (
            CASES + ONE_CASE + "select: {template: T}",
            "unknown-key",
            5,
            1,
            "belongs to kind: Policy",
        ),
        (CASES + ONE_CASE + "limits: {cases: 1}", "unknown-key", 5, 1, "belongs to kind: Policy"),
        (POLICY + RULE + "defaults: {x: 1}", "unknown-key", 6, 1, "belongs to kind: Cases"),
        (POLICY + RULE + C, "unknown-key", 6, 1, "belongs to kind: Cases"),
        (CASES + ONE_CASE + "defalts: {x: 1}", "unknown-key", 5, 1, "did you mean `defaults`"),
        (CASES + ONE_CASE + "qqq: 1", "unknown-key", 5, 1, "remove it"),
        (CASES + "target: \n" + ONE_CASE, "empty-name", 4, 8, "name"),
        (CASES + "target: []\n" + ONE_CASE, "wrong-shape", 4, 9, "default one"),
        (CASES + "target: [a, b, a]\n" + ONE_CASE, "repeated-target", 4, 16, "keep one"),
        (CASES + "target: [a, '']\n" + ONE_CASE, "empty-name", 4, 13, "write the name"),
        (CASES + "target: {a: b}\n" + ONE_CASE, "wrong-shape", 4, 9, "one value"),
        (CASES + "target: [[a]]\n" + ONE_CASE, "wrong-shape", 4, 10, "one value"),
        (POLICY + RULE + "limits: 5", "wrong-shape", 6, 9, "`key: value`"),
        (POLICY + RULE + "limits: {case: 5}", "unknown-key", 6, 10, "did you mean `cases`"),
        (POLICY + RULE + "limits: {cases: many}", "bad-limit", 6, 17, "without quotes"),
        (POLICY + RULE + "limits: {cases: '5'}", "bad-limit", 6, 17, "without quotes"),
        (POLICY + RULE + "limits: {cases: -1}", "bad-limit", 6, 17, "how many"),
        (POLICY + RULE + "limits: {cases: 1.5}", "bad-limit", 6, 17, "how many"),
        (POLICY + RULE + "limits: {cases: 010}", "bad-limit", 6, 17, "how many"),
        (POLICY + RULE + f"limits: {{cases: {'9' * 5000}}}", "bad-limit", 6, 17, "many"),
        (POLICY + RULE + "limits: {cases: }", "bad-limit", 6, 17, "how many"),
        (POLICY + RULE + "limits: {cases: [5]}", "bad-limit", 6, 17, "how many"),
    ],
)
def test_each_kind_has_its_own_parts(tmp_path, text, code, line, column, hint):
    found = refused(tmp_path, text)
    assert found[:3] == (code, line, column)
    assert hint in found[3]


def test_every_part_of_every_document_is_looked_at(tmp_path):
    text = """\
        apiVersion: v1
        kind: Cases
        metadata: {}
        target: []
        cases: [1]
        x: 1
        ---
        - no spec
        ---
        apiVersion: reconcile/v1
        kind: Policy
        metadata: {name: p}
        select: {}
        fields: {x: [1]}
        limits: 1
        """
    _, problems = read_text(tmp_path, text)
    assert [(problem.at.line, problem.code) for problem in problems] == [
        (1, "unknown-api-version"),
        (3, "missing-key"),
        (4, "wrong-shape"),
        (5, "wrong-shape"),
        (6, "unknown-key"),
        (8, "wrong-shape"),
        (13, "missing-key"),
        (14, "wrong-shape"),
        (15, "wrong-shape"),
    ]
    assert list(problems) == sorted(problems)
