"""What stands at the top of a spec, for both kinds."""

import pytest

from reconciler.model.diagnostic import Location
from reconciler.model.spec import CasesSpec, PolicySpec
from tests.adapters.spec_texts import CASES, POLICY, good, read_text, refused

ONE_CASE = "cases: [{id: a, fields: {x: 1}}]\n"
RULE = "select: {template: T}\nfields: {x: 1}\n"


def test_the_header_says_what_a_spec_is_and_where(tmp_path):
    text = """\
        # a comment
        ---
        kind: Cases
        apiVersion: "reconcile/v1"
        target: [demo, 'prod']
        metadata: {owner: care-ops, name: vip, reason: 1042, ticket: }
        cases: []
        """
    spec = good(tmp_path, text)
    assert isinstance(spec, CasesSpec)
    assert spec.header.at == Location("a.yaml", 3, 1)
    assert spec.header.name == "vip"
    assert spec.header.name_at == Location("a.yaml", 6, 35)
    assert spec.header.metadata == {"owner": "care-ops", "reason": "1042", "ticket": ""}
    assert spec.header.targets == ("demo", "prod")
    assert spec.header.targets_at == (Location("a.yaml", 5, 10), Location("a.yaml", 5, 16))


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
        pytest.param("- a", "wrong-shape", 1, 1, "`key: value`", id="list"),
        pytest.param("a", "wrong-shape", 1, 1, "`key: value`", id="text"),
        pytest.param("null", "wrong-shape", 1, 1, "fill it in", id="null"),
        pytest.param("[x, y]", "wrong-shape", 1, 1, "`key: value`", id="flow-list"),
        pytest.param(
            "kind: Cases\nmetadata: {name: n}\ncases: []",
            "missing-key",
            1,
            1,
            "`apiVersion: ...`",
            id="no-version",
        ),
        pytest.param(
            "apiVersion: reconcile/v2\nkind: Cases\nmetadata: {name: n}\ncases: []",
            "unknown-api-version",
            1,
            13,
            "newer reconcile",
            id="version-2",
        ),
        pytest.param(
            "apiVersion:\nkind: Cases\nmetadata: {name: n}\ncases: []",
            "wrong-shape",
            1,
            12,
            "fill it in",
            id="version-nothing",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nmetadata: {name: n}\ncases: []",
            "missing-key",
            1,
            1,
            "`kind: ...`",
            id="no-kind",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Case\nmetadata: {name: n}\ncases: []",
            "unknown-kind",
            2,
            7,
            "did you mean `Cases`",
            id="near-kind",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: policy\nmetadata: {name: n}\n" + RULE,
            "unknown-kind",
            2,
            7,
            "did you mean `Policy`",
            id="lower-case-kind",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Deployment\nmetadata: {name: n}\n",
            "unknown-kind",
            2,
            7,
            "one of the two",
            id="other-kind",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: [Cases]\nmetadata: {name: n}\ncases: []",
            "wrong-shape",
            2,
            7,
            "one value",
            id="kind-list",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Cases\ncases: []",
            "missing-key",
            1,
            1,
            "`metadata: ...`",
            id="no-metadata",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Cases\nmetadata: n\ncases: []",
            "wrong-shape",
            3,
            11,
            "`key: value`",
            id="metadata-text",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {}\ncases: []",
            "missing-key",
            3,
            11,
            "`name: ...`",
            id="no-name",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: ' '}\ncases: []",
            "empty-name",
            3,
            18,
            "write the name",
            id="blank-name",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: [n]}\ncases: []",
            "wrong-shape",
            3,
            18,
            "one value",
            id="name-list",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: n, labels: {a: b}}\ncases: []",
            "wrong-shape",
            3,
            29,
            "one value",
            id="metadata-mapping",
        ),
        pytest.param(
            "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: n, '': b}\ncases: []",
            "empty-name",
            3,
            21,
            "write the name",
            id="metadata-empty-key",
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
        pytest.param(CASES, "missing-key", 1, 1, "`cases: ...`", id="no-cases"),
        pytest.param(POLICY + "fields: {x: 1}", "missing-key", 1, 1, "select", id="no-select"),
        pytest.param(
            POLICY + "select: {template: T}", "missing-key", 1, 1, "fields", id="no-fields"
        ),
        pytest.param(
            POLICY + "select: {template: T}\nfields: {}", "no-fields", 5, 9, "shall hold", id="{}"
        ),
        pytest.param(
            POLICY + "select: {template: T}\nfields: [x]",
            "wrong-shape",
            5,
            9,
            "`key: value`",
            id="fields-list",
        ),
        pytest.param(
            CASES + ONE_CASE + "select: {template: T}",
            "unknown-key",
            5,
            1,
            "belongs to kind: Policy",
            id="select-in-cases",
        ),
        pytest.param(
            CASES + ONE_CASE + "limits: {cases: 1}",
            "unknown-key",
            5,
            1,
            "belongs to kind: Policy",
            id="limits-in-cases",
        ),
        pytest.param(
            POLICY + RULE + "defaults: {x: 1}",
            "unknown-key",
            6,
            1,
            "belongs to kind: Cases",
            id="defaults-in-policy",
        ),
        pytest.param(
            POLICY + RULE + "cases: []",
            "unknown-key",
            6,
            1,
            "belongs to kind: Cases",
            id="cases-in-policy",
        ),
        pytest.param(
            CASES + ONE_CASE + "defalts: {x: 1}",
            "unknown-key",
            5,
            1,
            "did you mean `defaults`",
            id="near-key",
        ),
        pytest.param(CASES + ONE_CASE + "qqq: 1", "unknown-key", 5, 1, "remove it", id="other-key"),
        pytest.param(CASES + "target: \n" + ONE_CASE, "empty-name", 4, 8, "name", id="target-null"),
        pytest.param(
            CASES + "target: []\n" + ONE_CASE, "wrong-shape", 4, 9, "default one", id="no-target"
        ),
        pytest.param(
            CASES + "target: [a, b, a]\n" + ONE_CASE,
            "repeated-target",
            4,
            16,
            "keep one",
            id="target-twice",
        ),
        pytest.param(
            CASES + "target: [a, '']\n" + ONE_CASE,
            "empty-name",
            4,
            13,
            "write the name",
            id="target-empty",
        ),
        pytest.param(
            CASES + "target: {a: b}\n" + ONE_CASE,
            "wrong-shape",
            4,
            9,
            "one value",
            id="target-mapping",
        ),
        pytest.param(
            CASES + "target: [[a]]\n" + ONE_CASE,
            "wrong-shape",
            4,
            10,
            "one value",
            id="target-list-in-list",
        ),
        pytest.param(POLICY + RULE + "limits: 5", "wrong-shape", 6, 9, "`key: value`", id="limits"),
        pytest.param(
            POLICY + RULE + "limits: {case: 5}",
            "unknown-key",
            6,
            10,
            "did you mean `cases`",
            id="limits-key",
        ),
        pytest.param(
            POLICY + RULE + "limits: {cases: many}",
            "bad-limit",
            6,
            17,
            "without quotes",
            id="limit-text",
        ),
        pytest.param(
            POLICY + RULE + "limits: {cases: '5'}",
            "bad-limit",
            6,
            17,
            "without quotes",
            id="limit-quoted",
        ),
        pytest.param(
            POLICY + RULE + "limits: {cases: -1}",
            "bad-limit",
            6,
            17,
            "how many",
            id="limit-negative",
        ),
        pytest.param(
            POLICY + RULE + "limits: {cases: 1.5}",
            "bad-limit",
            6,
            17,
            "how many",
            id="limit-fraction",
        ),
        pytest.param(
            POLICY + RULE + "limits: {cases: 010}", "bad-limit", 6, 17, "how many", id="limit-octal"
        ),
        pytest.param(
            POLICY + RULE + f"limits: {{cases: {'9' * 5000}}}",
            "bad-limit",
            6,
            17,
            "many",
            id="limit-huge",
        ),
        pytest.param(
            POLICY + RULE + "limits: {cases: }", "bad-limit", 6, 17, "how many", id="limit-nothing"
        ),
        pytest.param(
            POLICY + RULE + "limits: {cases: [5]}", "bad-limit", 6, 17, "how many", id="limit-list"
        ),
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
