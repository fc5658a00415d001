"""Each kind of outcome is decided in one record, and whoever tells of outcomes reads it there."""

import dataclasses
import json
import re

import pytest

import reconciler
from reconciler.model.outcomes import KINDS, Effect, OutcomeKind, Severity
from tests.grown import ROOT, a_copy

README = (ROOT / "README.md").read_text()
GOOD = KINDS["Failed"]
EVENT = "@dataclass(frozen=True, slots=True, kw_only=True)\nclass NotAttempted:\n"
AN_EVENT = '''\
@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """The service asked to come back later."""

    target: str
    case_id: CaseId
    until: Annotated[str, Mark(says="When to come back")]


'''
UNION = "Failed | Unknown | Unverified | NotAttempted\n"
ROW = "    OutcomeKind(\n        type=NotAttempted,\n"
A_ROW = """\
    OutcomeKind(
        type=Postponed,
        word="put off",
        note="the service asked for patience",
        severity=Severity.WRONG,
        effect=Effect.NONE,
        again=True,
        stops="postponement",
        mark="~",
        title="The service put a change off",
        detail="until",
        advice="Come back then.",
    ),
"""
ARM = "        case NotAttempted():\n"
AN_ARM = "        case Postponed():\n            return Detail(message=outcome.until)\n"
CLASS = "class NotAttempted(Outcome):\n"
A_CLASS = '''\
class Postponed(Outcome):
    """The service asked to come back later."""

    __slots__ = ()


'''
TABLE = "reconciler/model/outcomes.py"
LIBRARY = "reconciler/project/outcomes.py"
READERS = """
import json
import reconciler
from dataclasses import replace
from reconciler.apply.retry_plan import retry_plan, to_try_again
from reconciler.apply.stages import is_failure, stage_problem
from reconciler.files.canonical import canonical
from reconciler.model.event import Applied, Postponed
from reconciler.model.receipt import Receipt, RunFacts
from reconciler.project.outcomes import outcome_of
from reconciler.report.formats import FORMATS, report
from reconciler.report.github.outputs import outputs
from reconciler.report.subject import Subject
from reconciler.report.text.outcomes import next_steps
from reconciler.state.event_data import event_data, event_from
from reconciler.state.receipt_data import receipt_data, receipt_from
from reconciler.state.schemas import schemas
from reconciler.state.tally import counted, verdict
from tests.builders import a_plan, case_change, target_plan

plan = a_plan(target_plan(case_change("c1"), case_change("c2")))
put_off = Postponed(target="prod", case_id="c1", until="noon")
ended = (Applied(target="prod", case_id="c2", request_id="r"), put_off)
facts = {name: "" for name in ("actor", "tool_version")}
time = "2026-12-01T09:00:00Z"
run = RunFacts(run_id="r", started_at=time, finished_at=time, complete=False, **facts)
receipt = Receipt(run=run, plan=plan, outcomes=ended)
subject = Subject(command="apply", plan=plan, outcomes=ended)
read = lambda data: json.loads(canonical(data))
told = outcome_of(put_off, {})
print(json.dumps({
    "journal": event_from(read(event_data(put_off))) == put_off,
    "receipt": set(receipt_from(read(receipt_data(receipt))).outcomes) == set(ended),
    "counts": receipt_data(receipt)["counts"]["Postponed"],
    "schemas": {name: "Postponed" in json.dumps(schema) for name, schema in schemas()},
    "status": verdict(plan, ended),
    "stage": [is_failure(put_off), stage_problem(1, 2, ended)],
    "retried": [len(to_try_again(ended)), [
        change.case_id for change in retry_plan(receipt).targets[0].changes
    ]],
    "library": [isinstance(told, reconciler.Outcome), type(told).__name__, told.done],
    "outputs": outputs(subject, ""),
    "next": list(next_steps(ended, "RETRY", "PLAN")),
    "reports": {name: report(name, subject) for name in FORMATS if name != "terraform"},
}))
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A program with a kind of outcome more, which is refused until it is complete."""
    program = a_copy(tmp_path_factory.mktemp("grown"))
    (program.folder / "tests" / "builders.py").write_text((ROOT / "tests/builders.py").read_text())
    program.change("reconciler/model/event.py", EVENT, AN_EVENT + EVENT)
    program.change("reconciler/model/event.py", UNION, UNION.replace("\n", " | Postponed\n"))
    said = program.python("-c", "import reconciler.model.outcomes", status=1)
    assert "no row in the table of outcomes for Postponed" in said
    program.change(TABLE, ROW, A_ROW + ROW)
    program.change(TABLE, "    Outcome,\n", "    Outcome,\n    Postponed,\n")
    checked = program.python("-m", "mypy", "--strict", "--cache-dir", "cache", TABLE, status=1)
    assert re.search(r'outcomes.py:\d+: error: Argument 1 to "assert_never".*Postponed', checked)
    program.change(TABLE, ARM, AN_ARM + ARM)
    assert "KeyError: 'Postponed'" in program.python(
        "-c", "import reconciler.project.outcomes", status=1
    )
    program.change(LIBRARY, CLASS, A_CLASS + CLASS)
    return program


@pytest.fixture(scope="module")
def told(grown):
    """What every reader makes of it."""
    return json.loads(grown.python("-c", READERS).splitlines()[-1])


def test_journal_and_receipt_hold_a_new_outcome_and_their_schemas_describe_it(told):
    assert told["journal"]
    assert told["receipt"]
    assert told["counts"] == 1
    assert [name for name, has in told["schemas"].items() if has] == ["receipt", "journal"]


def test_a_new_outcome_decides_status_stages_and_retry_as_its_record_says(told):
    assert told["status"] == 4
    assert told["stage"] == [True, "stage 1 of 2 had 1 postponement"]
    assert told["retried"] == [1, ["c1"]]
    assert any("RETRY" in line for line in told["next"])


def test_the_library_tells_a_new_outcome_by_a_class_of_its_own(told):
    assert told["library"] == [True, "Postponed", False]


def test_ci_outputs_have_a_new_outcome(told):
    assert told["outputs"]["put-off"] == "1"
    assert told["outputs"]["complete"] == "false"
    assert "1 put off" in told["outputs"]["summary"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("text", ["put off", "the service asked for patience", "noon"]),
        ("json", ['"Postponed"', '"noon"']),
        ("markdown", ["put off", "until", "noon", "Come back then."]),
        ("html", ["put off", "noon"]),
        ("junit", ["put off", "noon", "the service asked for patience"]),
        ("sarif", ["The service put a change off", "put off", "noon"]),
        ("codequality", ["put off", "noon"]),
        ("annotations", ["put off", "noon"]),
    ],
)
def test_every_report_tells_a_new_outcome_in_the_words_of_its_record(told, name, words):
    assert [one for one in words if one not in told["reports"][name]] == []


@pytest.mark.parametrize(
    "field",
    [one.name for one in dataclasses.fields(OutcomeKind) if one.default is dataclasses.MISSING],
)
def test_a_record_that_leaves_something_open_cannot_be_made(field):
    said = {one.name: getattr(GOOD, one.name) for one in dataclasses.fields(OutcomeKind)}
    del said[field]
    with pytest.raises(TypeError, match=field):
        OutcomeKind(**said)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_record_says_what_its_severity_asks_for(kind):
    assert kind.type.__doc__ and issubclass(getattr(reconciler, kind.name), reconciler.Outcome)
    assert kind.done or (kind.mark and kind.title)
    assert kind.severity < Severity.TO_DECIDE or (kind.stops and kind.advice and kind.note)
    assert not kind.done or kind.effect in (Effect.SENT, Effect.HELD)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_readme_lists_the_ci_output_of_every_outcome(kind):
    [listed] = re.findall(r"`applied`[^.]*`complete`", README)
    assert f"`{kind.key}`" in listed
