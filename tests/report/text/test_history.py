"""The story of a case as people and programs read it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.diagnostic import Source
from reconciler.model.history import CaseHistory, HistoryChange, HistoryEvent
from reconciler.model.plan import Sealed
from reconciler.model.value import FieldType
from reconciler.report.as_json import json_text
from reconciler.report.text.history import history_data, history_text
from reconciler.report.text.terminal import rendered

TEXT, SELECT = FieldType.TEXT, FieldType.SINGLE_SELECT
AGENT = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/j.doe"


def change(name="Note", before=None, after="x", type=TEXT, **more):
    return HistoryChange(id=name.lower(), name=name, type=type, before=before, after=after, **more)


def event(*changes, **more):
    given = {"at": "2026-11-20T14:03:22.5Z", "kind": "Case.Updated", "by": AGENT, "principal": ""}
    return HistoryEvent(changes=changes, **{**given, **more})


def history(*events, **more):
    given = {
        "case_id": "c1",
        "title": "Lost parcel",
        "target": "prod",
        "domain_name": "support",
        "account": "111122223333",
        "region": "us-west-2",
        "events": events,
        "options": {"priority": {"p1": "High", "low": "Low", "mid": "mid"}},
    }
    return CaseHistory(**{**given, **more})


def text(*events, full=False, **more):
    return rendered(history_text(history(*events, **more), full=full), colour=False)


OURS = {"by": "reconcile:aaaaaaaaaaaa:c0ffee123456", "plan": "aaaaaaaaaaaa"}
TOLD = {"commit": "c0ffee1234567890", "subject": "Fix it", "author": "Ann"}


def test_the_whole_story():
    assert text(
        event(change("Note", "one", "two"), change("Priority", "low", "p1", SELECT)),
        event(change(after="one", source=Source("specs/a.yaml", 7, 5)), **OURS, **TOLD),
        event(change(after=None, before="x"), **{**OURS, "rollback": True}, commit="c0ffee123456"),
        event(kind="RelatedItem.Created"),
        event(change("Vip", None, False, FieldType.BOOLEAN), kind="Case.Created", by=""),
    ) == (
        "case c1  Lost parcel\n"
        "target prod   domain support   account 111122223333   Region us-west-2\n"
        "\n"
        "2026-11-20 14:03:22 UTC  arn:…/j.doe\n"
        '    Note      "one" → "two"\n'
        "    Priority  Low → p1 (High)\n"
        "\n"
        "2026-11-20 14:03:22 UTC  reconcile apply of plan aaaaaaaaaaaa\n"
        "    c0ffee1 Fix it  Ann\n"
        '    Note  (empty) → "one"   specs/a.yaml:7\n'
        "\n"
        "2026-11-20 14:03:22 UTC  reconcile rollback of plan aaaaaaaaaaaa, commit c0ffee1\n"
        '    Note  "x" → (empty)\n'
        "\n"
        "2026-11-20 14:03:22 UTC  related item added by arn:…/j.doe\n"
        "\n"
        "2026-11-20 14:03:22 UTC  created by nobody the history names\n"
        "    Vip  (empty) → false\n"
        "\n"
        "5 events.\n"
    )


def test_long_texts_are_shortened_unless_asked_for():
    long = "word " * 30
    out = text(event(change(after=long)))
    assert out.count("word") < 15
    assert '…"\n' in out
    assert out.count("word") < text(event(change(after=long)), full=True).count("word") == 30
    assert "[-old-]{+new+}" in text(event(change(before=long + "old", after=long + "new")))
    assert AGENT in text(event(), full=True)


def test_a_sealed_value_is_its_tag():
    sealed = Sealed("3f9a" * 16)
    told = history(event(change(before=sealed, after=None)), title=sealed)
    for out in (text(*told.events, title=sealed), json_text(history_data(told))):
        assert "(sensitive #3f9a)" in out
        assert "3f9a3f9a" not in out


def test_programs_get_the_data():
    told = history(event(change(source=Source("specs/a.yaml", 7, 5)), **OURS, **TOLD))
    data = json.loads(json_text(history_data(told)))
    assert data["format_version"] == "1.0"
    [entry] = data["events"]
    assert (entry["plan"], entry["commit"], entry["rollback"]) == (
        "aaaaaaaaaaaa", "c0ffee1234567890", False
    )  # fmt: skip
    assert entry["changes"][0]["source"] == {"file": "specs/a.yaml", "line": 7, "column": 5}


@given(st.text(max_size=90), st.booleans())
def test_no_story_acts_on_a_terminal(words, full):
    told = history(
        event(change(words, words, words + "!"), kind=words, by=words, at=words),
        event(**OURS, **{**TOLD, "subject": words, "author": words}),
        title=words, target=words, account=words,
    )  # fmt: skip
    out = rendered(history_text(told, full=full), colour=False)
    assert all(one.isprintable() for one in out.split("\n"))
