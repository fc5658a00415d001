"""This account's own quotas of the Cases calls, from Service Quotas (an optional permission)."""

import re
from typing import Any

from reconciler.config.model import Rate
from reconciler.errors import ReconcilerError
from reconciler.service.aws.errors import translated

SERVICE = "cases"
MOST_PAGES = 50
# The quotas of a call come in pairs: "GetCase rate quota" and "GetCase burst quota".
_NAME = re.compile(r"([A-Za-z]+) (rate|burst) quota")


def account_quotas(client: Any) -> dict[str, Rate]:
    """Rate and burst by API, for every API that Service Quotas has both of."""
    found: dict[str, dict[str, float]] = {}
    token: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        with translated("ListServiceQuotas", "Amazon Connect Cases"):
            reply = client.list_service_quotas(ServiceCode=SERVICE, MaxResults=100, **token)
        for quota in reply["Quotas"]:
            # There are quotas of resources in the same list (Domains, Fields per domain).
            name = _NAME.fullmatch(quota.get("QuotaName", ""))
            if name is not None:
                found.setdefault(name[1], {})[name[2]] = float(quota["Value"])
        if not reply.get("NextToken"):
            return {
                api: Rate(pair["rate"], int(pair["burst"]))
                for api, pair in sorted(found.items())
                if pair.keys() == {"rate", "burst"}
            }
        token = {"NextToken": reply["NextToken"]}
    raise ReconcilerError("the list of quotas does not end")
