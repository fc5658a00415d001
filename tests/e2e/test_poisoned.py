"""Replies that no service should send: a poisoned value is one unreadable case, no traceback."""

import json
import os
import threading

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reconciler.clock import SystemClock
from reconciler.service.aws.session import AwsSession

READS = (
    "GetCase",
    "SearchCases",
    "GetCaseAuditEvents",
    "ListFields",
    "ListFieldOptions",
    "ListTemplates",
    "ListDomains",
)
EXAMPLES = int(os.environ.get("POISONED_EXAMPLES", "12"))
OVERSIZED = "a number of 5,000 digits, which Python refuses to write"
POISON = (
    OVERSIZED,
    None,
    5,
    -1.5,
    10**400,
    float("nan"),
    float("inf"),
    True,
    False,
    "",
    "x",
    "true",
    "\ud83d",
    "\x00\x1b[31m\n::error::",
    [],
    ["x"],
    {},
    {"x": 1},
    {"stringValue": "x"},
    {"booleanValue": "false"},
    {"stringValue": "a", "doubleValue": 1},
)
# Every type of field, as some seeded case holds it.
FIELDS = ("Country", "Score", "VIP", "Follow up on", "Severity", "Callback link", "Title")


def nodes(data, path=()):
    """The place of every value within a reply."""
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from nodes(value, (*path, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from nodes(value, (*path, at))


def replaced(data, path, value):
    if not path:
        return value
    key, *rest = path
    if isinstance(data, dict) and key in data:
        return {**data, key: replaced(data[key], rest, value)}
    if isinstance(data, list) and isinstance(key, int) and key < len(data):
        return [*data[:key], replaced(data[key], rest, value), *data[key + 1 :]]
    return data


class Poisoner:
    """Stands between the wire and the program, and changes what it is told to."""

    def __init__(self):
        self.change = lambda operation, reply: reply
        self.calls = []
        self._thread = threading.local()

    @property
    def asked_for(self):
        """The last part of the path that this thread has asked for: a case's id, with GetCase."""
        return self._thread.asked_for

    def on_call(self, params, model, **_):
        self.calls.append(model.name)
        self._thread.asked_for = params["url_path"].rsplit("/", 1)[-1]

    def on_parse(self, operation_model, response_dict, **_):
        if response_dict["status_code"] == 200:
            reply = json.loads(response_dict["body"])
            changed = self.change(operation_model.name, reply)
            if changed is not reply:
                body = json.dumps(changed).replace(json.dumps(OVERSIZED), "9" * 5_000)
                response_dict["body"] = body.encode()


def poisoned_client(open_client, poisoner):
    def client(self):
        found = open_client(self)
        found.meta.events.register("before-call.connectcases", poisoner.on_call)
        found.meta.events.register("before-parse.connectcases", poisoner.on_parse)
        return found

    return client


@pytest.fixture
def poisoner(monkeypatch):
    made = Poisoner()
    for name in ("reading_client", "writing_client"):
        monkeypatch.setattr(AwsSession, name, poisoned_client(getattr(AwsSession, name), made))
    monkeypatch.setattr(SystemClock, "sleep", lambda *_: None)
    return made


@pytest.fixture
def in_sync(world):
    """A spec of three cases that hold just what it says, and a policy that finds them."""
    ids = sorted(world.everything())[:3]
    values = {"Country": "NO", "Score": 4.5, "VIP": True, "Severity": "sev-high"}
    options = world.client.list_field_options(
        domainId=world.domain, fieldId=world.field_id("Severity")
    )["options"]
    values["Severity"] = options[0]["value"]
    for case in ids:
        world.edit(case, **values)
    fields = json.dumps(values)
    rows = "".join(f"  - id: {case}\n    fields: {fields}\n" for case in ids)
    world.spec(f"cases:\n{rows}")
    return ids


def test_the_scene_is_in_sync(world, in_sync):
    assert world.plan()["targets"][0]["cases_in_sync"] == 3


@pytest.mark.parametrize("mode", ["strict", "balanced", "bulk"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIP", {"booleanValue": "false"}),
        ("VIP", {"booleanValue": "true"}),
        ("VIP", {"booleanValue": 1}),
        ("VIP", {"stringValue": "true"}),
        ("Score", {"doubleValue": "4.5"}),
        ("Score", {"doubleValue": float("nan")}),
        ("Score", {"doubleValue": float("inf")}),
        ("Score", {"doubleValue": OVERSIZED}),
        ("Score", {"doubleValue": 4.5, "stringValue": "4.5"}),
        ("Country", {"stringValue": 5}),
        ("Country", {"stringValue": ["NO"]}),
        ("Country", {"stringValue": "\ud83d"}),
        ("Country", {"newValue": "NO"}),
        ("Country", ["NO"]),
        ("Severity", {"userArnValue": "x"}),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else None,
)
def test_one_poisoned_value_is_one_unreadable_case_at_once(
    world, in_sync, poisoner, mode, name, value
):
    field, poisoned = world.field_id(name), in_sync[1]

    def change(operation, reply):
        rows = reply.get("cases", []) if operation == "SearchCases" else []
        if operation == "GetCase" and poisoner.asked_for == poisoned:
            rows = [reply | {"caseId": poisoned}]
        for row in rows:
            for entry in row["fields"]:
                if row["caseId"] == poisoned and entry["id"] == field:
                    entry["value"] = value
        return dict(reply)

    poisoner.change = change
    ran = world.run("plan", "--mode", mode, "--format", "json", "-o", "plan.json")
    assert ran.status == 4, ran.text
    plan = json.loads(ran.out)["targets"][0]
    unreadable = plan["unreadable"]
    assert [one["case"] for one in unreadable] == [poisoned]
    assert plan["cases_in_sync"] == 2
    assert name in unreadable[0]["detail"]
    assert len(poisoner.calls) < 12


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    operation=st.sampled_from(READS),
    at=st.integers(0, 500),
    poison=st.sampled_from(POISON),
    mode=st.sampled_from(["strict", "balanced", "bulk"]),
    drifted=st.booleans(),
)
@example(operation="SearchCases", at=1, poison={}, mode="balanced", drifted=False)
def test_no_reply_whatever_ends_in_a_traceback(
    world, in_sync, poisoner, operation, at, poison, mode, drifted
):
    """Poisoned at any node: the program ends in words, and a poisoned case is not in sync."""
    world.edit(in_sync[0], Country="elsewhere" if drifted else "NO")
    touched = []

    def change(name, reply):
        if name != operation:
            return reply
        places = list(nodes(reply))
        path = places[at % len(places)]
        touched.append(path)
        return replaced(reply, path, poison)

    poisoner.change = change
    ran = world.run("plan", "--mode", mode, "--format", "json")
    poisoner.change = lambda _, reply: reply
    assert ran.status in (0, 1, 3, 4), ran.text
    assert "Traceback" not in ran.text
    assert "mistake of reconcile" not in ran.text
    if ran.status == 1:
        assert ran.err.strip()
    else:
        target = json.loads(ran.out)["targets"][0]
        unreadable = target["unreadable"]
        changed = len(target["changes"])
        assert target["cases_in_sync"] + changed + len(unreadable) == target["cases_managed"]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    operation=st.sampled_from(
        ("GetCase", "SearchCases", "UpdateCase", "BatchUpdateCase", "GetCaseAuditEvents")
    ),
    at=st.integers(0, 200),
    poison=st.sampled_from(POISON),
    mode=st.sampled_from(["strict", "balanced", "bulk"]),
    from_call=st.integers(0, 6),
)
def test_an_apply_that_reads_poison_ends_in_words_and_says_so(
    world, in_sync, poisoner, operation, at, poison, mode, from_call
):
    """Poisoned from some reply on: each case has an outcome, and what is said done is done."""
    for case in in_sync:
        world.edit(case, Country="elsewhere")
    seen = []

    def change(name, reply):
        if name != operation:
            return reply
        seen.append(name)
        places = list(nodes(reply))
        return replaced(reply, places[at % len(places)], poison) if len(seen) > from_call else reply

    poisoner.change = change
    ran = world.run("apply", "--yes", "--mode", mode, "--format", "json")
    poisoner.change = lambda _, reply: reply
    assert ran.status in (0, 1, 4), ran.text
    assert "mistake of reconcile" not in ran.text
    assert "Traceback" not in ran.text
    if ran.status == 0:
        assert [world.held(case, "Country") for case in in_sync] == [["NO"]] * 3
