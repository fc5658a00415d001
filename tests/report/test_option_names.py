"""Readers see options by the names that people use; programs and digests see their values."""

from dataclasses import replace

from reconciler.model.event import Conflict, FieldConflict
from reconciler.model.plan import ChangeClass, LastChange, Sealed
from reconciler.model.value import FieldType
from reconciler.plan.file.data import changes_digest
from reconciler.report.formats import report
from reconciler.report.subject import Subject
from tests.builders import a_plan, case_change, field_change, target_plan

NAMES = {"priority": {"p1": "High", "p3": "Very low"}}
LAST = LastChange(by="ann", principal="", at="2026-12-01T09:00:00Z", before="p1", after="p3")


def subject(before="p3", after="p1", names=NAMES, **more) -> Subject:
    change = field_change("priority", before, after, type=FieldType.SINGLE_SELECT, **more)
    target = target_plan(case_change("c1", change))
    return Subject(command="plan", plan=a_plan(replace(target, option_names=names)))


def test_every_report_for_readers_names_the_options():
    for name in ("text", "markdown", "html", "annotations", "sarif"):
        told = report(name, subject())
        assert "High" in told and "p1" not in told.replace("p1:", ""), name


def test_names_with_blanks_are_quoted_and_values_without_a_name_stay():
    told = report("text", subject(after="p2"))
    assert '"Very low" → p2' in told


def test_programs_get_the_values_and_the_digest_is_that_of_the_values():
    given = subject()
    assert '"after": "p1"' in report("json", given)
    assert changes_digest(given.plan)[:12] in report("markdown", given)


def test_who_changed_it_from_what_is_told_in_names_too():
    told = report("text", subject(change_class=ChangeClass.DRIFT, last_change=LAST))
    assert "(was High)" in told


def test_what_was_found_in_a_conflict_is_named():
    conflict = FieldConflict("priority", "Priority", "p3", "p1", "p2")
    outcome = Conflict(
        target="prod", case_id="c1", fields=(conflict,), changed_by="", changed_at=""
    )
    told = report("text", replace(subject(), command="apply", outcomes=(outcome,)))
    assert 'planned from "Very low" to "High"' in told


def test_a_sealed_value_has_no_name():
    sealed = subject(Sealed("ab" * 32), Sealed("cd" * 32))
    assert "High" not in report("text", sealed) and "sensitive" in report("text", sealed)
