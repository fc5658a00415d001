"""Read one target of the config."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reconciler.config.endpoint_allowance import allowed_endpoints
from reconciler.config.hosts import ALLOW, host_problem
from reconciler.config.model import Limits, Rate, Target
from reconciler.model.calls import APIS as APIS
from reconciler.model.diagnostic import quoted
from reconciler.model.guards import IN_CONFIG, Takes
from reconciler.model.source import Written
from reconciler.model.value import NUMBER
from reconciler.yaml.checks import Page, as_count, described, listed, nearest, position
from reconciler.yaml.reader import MapNode, Node

_ONLY_AWS = ("profile", "role_arn", "endpoint_url")
_KEYS = (
    "sandbox",
    "domain",
    "region",
    "account",
    *_ONLY_AWS,
    "quotas",
    "share",
    "limits",
    "sensitive",
    "windows",
    "after",
)
_LIMITS = tuple(one.facts.key for one in IN_CONFIG)
_RATE = ("rate", "burst")

# Key: the pattern of its text, the code when it does not fit, what was expected, what to do.
_TEXTS = {
    "region": (
        r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+",
        "bad-region",
        "an AWS Region",
        "write it as AWS does: us-west-2",
    ),
    "account": (
        r"[0-9]{12}",
        "bad-account",
        "an account id of 12 digits",
        'write all 12 digits, in quotes: "111122223333"',
    ),
    "role_arn": (
        r"arn:[a-z0-9-]+:iam::[0-9]{12}:role/\S+",
        "bad-role",
        "the ARN of a role",
        "write arn:aws:iam::<account>:role/<name>",
    ),
    "endpoint_url": (
        r"https?://[^\s/]\S*",
        "bad-url",
        "a URL that begins with http:// or https://",
        "write the whole URL, or remove the key to use AWS's own endpoint",
    ),
}

_UNSAID = Target(name="", domain="")


class TargetReader:
    """Reads the targets of one config."""

    def __init__(
        self, page: Page, root: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._page = page
        self._root = root
        self._environment = environment

    def read(self, name: str, node: Node) -> Target:
        """The target as far as it could be read."""
        mapping = self._page.mapping(node, "sandbox or region, and domain")
        if mapping is None:
            return Target(name=name, domain="")
        where = f"target `{name}`"
        self._page.only(mapping, _KEYS, where)
        self._one_kind(mapping, where)
        domain = self._page.name(
            self._page.required(mapping, "domain", where), "the name or id of a domain"
        )
        sandbox = self._text(mapping, "sandbox", "the path of a database file")
        return Target(
            name=name,
            domain="" if domain is None else domain.text,
            sandbox=None if sandbox is None else self._root / sandbox,
            region=self._patterned(mapping, "region"),
            account=self._patterned(mapping, "account"),
            profile=self._text(mapping, "profile", "the name of a profile"),
            role_arn=self._patterned(mapping, "role_arn"),
            endpoint_url=self._endpoint(mapping),
            quotas=self._quotas(mapping),
            share=self._share(mapping),
            limits=self._limits(mapping),
            sensitive=self._sensitive(mapping),
        )

    def _one_kind(self, mapping: MapNode, where: str) -> None:
        """A target is the embedded sandbox, or it is AWS."""
        if "sandbox" not in mapping.entries:
            if not mapping.entries.keys() & {"region", "profile"}:
                self._page.refuse(
                    position(mapping),
                    "missing-key",
                    f"found neither `sandbox` nor `region` in {where}, expected one of them",
                    "add `region:` (or a `profile:` that has one), or `sandbox:` to try things out",
                )
            return
        for key in _ONLY_AWS:
            if key in mapping.entries:
                self._page.refuse(
                    mapping.entries[key][:2],
                    "sandbox-and-aws",
                    f"found `{key}` beside `sandbox` in {where}, expected only one of them",
                    "make two targets of it",
                )

    def _text(self, mapping: MapNode, key: str, expected: str) -> str | None:
        if key not in mapping.entries:
            return None
        written = self._page.name(mapping.entries[key][2], expected)
        return None if written is None else written.text

    def _patterned(self, mapping: MapNode, key: str) -> str | None:
        pattern, code, expected, hint = _TEXTS[key]
        if key not in mapping.entries:
            return None
        written = self._page.text(mapping.entries[key][2], expected)
        if written is None:
            return None
        if not re.fullmatch(pattern, written.text):
            self._page.refuse(
                position(written), code, f"found {described(written)}, expected {expected}", hint
            )
            return None
        return written.text

    def _endpoint(self, mapping: MapNode) -> str | None:
        """A host that requests signed with real credentials may go to, and no other."""
        url = self._patterned(mapping, "endpoint_url")
        if url is None or "sandbox" in mapping.entries:
            return url
        region = mapping.entries["region"][2] if "region" in mapping.entries else None
        named = region.text if isinstance(region, Written) else None
        refused = host_problem(url, named, allowed_endpoints(self._environment))
        if refused:
            self._page.refuse(
                mapping.entries["endpoint_url"][:2],
                "endpoint-not-allowed",
                refused,
                "remove the key to use AWS's own endpoint; a host of yours has to be named as "
                f"host[:port] in the environment variable {ALLOW}",
            )
        return url

    def _share(self, mapping: MapNode) -> float:
        if "share" not in mapping.entries:
            return _UNSAID.share
        node = mapping.entries["share"][2]
        share = _number(node)
        if share is None or not 0 < share <= 1:
            self._refuse_value(
                node, "bad-share", "a number above 0 and at most 1", "write `share: 0.8`"
            )
            return 1.0
        return share

    def _quotas(self, mapping: MapNode) -> dict[str, Rate]:
        if "quotas" not in mapping.entries:
            return {}
        quotas = self._page.mapping(mapping.entries["quotas"][2], "a quota for each operation")
        if quotas is None:
            return {}
        found = {}
        for api, (line, column, node) in quotas.entries.items():
            if api not in APIS:
                self._page.refuse(
                    (line, column),
                    "unknown-operation",
                    f"found {quoted(api)}, expected {listed(APIS)}",
                    nearest(api, APIS, "remove it: reconcile does not call it"),
                )
            rate = self._rate(node)
            if rate is not None:
                found[api] = rate
        return found

    def _rate(self, node: Node) -> Rate | None:
        mapping = self._page.mapping(node, "rate and burst")
        if mapping is None:
            return None
        self._page.only(mapping, _RATE, "a quota")
        given_rate, given_burst = (self._page.required(mapping, key, "a quota") for key in _RATE)
        rate, burst = _number(given_rate), as_count(given_burst)
        if given_rate is not None and (rate is None or rate <= 0):
            self._refuse_value(
                given_rate, "bad-quota", "calls per second above 0", "write `rate: 2`"
            )
        if given_burst is not None and not burst:
            self._refuse_value(
                given_burst, "bad-quota", "a whole number of calls from 1", "write `burst: 2`"
            )
        return Rate(rate, burst) if rate and burst else None

    def _limits(self, mapping: MapNode) -> Limits:
        if "limits" not in mapping.entries:
            return _UNSAID.limits
        limits = self._page.mapping(
            mapping.entries["limits"][2], f"the guards' numbers: {', '.join(_LIMITS)}"
        )
        if limits is None:
            return _UNSAID.limits
        self._page.only(limits, _LIMITS, "limits")
        read = {
            Takes.COUNT: self._count,
            Takes.PERCENT: self._percent,
            Takes.COUNT_OF_FIELD: self._field_limits,
        }
        found = {one.facts.key: read[one.facts.takes](limits, one.facts.key) for one in IN_CONFIG}
        given: dict[str, Any] = {key: most for key, most in found.items() if most is not None}
        return replace(_UNSAID.limits, **given)

    def _count(self, mapping: MapNode, key: str) -> int | None:
        entry = mapping.entries.get(key)
        if entry is None:
            return None
        count = as_count(entry[2])
        if count is None:
            self._refuse_value(
                entry[2], "bad-limit", "a whole number from 0", "write a number, such as 100"
            )
        return count

    def _percent(self, limits: MapNode, key: str) -> float | None:
        entry = limits.entries.get(key)
        if entry is None:
            return None
        percent = _number(entry[2])
        if percent is None or not 0 <= percent <= 100:
            self._refuse_value(
                entry[2], "bad-limit", "a number from 0 to 100", f"write `{key}: 30`"
            )
        return percent

    def _field_limits(self, limits: MapNode, key: str) -> dict[str, int]:
        entry = limits.entries.get(key)
        fields = None if entry is None else self._page.mapping(entry[2], "a number for each field")
        if fields is None:
            return {}
        found = {}
        for name, (line, column, _) in fields.entries.items():
            good = self._page.good_key(name, (line, column), "the id or the name of a field")
            count = self._count(fields, name)
            if good and count is not None:
                found[name] = count
        return found

    def _sensitive(self, mapping: MapNode) -> frozenset[str]:
        if "sensitive" not in mapping.entries:
            return frozenset()
        expected = "the ids or the names of fields"
        listing = self._page.listing(mapping.entries["sensitive"][2], expected)
        items = () if listing is None else listing.items
        names = [self._page.name(item, "the id or the name of a field") for item in items]
        return frozenset(name.text for name in names if name is not None)

    def _refuse_value(self, node: Node, code: str, expected: str, hint: str) -> None:
        if node is not None:
            self._page.refuse(
                position(node), code, f"found {described(node)}, expected {expected}", hint
            )


def _number(node: Node) -> float | None:
    """A plain finite number as JSON writes it; None for anything else."""
    if isinstance(node, Written) and node.plain and NUMBER.fullmatch(node.text):
        number = float(node.text)
        return number if math.isfinite(number) else None
    return None
