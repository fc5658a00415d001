"""Amazon resource names: how domains, cases, fields and templates are called in full."""

import re
from dataclasses import dataclass

from reconciler.sandbox.errors import SandboxError

ACCOUNT = "111122223333"
REGION = "us-west-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The account and Region that resource names carry."""

    account: str = ACCOUNT
    region: str = REGION

    @classmethod
    def of(cls, account: str, region: str, told: "Told") -> "Place":
        """Where a row says it is; what it leaves open is as told, or the usual one."""
        return cls(
            account=account or told.account or ACCOUNT, region=region or told.region or REGION
        )

    def domain(self, domain_id: str) -> str:
        """The name of a domain."""
        return f"arn:aws:cases:{self.region}:{self.account}:domain/{domain_id}"

    def within(self, domain_id: str, kind: str, resource_id: str) -> str:
        """The name of something inside a domain: a case, field or template."""
        return f"{self.domain(domain_id)}/{kind}/{resource_id}"

    @property
    def principal(self) -> str:
        """The identity every caller of the sandbox has."""
        return f"arn:aws:iam::{self.account}:user/sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The account and Region that somebody asked for; empty where nobody did."""

    account: str = ""
    region: str = ""

    def __post_init__(self) -> None:
        if self.account and not re.fullmatch("[0-9]{12}", self.account):
            raise SandboxError(f"an account has 12 digits, unlike {self.account!r}")
        if self.region and not re.fullmatch("[a-z]{2,}(-[a-z]+)+-[0-9]+", self.region):
            raise SandboxError(f"a Region is written as us-west-2, unlike {self.region!r}")


NOBODY = Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceName:
    """A resource name taken apart; `kind` is "domain" for the domain itself."""

    region: str
    account: str
    domain_id: str
    kind: str
    resource_id: str


def parse_arn(text: str) -> ResourceName | None:
    """Take a resource name apart; None when it names nothing of this service."""
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or parts[2] != "cases":
        return None
    # A case id may itself hold slashes, so only the first three are separators.
    path = parts[5].split("/", 3)
    if path[0] != "domain" or len(path) not in (2, 4) or not all(path):
        return None
    kind, resource_id = (path[2], path[3]) if len(path) == 4 else ("domain", path[1])
    return ResourceName(
        region=parts[3], account=parts[4], domain_id=path[1], kind=kind, resource_id=resource_id
    )
