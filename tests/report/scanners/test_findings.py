"""What is remarked on which line, and which remark is the same as yesterday's."""

from dataclasses import replace

from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.plan import LastChange
from reconciler.report.scanners.findings import MOST_TOLD, findings
from reconciler.report.subject import Subject
from tests.builders import a_plan, case_change, field_change, target_plan
from tests.report import scenes


def of(*targets):
    return findings(Subject(command="plan", plan=a_plan(*targets)))


def kinds(subject):
    return [one.kind.id for one in findings(subject)]


def note(before="old", after="new", line=7, **more):
    return field_change("note", before, after, source=Source("specs/a.yaml", line, 5), **more)


def test_alike_changes_of_one_line_are_one_finding_with_their_count():
    [found] = of(target_plan(*(case_change(f"c{n}", note()) for n in range(30))))
    assert found.message == 'Note: "old" → "new", on 30 cases of prod'


def test_changes_of_one_line_that_differ_are_one_finding_the_most_frequent_first():
    changes = [case_change("a", note("x")), case_change("b", note()), case_change("c", note())]
    [found] = of(target_plan(*changes))
    assert found.message == (
        'Note: "old" → "new", on 2 cases of prod; Note: "x" → "new", on case a of prod'
    )


def test_only_some_of_many_different_changes_are_told():
    changes = [case_change(f"c{n}", note(f"v{n}")) for n in range(MOST_TOLD + 3)]
    [found] = of(target_plan(*changes))
    assert found.message.endswith("; and 3 more")


def test_two_targets_of_one_line_are_one_finding_that_names_both():
    targets = (target_plan(case_change(name, note()), name=name) for name in ("prod", "training"))
    [found] = of(*targets)
    assert found.message == (
        'Note: "old" → "new", on case prod of prod; '
        'Note: "old" → "new", on case training of training'
    )


def test_setting_and_clearing_on_one_line_are_two_findings():
    found = of(target_plan(case_change("a", note()), case_change("b", note("x", None))))
    assert [(one.kind.id, one.kind.level) for one in found] == [
        ("clear", "warning"),
        ("set", "note"),
    ]


def test_drift_names_who_was_last():
    last = [LastChange(by=n, principal="", at=n, before=None, after="old") for n in ("1", "3", "2")]
    changes = [
        case_change(f"c{n}", note(change_class=ChangeClass.DRIFT, last_change=one))
        for n, one in enumerate(last)
    ]
    [found] = of(target_plan(*changes))
    assert found.message.endswith(', on 3 cases of prod, last changed 3 by 3: (empty) → "old"')


def test_the_gravest_come_first():
    assert kinds(scenes.unreadable()) == ["unreadable"] * 3 + ["set"]
    assert kinds(scenes.blocked()) == ["guard"] * 4 + ["clear", "set"]
    assert kinds(scenes.conflicts()) == ["conflict", "drift", "set", "set"]


def test_an_apply_is_told_by_what_did_not_come_true():
    found = kinds(scenes.apply_mixed())
    assert found == [
        "apply-conflict",  # it waits until somebody decides
        "apply-failed",
        "apply-unknown",
        "apply-unverified",
        "apply-not-attempted",
    ]
    assert findings(scenes.apply_mixed())[-1].message.endswith("--max-failures 1; and 17 more")
    assert findings(scenes.apply_done()) == ()


def test_a_guard_without_any_change_points_at_the_config():
    subject = scenes.blocked()
    bare = replace(subject.plan.targets[0], changes=())
    found = findings(replace(subject, plan=replace(subject.plan, targets=(bare,))))
    assert {one.at for one in found} == {Source("reconcile.yaml")}
    assert [one.rule for one in found] == [
        "guard-cases",
        "guard-clears",
        "guard-field",
        "guard-percent",
    ]


def test_a_fingerprint_stays_when_lines_move():
    changes = [(case_change("c1", note(line=line)),) for line in (7, 70)]
    [one], [other] = (of(target_plan(*found)) for found in changes)
    assert one.fingerprint == other.fingerprint


def test_a_fingerprint_of_a_problem_stays_when_its_words_or_its_line_change():
    def prints(*problems):
        return [one.fingerprint for one in findings(Subject(command="validate", problems=problems))]

    first = Problem(Source("a.yaml", 4, 3), "unknown-key", "found x, expected a or b")
    again = Problem(Source("a.yaml", 9, 1), "unknown-key", "found y, expected b or a", "hint")
    assert prints(first) == prints(again)
    assert prints(replace(first, code="bad-value")) != prints(first)
    assert prints(replace(first, at=Source("b.yaml", 4, 3))) != prints(first)
    both = prints(first, again)
    assert len(set(both)) == 2 and both[0] == prints(first)[0]


def test_a_fingerprint_of_many_cases_stays_when_there_are_more():
    [one], [other] = (
        of(target_plan(*(case_change(f"c{n}", note()) for n in range(count)))) for count in (3, 9)
    )
    assert one.fingerprint == other.fingerprint


def test_no_two_findings_share_a_fingerprint():
    for scene in scenes.SCENES.values():
        prints = [one.fingerprint for one in findings(scene())]
        assert len(prints) == len(set(prints))


def test_two_problems_of_one_line_keep_their_columns():
    problems = tuple(Problem(Source("a.yaml", 1, n), "code", "said", "") for n in (9, 4))
    found = findings(Subject(command="validate", problems=problems))
    assert [one.at.column for one in found] == [4, 9]


def test_equal_problems_on_two_lines_have_two_fingerprints():
    problems = tuple(Problem(Source("a.yaml", line), "code", "said", "") for line in (1, 2))
    one, other = findings(Subject(command="validate", problems=problems))
    assert one.fingerprint != other.fingerprint
