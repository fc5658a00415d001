"""Catalog and cases of Amazon Connect Cases through a boto3 client; each method is one call."""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.errors import Unreadable
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field, Option, Template
from reconciler.model.filter import Filter
from reconciler.model.value import CaseId, FieldId, FieldType, TemplateId, Value
from reconciler.service.aws.codec import decode, encode, encode_filter
from reconciler.service.aws.errors import BrokenReply, translated
from reconciler.service.aws.replies import (
    Reply,
    check_success,
    entries,
    flag,
    member,
    next_page,
    page_token,
    part,
    replied_at,
    text,
    text_if_any,
    texts,
    unreadable,
)
from reconciler.service.ports import BatchReply, CasePage, DomainFacts, Page, SearchPage

# Page sizes: the service model's maximums.
PAGE = 100
DOMAIN_PAGE = 10

# The members of BatchUpdateCase that three fields travel in, instead of its list of fields.
_TOP_LEVEL = {
    FieldId("title"): "title",
    FieldId("status"): "status",
    FieldId("customer_id"): "customerId",
}

_TYPES = frozenset(FieldType)

# Stands for the case of a row whose id cannot be read.
UNNAMED = CaseId("(no readable case id)")


class AwsCatalog:
    """Reads what domains offer."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def get_domain(self, domain_id: str) -> DomainFacts:
        """One domain by id."""
        with translated("GetDomain", f"domain {domain_id}"):
            return _domain(self._client.get_domain(domainId=domain_id))

    def list_domains(self, token: str) -> Page[DomainFacts]:
        """One page of the account's domains in this Region."""
        with translated("ListDomains", "this account"):
            reply = self._client.list_domains(maxResults=DOMAIN_PAGE, **next_page(token))
            return Page(tuple(map(_domain, entries(reply, "domains"))), page_token(reply))

    def list_fields(self, domain_id: str, token: str) -> Page[Field]:
        """One page of field definitions, deleted ones not included."""
        with translated("ListFields", f"domain {domain_id}"):
            reply = self._client.list_fields(
                domainId=domain_id, maxResults=PAGE, **next_page(token)
            )
            # A field of a type that this version does not know cannot be named by a spec; it must
            # not keep the others from being planned.
            known = filter(_is_known, entries(reply, "fields"))
            return Page(tuple(map(_field, known)), page_token(reply))

    def list_field_options(self, domain_id: str, field_id: FieldId, token: str) -> Page[Option]:
        """One page of a single-select's options, inactive ones included."""
        with translated("ListFieldOptions", f"field {field_id}"):
            reply = self._client.list_field_options(
                domainId=domain_id, fieldId=field_id, maxResults=PAGE, **next_page(token)
            )
            options = tuple(
                Option(text(item, "value"), text(item, "name"), flag(item, "active"))
                for item in entries(reply, "options")
            )
            return Page(options, page_token(reply))

    def list_templates(self, domain_id: str, token: str) -> Page[Template]:
        """One page of templates; which fields they require only GetTemplate tells."""
        with translated("ListTemplates", f"domain {domain_id}"):
            reply = self._client.list_templates(
                domainId=domain_id, maxResults=PAGE, **next_page(token)
            )
            templates = tuple(
                Template(id=TemplateId(text(item, "templateId")), name=text(item, "name"))
                for item in entries(reply, "templates")
            )
            return Page(templates, page_token(reply))

    def get_template(self, domain_id: str, template_id: TemplateId) -> Template:
        """One template with the fields that it requires."""
        with translated("GetTemplate", f"template {template_id}"):
            reply = self._client.get_template(domainId=domain_id, templateId=template_id)
            said = reply.get("requiredFields") is not None
            fields = entries(reply, "requiredFields") if said else ()
            required = frozenset(FieldId(text(item, "fieldId")) for item in fields)
            return Template(id=template_id, name=text(reply, "name"), required=required)


class AwsCaseReader:
    """Reads cases of one domain."""

    def __init__(self, client: Any, domain_id: str) -> None:
        self._client = client
        self._domain = domain_id

    def get_case(self, case_id: CaseId, fields: Sequence[Field], token: str) -> CasePage:
        """One page of the asked fields of one case."""
        asked = {field.id: field for field in fields}
        with translated("GetCase", f"case {case_id}"):
            # GetCase takes 1 to 220 fields: there is no way to ask for all of them (service model).
            reply = self._client.get_case(
                domainId=self._domain,
                caseId=case_id,
                fields=[{"id": field.id} for field in fields],
                **next_page(token),
            )
            case = LiveCase(
                case_id,
                TemplateId(text(reply, "templateId")),
                _values(reply, asked),
                texts(reply, "tags"),
                replied_at(reply),
            )
            return CasePage(case, page_token(reply))

    def search_cases(
        self,
        wanted: Filter | None,
        fields: Sequence[Field],
        token: str,
        order: Field | None = None,
    ) -> SearchPage:
        """One page of the cases that the index finds, oldest first by `order`."""
        asked = {field.id: field for field in fields}
        request: dict[str, Any] = {
            "maxResults": PAGE,
            "fields": [{"id": field.id} for field in fields],
        }
        found = encode_filter(wanted) if wanted is not None else None
        if found is not None:
            request["filter"] = found
        if order is not None:
            request["sorts"] = [{"fieldId": order.id, "sortOrder": "Asc"}]
        cases: list[LiveCase] = []
        unreadable: dict[CaseId, str] = {}
        doubtful: set[CaseId] = set()
        with translated("SearchCases", "this domain"):
            reply = self._client.search_cases(domainId=self._domain, **request, **next_page(token))
            read_at = replied_at(reply)
            for item in _rows(reply):
                case_id = _case_id(item)
                try:
                    cases.append(_row(case_id, item, asked, read_at))
                except Unreadable as error:
                    unreadable[case_id] = str(error)
                except BrokenReply:
                    doubtful.add(case_id)
            following = page_token(reply)
        total = reply.get("totalCount")
        counted = total if type(total) is int and total >= 0 else None
        return SearchPage(tuple(cases), following, unreadable, counted, frozenset(doubtful))


class AwsCaseWriter:
    """Changes cases of one domain."""

    def __init__(self, client: Any, domain_id: str) -> None:
        self._client = client
        self._domain = domain_id

    def update_case(
        self, case_id: CaseId, values: Sequence[tuple[Field, Value]], performed_by: str
    ) -> str:
        """Set or clear each value in one call; the request id of the reply."""
        with translated("UpdateCase", f"case {case_id}", writes=True):
            reply = self._client.update_case(
                domainId=self._domain,
                caseId=case_id,
                fields=[{"id": field.id, "value": encode(field, value)} for field, value in values],
                performedBy={"customEntity": performed_by},
            )
            return check_success(reply)

    def batch_update_cases(
        self,
        case_ids: Sequence[CaseId],
        values: Sequence[tuple[Field, Value]],
        performed_by: str,
        client_token: str,
    ) -> BatchReply:
        """Set or clear the same values on every case; title, status and customer stand apart."""
        # These three cannot be in the list of fields (documented).
        top = {
            _TOP_LEVEL[field.id]: str(value) for field, value in values if field.id in _TOP_LEVEL
        }
        with translated("BatchUpdateCase", f"{len(case_ids)} cases", writes=True):
            reply = self._client.batch_update_case(
                domainId=self._domain,
                cases=[{"caseIdentifier": {"caseId": case_id}} for case_id in case_ids],
                fields=[
                    {"fieldIdentifier": {"id": field.id}, "value": encode(field, value)}
                    for field, value in values
                    if field.id not in _TOP_LEVEL
                ],
                performedBy={"customEntity": performed_by},
                clientToken=client_token,
                **top,
            )
            request_id = check_success(reply)
            failed = {
                _identified(item): (text(item, "errorCode"), text_if_any(item, "errorMessage"))
                for item in entries(reply, "failedCases")
            }
            done = {_identified(item) for item in entries(reply, "successfulCases")}
            if done & failed.keys() or done | failed.keys() != set(case_ids):
                raise BrokenReply("the reply does not tell of each case whether it was written")
        return BatchReply(request_id, failed)


def _identified(item: Reply) -> CaseId:
    return CaseId(text(member(item, "caseIdentifier"), "caseId"))


def _domain(item: Reply) -> DomainFacts:
    domain_id = text(item, "domainId")
    parts = text(item, "domainArn").split(":")
    region, account = (parts[3], parts[4]) if len(parts) > 5 else ("", "")
    return DomainFacts(domain_id, text(item, "name"), account, region)


def _is_known(item: Reply) -> bool:
    return text(item, "type") in _TYPES


def _field(item: Reply) -> Field:
    of_text = part(part(item, "attributes"), "text")
    return Field(
        id=FieldId(text(item, "fieldId")),
        name=text(item, "name"),
        type=FieldType(text(item, "type")),
        namespace=text(item, "namespace"),
        multiline=of_text.get("isMultiline") is not None and flag(of_text, "isMultiline"),
    )


def _rows(reply: Reply) -> list[Any]:
    """The rows of a search, whatever each of them is."""
    rows = member(reply, "cases")
    if not isinstance(rows, list):
        raise unreadable('"cases" of the reply is no list')
    return [row for row in rows if row is not None]


def _case_id(row: Any) -> CaseId:
    """Which case a row is about; what cannot be told stands for a case that nobody can name."""
    try:
        return CaseId(text(row, "caseId") or UNNAMED)
    except Unreadable:
        return UNNAMED


def _row(case_id: CaseId, row: Any, asked: Mapping[FieldId, Field], read_at: str) -> LiveCase:
    if case_id == UNNAMED:
        raise unreadable("the search index shows a case without a readable id")
    values = _values(row, asked)
    template_id = TemplateId(text(row, "templateId"))
    return LiveCase(case_id, template_id, values, texts(row, "tags"), read_at)


def _values(holder: Reply, asked: Mapping[FieldId, Field]) -> dict[FieldId, Value]:
    """The values of the fields that were asked for; listed twice, a field holds one value."""
    found: dict[FieldId, Value] = {}
    for item in entries(holder, "fields"):
        field = asked.get(FieldId(text(item, "id")))
        if field is None:
            continue
        value = decode(field, member(item, "value"))
        if field.id in found and found[field.id] != value:
            raise unreadable(f"field {field.name} is listed twice, with two values")
        found[field.id] = value
    # Absent, null and emptyValue are one: how an empty field is shown is not documented.
    return {field: value for field, value in found.items() if value is not None}
