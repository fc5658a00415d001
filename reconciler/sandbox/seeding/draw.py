"""Draw one case of the seeded domain, from the seed and the case's own number alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from string import ascii_uppercase, digits
from typing import Any

from reconciler.sandbox.clock import timestamp
from reconciler.sandbox.seeding import texts
from reconciler.sandbox.seeding.cast import Cast, uuid_from
from reconciler.sandbox.seeding.scene import PRIORITIES, TEMPLATES, SceneTemplate

# All seeded times are counted back from here.
BASE = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
OLDEST_DAYS = 120

Values = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One drawn case, with what its history tells."""

    case_id: str
    template_id: str
    values: Values
    tags: dict[str, str]
    events: list[dict[str, Any]]


def draw_case(cast: Cast, index: int) -> Drawn:
    """Case number `index`; how many others there are makes no difference."""
    random = Random(f"{cast.seed}/{cast.name}/{index}")
    case_id = uuid_from(random)
    template = random.choices(TEMPLATES, [one.weight for one in TEMPLATES])[0]
    created = BASE - timedelta(seconds=random.randrange(3600, OLDEST_DAYS * 86400))
    agent = random.choice(cast.agents)
    values = _system_values(cast, random, template, agent)
    values.update(_custom_values(cast, random, template, created))
    opening = dict(values)
    changes = _changes(cast, random, values, created)
    last_time, last_agent = (changes[-1][0], changes[-1][1]) if changes else (created, agent)
    values["created_datetime"] = _text(timestamp(created))
    values["created_by"] = {"userArnValue": agent}
    values["last_updated_datetime"] = _text(timestamp(last_time))
    values["last_updated_user"] = {"userArnValue": last_agent}
    return Drawn(
        case_id=case_id,
        template_id=cast.templates[template.name],
        values=values,
        tags=_tags(random, template),
        events=_events(cast, random, opening, (created, agent), changes),
    )


Change = tuple[datetime, str, str, dict[str, Any] | None, dict[str, Any]]


def _changes(cast: Cast, random: Random, values: Values, created: datetime) -> list[Change]:
    """What was done to the case later: (when, by whom, field, old, new); `values` keep the new."""
    changes: list[Change] = []
    time = created

    def change(field_id: str, new: str) -> None:
        nonlocal time
        room = max(120.0, (BASE - time).total_seconds() * 0.4)
        time += timedelta(seconds=random.uniform(60, room))
        before, after = values.get(field_id), _text(new)
        if before != after:
            changes.append((time, random.choice(cast.agents), field_id, before, after))
            values[field_id] = after

    if random.random() < 0.35:
        change(cast.fields["Priority"], random.choice(PRIORITIES)[0])
    if random.random() < 0.4:
        change("status", "closed")
        values["last_closed_datetime"] = _text(timestamp(time))
        if random.random() < 0.1:
            change("status", "open")
            values["last_reopened_datetime"] = _text(timestamp(time))
    return changes


def _system_values(cast: Cast, random: Random, template: SceneTemplate, agent: str) -> Values:
    place = cast.place
    profile = f"{random.getrandbits(128):032x}"
    customer = (
        f"arn:aws:profile:{place.region}:{place.account}:domains/{cast.name}/profiles/{profile}"
    )
    values = {
        "title": _text(_filled(random, random.choice(texts.TITLES[template.reason]))),
        "status": _text("open"),
        "reference_number": _text(f"{random.randrange(10**8):08d}"),
    }
    optional: dict[str, tuple[float, str]] = {
        "summary": (0.6, _filled(random, random.choice(texts.SUMMARIES))),
        "case_reason": (0.8, template.reason),
        "customer_id": (0.9, customer),
        "assigned_queue": (0.7, random.choice(cast.queues)),
        "assigned_user": (0.4, agent),
        # Cases from before the service had reference ids have none.
        "reference_id": (0.9, "".join(random.choices(ascii_uppercase + digits, k=9))),
    }
    for field_id, (chance, text) in optional.items():
        if random.random() < chance:
            values[field_id] = _text(text)
    return values


def _custom_values(
    cast: Cast, random: Random, template: SceneTemplate, created: datetime
) -> Values:
    order = (
        f"{random.randrange(10**6):07d}" if random.random() < 0.9 else f"0{random.randrange(100)}"
    )
    carrier = f"https://track.example.com/p/{random.randrange(10**12):012d}?lang=en"
    follow_up = created + timedelta(days=random.randrange(1, 30), hours=random.randrange(10))
    drawn: dict[str, tuple[float, dict[str, Any]]] = {
        "Priority": (0.85, _text(random.choice(PRIORITIES)[0])),
        "Severity": (0.7, _text(random.choice(PRIORITIES[:3])[0])),
        "VIP": (0.8, {"booleanValue": random.random() < 0.12}),
        "Score": (0.5, {"doubleValue": random.randrange(21) / 2}),
        "Follow up on": (0.4, _text(timestamp(follow_up.replace(minute=0, second=0)))),
        "Note": (0.75, _text(random.choice(texts.NOTES))),
        "Country": (0.9, _text(random.choice(texts.COUNTRIES))),
        "Order number": (0.6, _text(order)),
        "Refund amount": (0.3, {"doubleValue": random.randrange(0, 25000) / 100}),
        "Tracking link": (0.3, _text(carrier)),
        "Case owner": (0.6, {"userArnValue": random.choice(cast.agents)}),
        "Channel": (0.9, _text(random.choice(("phone", "chat", "email", "web_form", "fax")))),
        "Resolved at first contact": (0.5, {"booleanValue": random.random() < 0.4}),
        "Product": (
            0.7,
            _text(random.choice(("fibre", "mobile", "tv", "landline", "router", "handset"))),
        ),
        "Root cause": (0.4, _text(random.choice(texts.CAUSES))),
        "Next step": (0.5, _text(random.choice(texts.NEXT_STEPS))),
    }
    return {
        cast.fields[name]: value
        for name, (chance, value) in drawn.items()
        if random.random() < chance or name in template.required
    }


def _tags(random: Random, template: SceneTemplate) -> dict[str, str]:
    tags = dict(template.tags)
    if random.random() < 0.15:
        tags["team"] = random.choice(("billing", "care", "logistics"))
    if random.random() < 0.1:
        tags["campaign"] = "autumn-2026"
    return tags


def _events(
    cast: Cast,
    random: Random,
    opening: Values,
    creation: tuple[datetime, str],
    changes: list[Change],
) -> list[dict[str, Any]]:
    created, creator = creation
    fields = [{"eventFieldId": name, "newValue": value} for name, value in opening.items()]
    events = [_event(cast, random, "Case.Created", (created, creator), fields)]
    for time, agent, field_id, before, after in changes:
        field: dict[str, Any] = {"eventFieldId": field_id, "newValue": after}
        if before is not None:
            field["oldValue"] = before
        events.append(_event(cast, random, "Case.Updated", (time, agent), [field]))
    return events


def _event(
    cast: Cast, random: Random, kind: str, by: tuple[datetime, str], fields: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "eventId": uuid_from(random),
        "type": kind,
        "performedTime": timestamp(by[0]),
        "fields": fields,
        "performedBy": {"user": {"userArn": by[1]}, "iamPrincipalArn": cast.place.principal},
    }


def _filled(random: Random, text: str) -> str:
    return text.format(
        day=random.choice(texts.DAYS),
        month=random.choice(texts.MONTHS),
        city=random.choice(texts.CITIES),
        invoice=f"{random.randrange(10**7):08d}",
    )


def _text(text: str) -> dict[str, Any]:
    return {"stringValue": text}
