"""The documented default quotas of the calls we make, per account and Region.

Where AWS's General Reference and its administrator guide disagree, the lower value stands here
(GetCase burst 15 and 10, UpdateCase burst 10 and 2). BatchUpdateCase is listed by neither: it is
taken to be as slow as UpdateCase.
"""

from collections.abc import Mapping

from reconciler.config.model import Rate

DEFAULT_QUOTAS: Mapping[str, Rate] = {
    "GetCase": Rate(4, 10),
    "UpdateCase": Rate(2, 2),
    "BatchUpdateCase": Rate(2, 2),
    "SearchCases": Rate(2, 10),
    "ListFields": Rate(2, 5),
    "ListFieldOptions": Rate(6, 15),
    "GetTemplate": Rate(6, 20),
    "ListTemplates": Rate(2, 10),
    "GetDomain": Rate(2, 5),
    "ListDomains": Rate(2, 5),
    "GetCaseAuditEvents": Rate(2, 10),
}


def quotas_with(own: Mapping[str, Rate]) -> Mapping[str, Rate]:
    """The defaults, with what the config says of this account in their place."""
    # All are adjustable, and older accounts may have lower ones, so the account's own word wins.
    return {**DEFAULT_QUOTAS, **own}
