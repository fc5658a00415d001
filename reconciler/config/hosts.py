"""Which hosts may be asked, and with whose credentials.

The config can be changed by a pull request, and requests are signed with real credentials: so an
endpoint is a host of AWS's own, this machine, or one that the environment names.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

ALLOW = "RECONCILE_ALLOW_ENDPOINT"

# One pattern decides what an address is, so that no two readers can take it for two hosts: no
# name or password, no query, no fragment, no backslash, no character that is not plain.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/[A-Za-z0-9._~/-]*)?",
    re.ASCII | re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}

# By partition: its Regions, the suffix of its hosts, and of those that have IPv6 addresses too.
# A test holds this against the endpoint rules of botocore.
_PARTITIONS = (
    (r"(?:us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+", "amazonaws.com", "api.aws"),
    (r"cn-\w+-\d+", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    (r"eusc-de-\w+-\d+", "amazonaws.eu", "api.amazonwebservices.eu"),
    (r"us-iso-\w+-\d+", "c2s.ic.gov", "api.aws.ic.gov"),
    (r"us-isob-\w+-\d+", "sc2s.sgov.gov", "api.aws.scloud"),
    (r"eu-isoe-\w+-\d+", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    (r"us-isof-\w+-\d+", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    (r"us-gov-\w+-\d+", "amazonaws.com", "api.aws"),
)
_ANY_REGION = r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an address leads: a scheme, a host in small letters, and a port."""

    scheme: str
    host: str
    port: int

    @property
    def on_this_machine(self) -> bool:
        """Whether it is a loopback address, and nothing that only looks like one."""
        # Only these words: any other name might resolve to somebody else by the time it is asked.
        if self.host in ("localhost", "[::1]"):
            return True
        try:
            return IPv4Address(self.host).is_loopback
        except AddressValueError:
            return False

    def __str__(self) -> str:
        usual = self.port == _PORTS[self.scheme]
        return self.host if usual else f"{self.host}:{self.port}"


def endpoint_of(url: str) -> Endpoint | None:
    """What an address means; None when it is not a plain one."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    scheme = found["scheme"].lower()
    port = int(found["port"]) if found["port"] else _PORTS[scheme]
    return Endpoint(scheme, found["host"].lower(), port) if 0 < port < 65_536 else None


def is_on_this_machine(url: str) -> bool:
    """Whether an address is a loopback one: a stand-in, which gets made-up credentials."""
    endpoint = endpoint_of(url)
    return endpoint is not None and endpoint.on_this_machine


def host_problem(url: str, region: str | None, allowed: Collection[str]) -> str:
    """Why this address may not be asked for cases of a Region; empty when it may."""
    endpoint = endpoint_of(url)
    if endpoint is None:
        return "found no plain address, expected http(s)://host[:port] and nothing more"
    if endpoint.on_this_machine or _is_allowed(endpoint, allowed):
        return ""
    if endpoint.scheme == "http":
        return (
            f"found plain http to {endpoint.host}, expected https: requests are signed with real "
            "credentials"
        )
    if endpoint.port == _PORTS["https"] and _is_cases_of(endpoint.host, region):
        return ""
    return (
        f"found the host {endpoint}, expected one of Amazon Connect Cases in "
        f"{region or 'the Region of the target'}"
    )


def is_of_aws(url: str, allowed: Collection[str]) -> bool:
    """Whether an address of another service leads to AWS itself, or where the environment says."""
    endpoint = endpoint_of(url)
    if endpoint is None:
        return False
    if _is_allowed(endpoint, allowed):
        return True
    suffixes = tuple(f".{each}" for _, *pair in _PARTITIONS for each in pair)
    return endpoint.scheme == "https" and endpoint.host.endswith(suffixes)


def aws_host_problem(url: str, allowed: Collection[str]) -> str:
    """Why credentials may not go to such an address, beside a loopback one; empty when they may."""
    if is_of_aws(url, allowed):
        return ""
    return f"found {url!r}, expected https to a host of AWS, or a loopback address"


def allowed_hosts(text: str) -> frozenset[str]:
    """The hosts in a comma list of host[:port], in small letters."""
    return frozenset(part.strip().lower() for part in text.split(",") if part.strip())


def cases_hosts(region: str) -> frozenset[str]:
    """The hosts of the service in a Region: usual or FIPS, with IPv6 or without."""
    return frozenset(
        f"{name}.{region}.{suffix}"
        for pattern, *suffixes in _PARTITIONS
        if re.fullmatch(pattern, region, re.ASCII)
        for suffix in suffixes
        for name in ("cases", "cases-fips")
    )


def _is_cases_of(host: str, named: str | None) -> bool:
    """Of the Region that is named, or of any where none is."""
    region = _ANY_REGION if named is None else re.escape(named)
    # An interface endpoint of somebody's VPC is within AWS, and has a name of its own.
    if re.fullmatch(rf"vpce-[a-z0-9-]+\.cases\.{region}\.vpce\.amazonaws\.com", host):
        return True
    found = re.match(rf"cases(?:-fips)?\.({region})\.", host)
    return found is not None and host in cases_hosts(found[1])


def _is_allowed(endpoint: Endpoint, allowed: Collection[str]) -> bool:
    """An entry without a port means the usual one of the scheme."""
    with_port = f"{endpoint.host}:{endpoint.port}"
    usual = endpoint.port == _PORTS[endpoint.scheme]
    return with_port in allowed or (usual and endpoint.host in allowed)
