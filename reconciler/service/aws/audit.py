"""The audit history of cases through a boto3 client."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reconciler.errors import Unreadable
from reconciler.model.audit import AuditEvent, Recorded, RecordedChange, UnreadableValue
from reconciler.model.catalog import Field
from reconciler.model.value import CaseId, FieldId, instant, kind_of, spelled
from reconciler.service.aws.codec import decode, printable, untyped
from reconciler.service.aws.errors import translated
from reconciler.service.aws.replies import (
    Reply,
    entries,
    member,
    next_page,
    only_members,
    page_token,
    part,
    text,
    text_if_any,
    unreadable,
)
from reconciler.service.ports import Page

PAGE = 25  # events; the service model's maximum


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
    performed = part(item, "performedBy")
    # It may be missing: code that was written against the real service looks first.
    user = part(performed, "user")
    return AuditEvent(
        event_id=text(item, "eventId"),
        kind=text(item, "type"),
        at=_utc(member(item, "performedTime")),
        by=text_if_any(user, "userArn") or text_if_any(user, "customEntity"),
        principal=text_if_any(performed, "iamPrincipalArn"),
        changes=tuple(_change(one, fields) for one in entries(item, "fields")),
    )


def _change(item: Reply, fields: Mapping[str, Field]) -> RecordedChange:
    field_id = FieldId(text(item, "eventFieldId"))
    known = fields.get(field_id)
    # Optional in the service model: there is none before a first value.
    before = item.get("oldValue")
    return RecordedChange(
        field_id,
        None if before is None else _recorded(known, before),
        _recorded(known, member(item, "newValue")),
    )


def _recorded(field: Field | None, union: Any) -> Recorded:
    """The value of a field of the catalog; a field that is gone has no type to read it by."""
    try:
        return untyped(union) if field is None else decode(field, union)
    except Unreadable:
        return UnreadableValue(_described(union))


def _described(union: Any) -> str:
    """What an unknown union holds, by its members' names; their values may be secret."""
    try:
        return ", ".join(sorted(map(printable, only_members(union)))) or "nothing"
    except Unreadable:
        return kind_of(union)


def _utc(moment: Any) -> str:
    """A time as the wire has it: text, by the service model, or seconds since 1970."""
    found: str | None = None
    if isinstance(moment, str):
        found = instant(moment)
    elif isinstance(moment, int | float) and not isinstance(moment, bool):
        try:
            found = spelled(datetime.fromtimestamp(moment, UTC))
        except (ValueError, OverflowError, OSError):
            found = None
    if found is None:
        raise unreadable('"performedTime" of the reply is no time')
    return found
