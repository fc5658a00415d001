"""What reports are about in tests: believable plans, outcomes and problems, the same every time."""

from dataclasses import replace
from functools import cache
from uuid import NAMESPACE_URL, uuid5

from reconciler.config.model import Limits
from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    FieldConflict,
    NotAttempted,
    Unknown,
    Unverified,
)
from reconciler.model.guards import Guard
from reconciler.model.plan import (
    Blocker,
    Git,
    IgnoredField,
    LastChange,
    Mode,
    Sealed,
    UnreadableCase,
)
from reconciler.model.value import FieldType
from reconciler.plan.assembling import bulk_saves, estimate
from reconciler.plan.guard import Allowances, blockers
from reconciler.report.subject import Links, Subject
from reconciler.service.quotas import DEFAULT_QUOTAS
from tests.builders import a_plan, case_change, field_change, target_plan

COMMIT = "9f2c51be7ad04c1e8d36b05fa1c7e2409d8b6a33"
HOME = "https://github.com/acme/care-cases"
LINKS = Links(
    files=f"{HOME}/blob/{COMMIT}/",
    commit=f"{HOME}/commit/{COMMIT}",
    run=f"{HOME}/actions/runs/9876543210",
    prefix="contact-centre/",
)
INSTANCE = "arn:aws:connect:us-west-2:111122223333:instance/0d4c7b1e-2f55-4a8e-9a13-6c1f0e7d9b21"
JANE = f"{INSTANCE}/agent/7b0f3c52-91de-4f6a-b1d4-3a9c5e8f2d10"
SYNC = "arn:aws:sts::111122223333:assumed-role/crm-sync/nightly"
ESC = "\x1b"
HOSTILE = (
    f"{ESC}[31mred{ESC}[0m {ESC}]8;;https://evil.example{ESC}\\click{ESC}]8;;{ESC}\\",
    "\u202eevil\u202c a\u200bb \u2066c\u2069 \ufeff \u2028 \x00 \x07",
    "first\r\nsecond\n\n# third\n- a\n+ b\n@@ -1 +1 @@\n```\n~~~",
    "@octocat @acme/owners #1 GH-1 acme/care-cases#1 9f2c51be7ad04c1e8d36b05fa1c7e2409d8b6a33",
    "https://evil.example www.evil.example a@b.example ![x](http://evil.example/p.png) [y](z)",
    "</details></td><script>alert(1)</script><img src=x onerror=alert(1)> <!-- --> ]]> &amp; &#64;",
    "::error file=a,line=1::boo\n::add-mask::x%0A::set-output name=a::b ##[error]x",
    '=cmd|"/c calc"!A0',
    "+1+1,-1 \t@SUM(A1:A9);'x'",
    "`a` ``b`` ```c``` | d || \\| e *f* __g__ ~~h~~ $i$ <j> \\",
    "\u0000\ud800 lone \U000e0041 tag é e\u0301 👩‍👩‍👧 日本語",
    "EOF\nchanges=false\nsummary<<EOF",
    "x" * 4_100,
)
NOUNS = ("parcel", "invoice", "router", "kettle", "refund", "contract", "login", "delivery")


def case_id(number):
    """The same UUID for the same number."""
    return str(uuid5(NAMESPACE_URL, f"case/{number}"))


def title(number):
    """What an agent might call a case."""
    return f"{NOUNS[number % len(NOUNS)].capitalize()} {10_020_000 + number} is late"


def at(line, file="specs/vip.yaml", column=7):
    """A place in a spec."""
    return Source(file, line, column)


PRIORITY = field_change("priority", "p3", "p1", source=at(9))
STORY = "The customer called about parcel 10023417, which the courier says it handed over. " * 3


def _target(*changes, limits=None, **more):
    cost = (changes, Mode.BALANCED, DEFAULT_QUOTAS, 0.8)
    target = target_plan(
        *changes,
        estimate=estimate(*cost),
        bulk_estimate=bulk_saves(*cost),
        **{"managed": len(changes) + 10, "read_by": "SearchCases by case id in groups", **more},
    )
    found = blockers(target, limits or Limits(), Allowances())
    return replace(target, blocked_by=(*found, *target.blocked_by))


def _subject(*targets, limits=None, command="plan", **more):
    files = ("specs/vip.yaml", "specs/outage.yaml")
    plan = a_plan(
        *targets,
        git=Git(COMMIT, "fix/outage-severity", False),
        spec_files=files,
        mode=Mode.BALANCED,
    )
    return Subject(
        command=command,
        plan=plan,
        limits={target.name: limits or Limits() for target in targets},
        links=LINKS,
        **more,
    )


def _alike(count, *fields, start=0):
    return [case_change(case_id(n), *fields, title=title(n)) for n in range(start, start + count)]


def nothing():
    """Every case is as its spec wants it."""
    return _subject(_target(managed=212))


def one():
    """One field of one case."""
    return _subject(_target(case_change(case_id(1), PRIORITY, title=title(1))))


def thirty_alike():
    """One change on thirty cases."""
    return _subject(_target(*_alike(30, PRIORITY), managed=40))


def three_hundred_mixed():
    """Alike changes, single ones, a long text, clears, every type, two policies; blocked."""
    severity = field_change(
        "severity",
        "Low",
        "High",
        FieldType.SINGLE_SELECT,
        policy="outage-severity",
        source=at(14, "specs/outage.yaml"),
    )
    vip = field_change("vip", False, True, source=at(11), overrides="policy vips (specs/p.yaml:4)")
    due = field_change("due", None, "2026-12-01T09:00:00Z", source=at(12))
    single = [
        case_change(
            case_id(250 + n),
            field_change("note", f"call back {n}", None, source=at(30 + 3 * n)),
            field_change("score", float(n), n + 0.5, source=at(31 + 3 * n)),
            field_change(
                "link", None, f"https://wiki.example/{n}", source=at(32 + 3 * n, "specs/links.yaml")
            ),
            title=title(250 + n),
        )
        for n in range(45)
    ]
    story = field_change("story", STORY + "It was lost.", STORY + "It was found.", source=at(220))
    agent = field_change("agent", JANE, JANE[:-2] + "99", source=at(221))
    changes = [
        *_alike(180, severity),
        *_alike(70, PRIORITY, vip, due, start=180),
        *single,
        case_change(case_id(295), story, title=title(295)),
        *_alike(4, agent, start=296),
    ]
    limits = Limits(percent=30, fields={"Priority": 100})
    return _subject(_target(*changes, managed=4_120, limits=limits), limits=limits)


@cache
def fifty_thousand():
    """Fifty thousand cases, a thousand different changes, found by a policy."""
    kinds = [
        field_change(
            "note",
            "legacy",
            f"moved to queue {n}",
            policy="requeue",
            source=at(10 + n, "specs/requeue.yaml"),
        )
        for n in range(1_000)
    ]
    changes = [case_change(case_id(n), kinds[n % 1_000], title=title(n)) for n in range(50_000)]
    limits = Limits(cases=60_000)
    return _subject(
        _target(*changes, managed=60_000, limits=limits, unconfirmed=49_800), limits=limits
    )


def _classed(kind, before, after, line, last=None):
    return field_change(
        "priority", before, after, source=at(line), change_class=kind, last_change=last
    )


def conflicts():
    """All four classes; drift by an agent, a conflict with a program, and ignored fields."""
    by_jane = LastChange(by=JANE, principal="", at="2026-11-30T16:42:00Z", before="p1", after="p3")
    by_sync = LastChange(
        by="crm-sync", principal=SYNC, at="2026-12-01T02:00:07Z", before="p2", after="p3"
    )
    earlier = LastChange(
        by="reconcile:1a2b3c4d5e6f:aaaabbbbcccc",
        principal=SYNC,
        at="2026-11-02T10:00:00Z",
        before=None,
        after="p2",
        commit="aaaabbbbcccc",
    )
    changes = (
        case_change(
            case_id(1), _classed(ChangeClass.DRIFT, "p3", "p1", 9, by_jane), title=title(1)
        ),
        case_change(
            case_id(2), _classed(ChangeClass.DRIFT, "p3", "p1", 9, by_jane), title=title(2)
        ),
        case_change(
            case_id(3), _classed(ChangeClass.CONFLICT, "p3", "p1", 15, by_sync), title=title(3)
        ),
        *(
            case_change(case_id(n), _classed(ChangeClass.NEW, None, "p1", 21), title=title(n))
            for n in range(4, 9)
        ),
        case_change(
            case_id(9), _classed(ChangeClass.PENDING, "p2", "p1", 27, earlier), title=title(9)
        ),
    )
    ignored = (
        IgnoredField(case_id(10), "note", "Note", "agents keep it (CHG-7)", "2027-01-31", at(40)),
        IgnoredField(case_id(11), "note", "Note", "agents keep it (CHG-7)", "2027-01-31", at(40)),
    )
    return _subject(_target(*changes, ignored=ignored))


def drifted():
    """The same under `reconcile drift`."""
    return replace(conflicts(), command="drift")


def blocked():
    """Guards object: too many cases, too many clears, a field's own limit."""
    clear = field_change("note", "call back", None, source=at(17))
    limits = Limits(cases=20, clears=10, percent=50, fields={"Priority": 25})
    target = _target(*_alike(30, clear, PRIORITY), managed=40, limits=limits)
    return _subject(target, limits=limits)


def unreadable():
    """Some cases could not be read."""
    lost = (
        UnreadableCase(
            case_id(70), "not-found", "GetCase: ResourceNotFoundException: no such case", at(44)
        ),
        UnreadableCase("reference 10023417", "ambiguous-reference", "2 cases have it", at(47)),
        UnreadableCase(case_id(71), "unavailable", "GetCase: no reply in 5 attempts", at(50)),
    )
    return _subject(_target(*_alike(2, PRIORITY), unreadable=lost, managed=15))


def redacted():
    """Sensitive values on both sides, one side empty, and in a last change."""
    old, new = Sealed("3f9a" * 16), Sealed("77b1" * 16)
    last = LastChange(by=JANE, principal="", at="2026-11-30T16:42:00Z", before=new, after=old)
    changes = (
        case_change(
            case_id(1),
            field_change(
                "customer_id",
                old,
                new,
                FieldType.TEXT,
                "Customer",
                source=at(9),
                change_class=ChangeClass.DRIFT,
                last_change=last,
            ),
            title=title(1),
        ),
        case_change(
            case_id(2),
            field_change("card_number", None, new, FieldType.TEXT, "Card number", source=at(12)),
            field_change("note", old, None, source=at(13)),
            title=title(2),
        ),
    )
    return _subject(_target(*changes))


def hostile(texts=HOSTILE):
    """Every text of a plan is hostile."""
    changes = tuple(_hostile_case(number, text) for number, text in enumerate(texts))
    first = texts[0]
    target = _target(
        *changes,
        name=first,
        domain_name=first,
        account=first,
        region=first,
        read_by=first,
        unreadable=tuple(
            UnreadableCase(text, "not-found", text, Source(text, 3)) for text in texts
        ),
        ignored=tuple(
            IgnoredField(text, "note", text, text, text, Source(text, 4)) for text in texts
        ),
        blocked_by=tuple(Blocker(Guard.FIELD, text, 2, 1, text, names=text) for text in texts),
    )
    plan = a_plan(target, git=Git(first, first, True), spec_files=texts, tool_version=first)
    return Subject(command="plan", plan=plan, limits={first: Limits()}, links=LINKS)


def _hostile_case(number, text):
    last = LastChange(by=text, principal=text, at=text, before=text, after=None, commit=text)
    place = Source(text, 7 + number, 2)
    more = {"source": place, "policy": text, "overrides": text}
    known = {"change_class": ChangeClass.CONFLICT, "last_change": last}
    return case_change(
        f"{case_id(number)}{text}",
        field_change("text", text, text + "!", FieldType.TEXT, f"A {text}", **more),
        field_change("set", None, text, FieldType.TEXT, f"B {text}", **more, **known),
        field_change("clear", text, None, FieldType.SINGLE_SELECT, f"C {text}", **more),
        title=text,
    )


def two_targets():
    """One target with changes, one without an account and in sync."""
    first = _target(*_alike(3, PRIORITY), name="prod", unconfirmed=2)
    second = _target(name="training", account="", region="", domain_name="training", managed=8)
    return _subject(first, second)


def apply_mixed():
    """An apply that met everything that can happen to a case."""
    count = 38
    about = {"target": "prod"}
    conflict = FieldConflict("priority", "Priority", "p3", "p1", "p2")
    conflicts = (
        conflict,
        FieldConflict("score", "Score", None, 5.0, 4.5),
        FieldConflict("vip", "VIP", False, True, None),
    )
    outcomes = (
        *(Applied(**about, case_id=case_id(n), request_id=f"r-{n}") for n in range(9)),
        Applied(**about, case_id=case_id(9), request_id="", settled_by_reading=True),
        AlreadyDone(**about, case_id=case_id(10)),
        Conflict(
            **about,
            case_id=case_id(11),
            fields=conflicts,
            changed_by=JANE,
            changed_at="2026-12-01T08:59:00Z",
        ),
        Conflict(**about, case_id=case_id(12), fields=(conflict,), changed_by="", changed_at=""),
        Failed(
            **about,
            case_id=case_id(13),
            code="AccessDeniedException",
            message="UpdateCase: not allowed; grant cases:UpdateCase on the field (see README)",
            request_id="r-13",
        ),
        Unknown(**about, case_id=case_id(14), message="no reply, and reading it again failed"),
        Unverified(**about, case_id=case_id(15), request_id="r-15", fields=(conflict,)),
        *(
            NotAttempted(**about, case_id=case_id(n), reason="--max-failures 1")
            for n in range(16, count)
        ),
    )
    target = _target(*_alike(count, PRIORITY))
    return _subject(target, command="apply", outcomes=outcomes)


def apply_done():
    """An apply after which everything in the plan is true."""
    target = _target(*_alike(3, PRIORITY))
    outcomes = tuple(
        Applied(target="prod", case_id=case_id(n), request_id=f"r-{n}") for n in range(3)
    )
    return _subject(target, command="apply", outcomes=outcomes)


def problems():
    """A dozen problems in two specs."""
    kinds = (
        ("unknown-field", 'no field named "priorty"', 'did you mean "priority"?'),
        ("wrong-type", '"yes" is no Boolean', "write true or false"),
        ("unknown-option", '"Urgent" is no option of Priority', "High, Medium, Low"),
        ("repeated-key", '"fields" stands here twice', "the first is on line 4"),
        ("read-only-field", "created_datetime is kept by the service", ""),
        ("contradiction", "severity is set to High here and to Low in specs/b.yaml:9:7", ""),
    )
    found = tuple(
        Problem(at(4 + 3 * n, ("specs/a.yaml", "specs/b.yaml")[n // 6], 5 + n), *kinds[n % 6])
        for n in range(12)
    )
    return Subject(command="validate", problems=found, links=LINKS)


def no_problems():
    """Specs without a fault."""
    return Subject(command="validate", links=LINKS)


def hostile_problems(texts=HOSTILE):
    """Problems whose every text is hostile."""
    found = tuple(Problem(Source(text, n + 1, 2), text, text, text) for n, text in enumerate(texts))
    return Subject(command="validate", problems=found, links=LINKS)


def hostile_apply(texts=HOSTILE):
    """Outcomes whose every text is hostile."""
    plan = hostile(texts)
    outcomes = tuple(outcome for text in texts for outcome in _hostile_outcomes(text))
    return replace(plan, command="apply", outcomes=outcomes)


def _hostile_outcomes(text):
    about = {"target": text, "case_id": text}
    conflict = FieldConflict(text, text, text, None, text)
    yield Conflict(**about, fields=(conflict,), changed_by=text, changed_at=text)
    yield Failed(**about, code=text, message=text, request_id=text)
    yield Unknown(**about, message=text)
    yield Unverified(**about, request_id=text, fields=(conflict,))
    yield NotAttempted(**about, reason=text)


SCENES = {
    scene.__name__: scene
    for scene in (
        nothing,
        one,
        thirty_alike,
        three_hundred_mixed,
        conflicts,
        drifted,
        blocked,
        unreadable,
        redacted,
        hostile,
        two_targets,
        apply_mixed,
        apply_done,
        problems,
        no_problems,
        hostile_problems,
        hostile_apply,
    )
}
