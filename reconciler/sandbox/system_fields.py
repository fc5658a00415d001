"""The fields every domain has from the start, and which of them a caller may write."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemField:
    """One built-in field; `limit` is the longest text it takes."""

    field_id: str
    name: str
    type: str
    description: str
    writable: bool = False
    multiline: bool = False
    limit: int = 500


STATUS = "status"
CLOSED = "closed"
BUILT_IN_STATUSES = (("open", "Open"), (CLOSED, "Closed"))

CASE_ID = "case_id"
REFERENCE_ID = "reference_id"
REFERENCE_NUMBER = "reference_number"
REFERENCES = (REFERENCE_NUMBER, REFERENCE_ID)

SYSTEM_FIELDS = {
    field.field_id: field
    for field in (
        SystemField(
            field_id=CASE_ID,
            name="Case Id",
            type="Text",
            description="Unique Identifier of the case",
        ),
        SystemField(
            field_id="title",
            name="Title",
            type="Text",
            description="Title of the case",
            writable=True,
        ),
        SystemField(
            field_id=STATUS,
            name="Status",
            type="SingleSelect",
            description="Current status of the case",
            writable=True,
        ),
        SystemField(
            field_id="summary",
            name="Summary",
            type="Text",
            description="Summary of the case",
            writable=True,
            multiline=True,
            limit=3000,
        ),
        SystemField(
            field_id="case_reason",
            name="Case Reason",
            type="SingleSelect",
            description="Reason for opening the case",
            writable=True,
        ),
        SystemField(
            field_id="assigned_queue",
            name="Assigned queue",
            type="Text",
            description="Queue the case is assigned to",
            writable=True,
        ),
        SystemField(
            field_id="assigned_user",
            name="Assigned user",
            type="Text",
            description="User the case is assigned to",
            writable=True,
        ),
        SystemField(
            field_id="customer_id",
            name="Customer",
            type="Text",
            description="Customer profile of the case",
            writable=True,
        ),
        SystemField(
            field_id=REFERENCE_NUMBER,
            name="Reference number",
            type="Text",
            description="Friendly number of the case",
            limit=50,
        ),
        SystemField(
            field_id=REFERENCE_ID,
            name="Reference ID",
            type="Text",
            description="Friendly identifier of the case, unique in the domain",
            limit=50,
        ),
        SystemField(
            field_id="created_datetime",
            name="Date/Time Opened",
            type="DateTime",
            description="When the case was opened",
        ),
        SystemField(
            field_id="last_updated_datetime",
            name="Date/Time Updated",
            type="DateTime",
            description="When the case was last updated",
        ),
        SystemField(
            field_id="last_closed_datetime",
            name="Date/Time Closed",
            type="DateTime",
            description="When the case was last closed",
        ),
        SystemField(
            field_id="last_reopened_datetime",
            name="Date/Time Reopened",
            type="DateTime",
            description="When the case was last reopened",
        ),
        SystemField(
            field_id="next_sla_breach_datetime",
            name="Next SLA Breach",
            type="DateTime",
            description="When the next service level of the case is missed",
        ),
        SystemField(
            field_id="last_updated_user",
            name="Last Updated User",
            type="User",
            description="Who last updated the case",
        ),
        SystemField(
            field_id="created_by",
            name="Created By",
            type="User",
            description="Who created the case",
        ),
    )
}
