"""Make the values that tests talk about in one line each, with believable defaults."""

from reconciler.config.model import Target
from reconciler.model.case import DesiredCase, DesiredField, LiveCase
from reconciler.model.catalog import Catalog, Field, Option, Template
from reconciler.model.condition import Select, Test
from reconciler.model.diagnostic import Source
from reconciler.model.plan import (
    CaseChange,
    Estimate,
    FieldChange,
    Git,
    Mode,
    Plan,
    TargetPlan,
)
from reconciler.model.source import Written
from reconciler.model.spec import (
    CasesSpec,
    Header,
    OnlyIf,
    PolicySpec,
    SpecCase,
    SpecField,
    SpecSet,
)
from reconciler.model.value import FieldType
from reconciler.service.ports import DomainFacts

AT = Source("specs/a.yaml", 7, 5)
DOMAIN_ID = "4f1c2d9e-0c7e-4a57-9a43-6a0f4b7f2b11"
DOMAIN = DomainFacts(DOMAIN_ID, "support", "111122223333", "us-west-2")
UNSET = object()


def a_field(id="note", type=FieldType.TEXT, name="", **more) -> Field:
    """A field definition; its name is its id with a capital unless said otherwise."""
    words = id.replace("_", " ")
    return Field(id=id, name=name or words[:1].upper() + words[1:], type=type, **more)


def system(id, type=FieldType.TEXT, name="") -> Field:
    """A system field."""
    return a_field(id, type, name, namespace="System")


FIELDS = (
    system("title"),
    system("summary"),
    system("status", FieldType.SINGLE_SELECT),
    system("reference_number", name="Reference number"),
    system("last_updated_datetime", FieldType.DATE_TIME),
    system("last_updated_user", FieldType.USER),
    a_field("note"),
    a_field("story", multiline=True),
    a_field("score", FieldType.NUMBER),
    a_field("vip", FieldType.BOOLEAN, "VIP"),
    a_field("due", FieldType.DATE_TIME),
    a_field("link", FieldType.URL),
    a_field("agent", FieldType.USER),
    a_field("priority", FieldType.SINGLE_SELECT),
)
OPTIONS = {
    "priority": (
        Option("p1", "High", True),
        Option("p2", "Medium", True),
        Option("p3", "Low", True),
        Option("p9", "Ancient", False),
    ),
    "status": (Option("open", "Open", True), Option("closed", "Closed", True)),
}
TEMPLATES = (
    Template(id="tpl-1", name="Outage", required=frozenset({"title"})),
    Template(id="tpl-2", name="Billing", required=frozenset({"title", "note"})),
)
BY_ID = {field.id: field for field in FIELDS}


def a_catalog(fields=FIELDS, options=OPTIONS, templates=TEMPLATES) -> Catalog:
    """What the test domain offers."""
    return Catalog(
        domain_id=DOMAIN.id,
        domain_name=DOMAIN.name,
        account=DOMAIN.account,
        region=DOMAIN.region,
        fields=tuple(fields),
        options=options,
        templates=tuple(templates),
    )


def live(case_id="c1", template_id="tpl-1", tags=None, **values) -> LiveCase:
    """A case as the service holds it."""
    held = {key: value for key, value in values.items() if value is not None}
    return LiveCase(case_id, template_id, held, tags or {})


def desired_field(field, value, only_if=None, at=AT, **more) -> DesiredField:
    """One wanted value."""
    return DesiredField(field, value, at, only_if, **more)


def desired(case_id="c1", **values) -> DesiredCase:
    """All wanted values of one case."""
    return DesiredCase(case_id, tuple(desired_field(key, values[key]) for key in sorted(values)))


def written(text, plain=True, line=7, column=5) -> Written:
    """A scalar as it stands in a file."""
    return Written(text, plain, line, column)


def spec_field(name, value, only_if=None, line=7, column=5) -> SpecField:
    """A field of a spec; a str value is plain unless it is a Written already."""
    value = value if isinstance(value, Written) else written(value, line=line, column=column)
    return SpecField(name, value, only_if, line, column)


def only_if(*values, empty=False) -> OnlyIf:
    """A condition on the live value."""
    return OnlyIf(empty, tuple(written(value) for value in values))


def spec_case(key="c1", by_reference=False, line=6, **fields) -> SpecCase:
    """A named case; fields are name=text, or name=SpecField."""
    return SpecCase(
        key,
        by_reference,
        tuple(
            value if isinstance(value, SpecField) else spec_field(name, value)
            for name, value in fields.items()
        ),
        line,
        3,
    )


def header(name="fix", file="specs/a.yaml", targets=(), line=3) -> Header:
    """What a spec says about itself."""
    return Header(at=Source(file, line, 1), name=name, targets=targets)


def cases_spec(*cases, **more) -> CasesSpec:
    """A spec of named cases."""
    return CasesSpec(header=header(**more), cases=tuple(cases))


def leaf(field, operator, *operands) -> Test:
    """One leaf of `where`."""
    return Test(written(field), operator, tuple(written(one) for one in operands))


def policy_spec(
    name="rule", where=None, template=None, tags=(), case_limit=None, file="specs/p.yaml", **fields
) -> PolicySpec:
    """A policy; fields are name=text, or name=SpecField."""
    return PolicySpec(
        header=header(name, file),
        select=Select(written(template) if template else None, tuple(tags), where),
        fields=spec_case(**fields).fields,
        case_limit=case_limit,
    )


def spec_set(*specs) -> SpecSet:
    """All specs of a run."""
    return SpecSet(specs=specs, digest="5" * 64, files=("specs/a.yaml",))


def a_target(name="prod", **more) -> Target:
    """A target of the config."""
    return Target(name=name, **{"domain": DOMAIN_ID, **more})


def field_change(
    id="note", before="old", after="new", type=None, name="", source=AT, **more
) -> FieldChange:
    """One planned value."""
    known = BY_ID.get(id) or a_field(id, type or FieldType.TEXT, name)
    return FieldChange(
        id=id,
        name=name or known.name,
        type=type or known.type,
        before=before,
        after=after,
        source=source,
        **more,
    )


def case_change(case_id="c1", *fields, title="A title", observed_at="", template_id="tpl-1"):
    """All planned values of one case; `note: old -> new` when none is given."""
    return CaseChange(
        case_id=case_id,
        title=title,
        template_id=template_id,
        observed_at=observed_at,
        fields=fields or (field_change(),),
    )


def target_plan(*changes, managed=None, in_sync=None, **more) -> TargetPlan:
    """The plan of one domain."""
    managed = len(changes) if managed is None else managed
    given = {
        "name": "prod",
        "account": DOMAIN.account,
        "region": DOMAIN.region,
        "domain_id": DOMAIN.id,
        "domain_name": DOMAIN.name,
        "read_at": "2026-12-01T09:00:00Z",
        "read_by": "GetCase for 3 cases",
        "cases_managed": managed,
        "cases_in_sync": managed - len(changes) if in_sync is None else in_sync,
        "unreadable": (),
        "blocked_by": (),
        "estimate": Estimate({}, 0.0),
    }
    return TargetPlan(changes=tuple(changes), **{**given, **more})


def a_plan(*targets, **more) -> Plan:
    """A whole plan; CaseChanges are put into one target."""
    if targets and not isinstance(targets[0], TargetPlan):
        targets = (target_plan(*targets),)
    given = {
        "tool_version": "0.1.0",
        "created_at": "2026-12-01T09:00:00Z",
        "expires_at": "2026-12-02T09:00:00Z",
        "git": Git("c0ffee1234567890", "main", False),
        "spec_digest": "5" * 64,
        "mode": Mode.BALANCED,
        "spec_files": ("specs/a.yaml",),
    }
    return Plan(targets=tuple(targets), **{**given, **more})
