"""The audit history of a case, in pages."""

from reconciler.sandbox import audit, case_rows
from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.presenting import with_nulls
from reconciler.sandbox.tokens import make_token, read_token


def get_case_audit_events(call: Call, params: Json) -> Json:
    """What happened to a case, newest first."""
    domain = call.domain(params["domainId"])
    case = case_rows.read(call, domain, params["caseId"])
    request = f"{call.operation} {domain.domain_id} {case.case_id}"
    before = read_token(params.get("nextToken"), request)
    size = params.get("maxResults", 25)
    limit = max(1, size - 1) if call.settings.sparse_nulls else size
    events, last = audit.history(call, case.key, before, limit)
    reply: Json = {"auditEvents": with_nulls(events, call.settings, size)}
    if last is not None:
        reply["nextToken"] = make_token(request, last)
    return reply
