"""The contact centre of the seeded domain: its custom fields, their options, its templates."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneField:
    """One custom field; options are (value, name), inactive ones are named apart."""

    name: str
    type: str
    description: str
    multiline: bool = False
    options: tuple[tuple[str, str], ...] = ()
    inactive: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneTemplate:
    """One template; `required` names custom fields, `reason` is the case reason it goes with."""

    name: str
    reason: str
    weight: int
    required: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    description: str


PRIORITIES = (("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical"))

FIELDS = (
    SceneField(
        name="Priority",
        type="SingleSelect",
        description="How soon somebody has to look at the case",
        options=PRIORITIES,
    ),
    SceneField(
        name="Severity",
        type="SingleSelect",
        description="How badly the customer is affected",
        options=PRIORITIES[:3],
    ),
    SceneField(name="VIP", type="Boolean", description="Customer with a personal contact"),
    SceneField(name="Score", type="Number", description="Satisfaction, 0 to 10"),
    SceneField(name="Follow up on", type="DateTime", description="When to call back"),
    SceneField(name="Note", type="Text", description="What the agents wrote down", multiline=True),
    SceneField(name="Country", type="Text", description="Two-letter code of the country"),
    SceneField(name="Order number", type="Text", description="As printed on the order"),
    SceneField(name="Refund amount", type="Number", description="In the order's currency"),
    SceneField(name="Tracking link", type="Url", description="The parcel's page at the carrier"),
    SceneField(name="Case owner", type="User", description="Who sees the case through"),
    SceneField(
        name="Channel",
        type="SingleSelect",
        description="How the customer reached us",
        options=(
            ("phone", "Phone"),
            ("chat", "Chat"),
            ("email", "E-mail"),
            ("web_form", "Web form"),
            ("fax", "Fax"),
        ),
        inactive=("fax",),
    ),
    SceneField(
        name="Resolved at first contact",
        type="Boolean",
        description="Whether one contact was enough",
    ),
    SceneField(
        name="Product",
        type="SingleSelect",
        description="What the case is about",
        options=(
            ("fibre", "Fibre"),
            ("mobile", "Mobile"),
            ("tv", "TV"),
            ("landline", "Landline"),
            ("router", "Router"),
            ("handset", "Handset"),
        ),
    ),
    SceneField(name="Root cause", type="Text", description="What turned out to be wrong"),
    SceneField(name="Next step", type="Text", description="What happens next", multiline=True),
)

CASE_REASONS = (
    ("outage", "Outage"),
    ("billing", "Billing"),
    ("delivery", "Delivery"),
    ("complaint", "Complaint"),
    ("access", "Access"),
)

TEMPLATES = (
    SceneTemplate(
        name="Outage",
        reason="outage",
        weight=24,
        required=("Severity", "Product"),
        tags=(("team", "care"),),
        description="A service that does not work",
    ),
    SceneTemplate(
        name="Billing question",
        reason="billing",
        weight=28,
        required=("Priority",),
        tags=(("team", "billing"),),
        description="A question about an invoice, a payment or a refund",
    ),
    SceneTemplate(
        name="Delivery problem",
        reason="delivery",
        weight=22,
        required=("Order number",),
        tags=(("team", "logistics"),),
        description="A parcel that is late, lost or damaged",
    ),
    SceneTemplate(
        name="Complaint",
        reason="complaint",
        weight=12,
        required=("Priority", "Channel"),
        tags=(("team", "care"),),
        description="A customer who wants an answer in writing",
    ),
    SceneTemplate(
        name="Account access",
        reason="access",
        weight=14,
        required=(),
        tags=(("team", "care"),),
        description="A customer who cannot log in",
    ),
)
