"""The audit history of cases through a boto3 client."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reconciler.adapters.cases_codec import decode
from reconciler.adapters.cases_errors import BrokenReply, translated
from reconciler.adapters.replies import Reply, entries, member, next_page, page_token
from reconciler.errors import Unreadable
from reconciler.model.audit import AuditEvent, Illegible, Recorded, RecordedChange
from reconciler.model.catalog import Field
from reconciler.model.value import CaseId, FieldId, spelled
from reconciler.ports import Page

PAGE = 25  # events; the service model's maximum

_STRINGS = ("stringValue", "userArnValue")


class AwsAuditReader:
    """Reads the histories of one domain's cases."""

    def __init__(self, client: Any, domain_id: str) -> None:
        self._client = client
        self._domain = domain_id

    def get_case_audit_events(
        self, case_id: CaseId, fields: Mapping[str, Field], token: str
    ) -> Page[AuditEvent]:
        """One page of what happened to a case, in no order that is documented."""
        with translated("GetCaseAuditEvents", f"case {case_id}"):
            reply = self._client.get_case_audit_events(
                domainId=self._domain, caseId=case_id, maxResults=PAGE, **next_page(token)
            )
            events = tuple(_event(item, fields) for item in entries(reply, "auditEvents"))
            return Page(events, page_token(reply))


def _event(item: Reply, fields: Mapping[str, Field]) -> AuditEvent:
    performed = item.get("performedBy") or {}
    user = performed.get("user") or {}
    return AuditEvent(
        event_id=str(member(item, "eventId")),
        kind=str(member(item, "type")),
        at=_utc(member(item, "performedTime")),
        by=str(user.get("userArn") or user.get("customEntity") or ""),
        principal=str(performed.get("iamPrincipalArn") or ""),
        changes=tuple(_change(one, fields) for one in entries(item, "fields")),
    )


def _change(item: Reply, fields: Mapping[str, Field]) -> RecordedChange:
    field_id = FieldId(member(item, "eventFieldId"))
    known = fields.get(field_id)
    before = item.get("oldValue")
    return RecordedChange(
        field_id,
        None if before is None else _recorded(known, before),
        _recorded(known, member(item, "newValue")),
    )


def _recorded(field: Field | None, union: Reply) -> Recorded:
    """The value of a field of the catalog; a field that is gone has no type to read it by."""
    if field is None:
        return _untyped(union)
    try:
        return decode(field, union)
    except Unreadable:
        return Illegible(_told(union))


def _untyped(union: Reply) -> Recorded:
    for name, value in union.items():
        if name in _STRINGS and isinstance(value, str):
            return value or None
        if name == "doubleValue":
            return float(value)
        if name == "booleanValue":
            return bool(value)
        if name == "emptyValue":
            return None
    return Illegible(_told(union))


def _told(union: Reply) -> str:
    """What an unknown union holds, by its members' names; their values may be secret."""
    return ", ".join(sorted(union)) or "nothing"


def _utc(moment: Any) -> str:
    if not isinstance(moment, datetime):
        raise BrokenReply('"performedTime" of the reply is not a time')
    return spelled(moment.astimezone(UTC))
