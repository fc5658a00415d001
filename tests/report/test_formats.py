"""What holds of a report in any format: complete, harmless, without secrets, the same each time."""

import html
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings

from reconciler.model.classes import ChangeClass
from reconciler.model.event import Conflict, Failed, FieldConflict, Unverified
from reconciler.model.outcomes import kind_of
from reconciler.model.plan import LastChange
from reconciler.model.value import FieldType
from reconciler.report.formats import FORMATS, report
from reconciler.report.subject import Subject
from reconciler.secrets.sealing import Sealer
from tests.builders import a_plan, case_change, field_change, target_plan
from tests.report import scenes
from tests.report.official import hostile_texts
from tests.report.scenes import SCENES

HOSTILE = (scenes.hostile, scenes.hostile_problems, scenes.hostile_apply)
CANARY = "CANARY-4111-1111"
NO_VALUES = ("json", "terraform", "annotations")  # digests; counts; cases and fields
ACTS = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # controls, bidi and zero-width, surrogates, breaks


def acting(text):
    """The characters of a report that a terminal, a browser or an eye would not see as they are."""
    return {one for one in text if one not in "\n\t" and unicodedata.category(one) in ACTS}


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("name", FORMATS)
def test_every_scene_renders_the_same_each_time_and_ends_its_last_line(name, scene):
    subject = SCENES[scene]()
    text = report(name, subject)
    assert text == report(name, replace(subject))
    assert text == "" or text.endswith("\n")
    assert acting(text) == set()
    assert "None" not in text


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", FORMATS)
def test_fifty_thousand_changes_render(name, full):
    assert report(name, replace(scenes.fifty_thousand(), full=full)).endswith("\n")


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=30, deadline=None)
@given(text=hostile_texts)
def test_nothing_that_strangers_wrote_acts(name, make, text):
    assert acting(report(name, make((text, text + "x")))) == set()


def sealed_subjects():
    """A plan and an apply about secrets, sealed as `plan` seals them, wherever a seal can stand."""
    sealer = Sealer(b"key", frozenset({"card"}))
    old, new, other = (sealer.show("card", f"{CANARY}-{n}") for n in range(3))
    last = LastChange(by="jane", principal="", at="2026-12-01T09:00:00Z", before=new, after=old)
    card = {"type": FieldType.TEXT, "name": "Card"}
    pairs = [(old, new), (None, new), (old, None)]
    changes = tuple(
        case_change(
            f"c{number}-{kind}",
            field_change("card", before, after, change_class=kind, last_change=last, **card),
        )
        for number, (before, after) in enumerate(pairs)
        for kind in ChangeClass
    )
    plan = a_plan(target_plan(*changes))
    conflicts = (FieldConflict("card", "Card", old, new, other),)
    about = {"target": "prod", "fields": conflicts}
    outcomes = (
        Conflict(**about, case_id="c0-new", changed_by="jane", changed_at=""),
        Unverified(**about, case_id="c1-new", request_id="r"),
    )
    for command in ("plan", "drift", "show"):
        yield Subject(command=command, plan=plan)
    yield Subject(command="apply", plan=plan, outcomes=outcomes)


def seals(data):
    """Every digest that a subject holds."""
    return set(re.findall(r"Sealed\(digest='(\w+)'\)", repr(data)))


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", FORMATS)
def test_no_report_holds_a_sensitive_value_or_more_of_its_digest_than_the_tag(name, full):
    for subject in sealed_subjects():
        text = report(name, replace(subject, full=full))
        assert CANARY not in text
        digests = seals(subject)
        assert len(digests) >= 2
        if name != "json":  # the plan file itself, from which apply compares digests
            assert not [digest for digest in digests if digest[5:] in text]


@pytest.mark.parametrize("name", [one for one in FORMATS if one not in NO_VALUES])
def test_a_sensitive_change_is_shown_by_its_tag(name):
    first = next(iter(sealed_subjects()))
    text = report(name, first)
    assert [digest for digest in seals(first) if f"sensitive #{digest[:4]}" in text]


@pytest.mark.parametrize("name", FORMATS)
def test_the_fields_of_a_partly_written_case_are_named_and_harmless_whatever_they_are_called(name):
    for text in (*scenes.HOSTILE, "Root cause"):
        entry = field_change("f1", "old", "new", type=FieldType.TEXT, name=text)
        change = case_change("c1", entry, field_change("note"))
        outcomes = [
            Failed(target="prod", case_id="c1", code="x", message="no", written=("f1",)),
            Conflict(
                target="prod",
                case_id="c1",
                fields=(FieldConflict("note", "Note", "old", "new", "other"),),
                changed_by="",
                changed_at="",
                written=("f1",),
            ),
        ]
        for outcome in outcomes:
            plan = a_plan(target_plan(change))
            told = report(name, Subject(command="apply", plan=plan, outcomes=(outcome,)))
            assert acting(told) == set()
            kind = kind_of(outcome).note
            if name not in ("json", "terraform"):
                assert kind in unescaped(told), (name, outcome)
            if text == "Root cause" and name in (
                "text",
                "markdown",
                "html",
                "junit",
                "annotations",
            ):
                assert "Root cause" in told


def unescaped(text):
    """The words of a report, whatever it wraps them into."""
    return html.unescape(re.sub(r"\s+", " ", text))
