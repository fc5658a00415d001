"""The fields of every domain that have a meaning of their own here."""

from reconciler.model.value import FieldId

TITLE = FieldId("title")
UPDATED_AT = FieldId("last_updated_datetime")
UPDATED_BY = FieldId("last_updated_user")
REFERENCE = FieldId("reference_number")

# What a case can be named by beside its id.
REFERENCE_FIELDS = (REFERENCE, FieldId("reference_id"))

# System fields whose data comes from the service itself. AWS publishes no list of them; these
# are the ones its administrator guide says are filled by Connect.
READ_ONLY = frozenset(
    {
        "case_id",
        "created_datetime",
        "created_by",
        "last_updated_datetime",
        "last_updated_user",
        "last_closed_datetime",
        "last_reopened_datetime",
        "next_sla_breach_datetime",
    }
)
