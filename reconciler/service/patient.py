"""The ports again, with every call paced, counted and retried."""

from collections.abc import Callable, Mapping, Sequence

from reconciler.model.audit import AuditEvent
from reconciler.model.catalog import Field, Option, Template
from reconciler.model.filter import Filter
from reconciler.model.value import CaseId, FieldId, TemplateId, Value
from reconciler.service.calling import Caller
from reconciler.service.ports import (
    AuditReader,
    BatchReply,
    CasePage,
    CaseReader,
    CaseWriter,
    CatalogReader,
    DomainFacts,
    Page,
    SearchPage,
)


class PatientCatalog:
    """A CatalogReader that waits its turn."""

    def __init__(self, inner: CatalogReader, caller: Caller) -> None:
        self._inner = inner
        self._call = caller.call

    def get_domain(self, domain_id: str) -> DomainFacts:
        """One domain."""
        return self._call("GetDomain", lambda: self._inner.get_domain(domain_id))

    def list_domains(self, token: str) -> Page[DomainFacts]:
        """One page of domains."""
        return self._call("ListDomains", lambda: self._inner.list_domains(token))

    def list_fields(self, domain_id: str, token: str) -> Page[Field]:
        """One page of fields."""
        return self._call("ListFields", lambda: self._inner.list_fields(domain_id, token))

    def list_field_options(self, domain_id: str, field_id: FieldId, token: str) -> Page[Option]:
        """One page of options."""
        return self._call(
            "ListFieldOptions", lambda: self._inner.list_field_options(domain_id, field_id, token)
        )

    def list_templates(self, domain_id: str, token: str) -> Page[Template]:
        """One page of templates."""
        return self._call("ListTemplates", lambda: self._inner.list_templates(domain_id, token))

    def get_template(self, domain_id: str, template_id: TemplateId) -> Template:
        """One template."""
        return self._call("GetTemplate", lambda: self._inner.get_template(domain_id, template_id))


class PatientReader:
    """A CaseReader that waits its turn; with `finish` also when the run was asked to stop."""

    def __init__(self, inner: CaseReader, caller: Caller, *, finish: bool = False) -> None:
        self._inner = inner
        self._caller = caller
        self._finish = finish

    def finishing(self) -> "PatientReader":
        """The same reader for what is in flight already and has to be brought to its end."""
        return PatientReader(self._inner, self._caller, finish=True)

    def get_case(self, case_id: CaseId, fields: Sequence[Field], token: str) -> CasePage:
        """One page of a case."""
        return self._caller.call(
            "GetCase",
            lambda: self._inner.get_case(case_id, fields, token),
            finish=self._finish,
        )

    def search_cases(
        self,
        wanted: Filter | None,
        fields: Sequence[Field],
        token: str,
        order: Field | None = None,
    ) -> SearchPage:
        """One page of a search."""
        return self._caller.call(
            "SearchCases",
            lambda: self._inner.search_cases(wanted, fields, token, order),
            finish=self._finish,
        )


class PatientAudit:
    """An AuditReader that waits its turn; with `finish` also when the run was asked to stop."""

    def __init__(self, inner: AuditReader, caller: Caller, *, finish: bool = False) -> None:
        self._inner = inner
        self._call = caller.call
        self._finish = finish

    def get_case_audit_events(
        self, case_id: CaseId, fields: Mapping[str, Field], token: str
    ) -> Page[AuditEvent]:
        """One page of a case's history."""
        return self._call(
            "GetCaseAuditEvents",
            lambda: self._inner.get_case_audit_events(case_id, fields, token),
            finish=self._finish,
        )


class PatientWriter:
    """A CaseWriter that waits its turn, and says when it is about to send."""

    def __init__(self, inner: CaseWriter, caller: Caller) -> None:
        self._inner = inner
        self._caller = caller

    def await_turn(self, api: str) -> None:
        """Wait until one write may go out; raises Stopped when the run is asked to end."""
        self._caller.await_turn(api)

    def give_back(self, api: str) -> None:
        """The write that was waited for is not needed."""
        self._caller.give_back(api)

    def update_case(
        self,
        case_id: CaseId,
        values: Sequence[tuple[Field, Value]],
        performed_by: str,
        before_send: Callable[[int], None],
        *,
        waited: bool = False,
    ) -> str:
        """Write; `before_send(attempt)` runs right before each attempt."""
        return self._caller.call(
            "UpdateCase",
            lambda: self._inner.update_case(case_id, values, performed_by),
            before_send=before_send,
            waited=waited,
        )

    def batch_update_cases(
        self,
        case_ids: Sequence[CaseId],
        values: Sequence[tuple[Field, Value]],
        performed_by: str,
        client_token: str,
        before_send: Callable[[int], None],
        *,
        waited: bool = False,
    ) -> BatchReply:
        """Write many; `before_send(attempt)` runs right before each attempt."""
        return self._caller.call(
            "BatchUpdateCase",
            lambda: self._inner.batch_update_cases(case_ids, values, performed_by, client_token),
            before_send=before_send,
            waited=waited,
        )
