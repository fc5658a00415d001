"""Who the caller is: the one operation of another service (STS) that account checks need."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from reconciler.sandbox.arns import Place
from reconciler.sandbox.errors import ServiceError
from reconciler.sandbox.wire import Reply

_ANSWER = """\
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>{arn}</Arn>
    <UserId>AIDASANDBOXSANDBOX00</UserId>
    <Account>{account}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>{request_id}</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
"""


def is_identity_request(method: str, target: str, headers: Mapping[str, str]) -> bool:
    """Whether a request speaks the form protocol of STS."""
    is_form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return method == "POST" and target == "/" and is_form


def caller_identity(body: bytes, place: Place, request_id: str) -> Reply:
    """The sandbox's account and the one identity that all its callers have."""
    action = parse_qs(body.decode("utf-8", "replace")).get("Action")
    if action != ["GetCallerIdentity"]:
        raise ServiceError("InvalidAction", "the sandbox implements only GetCallerIdentity")
    text = _ANSWER.format(arn=place.principal, account=place.account, request_id=request_id)
    return Reply(status=200, body=text.encode(), headers={"content-type": "text/xml"})
