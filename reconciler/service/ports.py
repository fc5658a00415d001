"""What the workflows need of the outside world, stated by the side that needs it.

Every method of the readers and the writer is exactly one call to the service, so that pacing,
retrying and counting can wrap them without knowing what they do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from reconciler.git.history import SpecHistory
from reconciler.model.audit import AuditEvent
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field, Option, Template
from reconciler.model.filter import Filter
from reconciler.model.value import CaseId, FieldId, TemplateId, Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """Which domain this is; account and Region come from its ARN, as the service states it."""

    id: str
    name: str
    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, and the token of the next one (empty at the end)."""

    items: tuple[T, ...]
    token: str = ""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a search: cases read whole, and cases that held a value we cannot read.

    `total` is how many cases matched, where the service says so. Of the `doubtful` cases a search
    shows half, or twice and not alike: only reading the case itself tells.
    """

    cases: tuple[LiveCase, ...]
    token: str = ""
    unreadable: Mapping[CaseId, str] = field(default_factory=dict)
    total: int | None = None
    doubtful: frozenset[CaseId] = frozenset()


class CatalogReader(Protocol):
    """Reads what a domain offers."""

    def get_domain(self, domain_id: str) -> DomainFacts: ...

    def list_domains(self, token: str) -> "Page[DomainFacts]": ...

    def list_fields(self, domain_id: str, token: str) -> "Page[Field]": ...

    def list_field_options(
        self, domain_id: str, field_id: FieldId, token: str
    ) -> "Page[Option]": ...

    def list_templates(self, domain_id: str, token: str) -> "Page[Template]": ...

    def get_template(self, domain_id: str, template_id: TemplateId) -> Template: ...


class CaseReader(Protocol):
    """Reads cases of one domain. Plans are made with this alone."""

    def get_case(self, case_id: CaseId, fields: Sequence[Field], token: str) -> "CasePage": ...

    def search_cases(
        self,
        wanted: Filter | None,
        fields: Sequence[Field],
        token: str,
        order: Field | None = None,
    ) -> SearchPage: ...


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of one case's fields (GetCase has a nextToken, and when it pages is unknown)."""

    case: LiveCase
    token: str = ""


class AuditReader(Protocol):
    """Reads what happened to the cases of one domain."""

    def get_case_audit_events(
        self, case_id: CaseId, fields: Mapping[str, Field], token: str
    ) -> "Page[AuditEvent]": ...


class CaseWriter(Protocol):
    """Changes live cases of one domain. Only apply is handed one."""

    def update_case(
        self, case_id: CaseId, values: Sequence[tuple[Field, Value]], performed_by: str
    ) -> str:
        """Set every value in one call and return the request id; on Transient nothing changed."""
        ...

    def batch_update_cases(
        self,
        case_ids: Sequence[CaseId],
        values: Sequence[tuple[Field, Value]],
        performed_by: str,
        client_token: str,
    ) -> "BatchReply":
        """Give the same values to every case; each succeeds or fails on its own."""
        ...


@dataclass(frozen=True, slots=True)
class BatchReply:
    """What became of a batch: the cases that failed, with the service's code and words."""

    request_id: str
    failed: Mapping[CaseId, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HistoryAccess:
    """Where histories come from: the service for cases, version control for specs."""

    audit: AuditReader
    specs: SpecHistory
