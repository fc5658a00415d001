"""Lanes: accounts and Regions, since the targets in one share their quotas."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.config.model import Rate, Target
from reconciler.service.quotas import quotas_with

UNPINNED = "unpinned"
_ACCOUNT = re.compile(r"arn:[a-z0-9-]+:iam::([0-9]{12}):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What reconcile may call in one account and Region, whichever of its targets it is for.

    Two shares of one quota cannot both be kept to, so that the smallest holds for all.
    """

    name: str
    targets: tuple[str, ...]
    quotas: Mapping[str, Rate]
    share: float


def lane_of(target: Target) -> str:
    """The lane of a target; what does not say where it is shares one with all that do not.

    The account is that of the pin, else of the role; an unknown one might be any of the others.
    """
    role = _ACCOUNT.match(target.role_arn or "")
    account = target.account or (role[1] if role else None)
    return f"{account}/{target.region}" if account and target.region else UNPINNED


def is_paced(target: Target) -> bool:
    """Whether a target has quotas: the embedded sandbox has none but those the config gives it."""
    return target.sandbox is None or bool(target.quotas)


def lanes_of(targets: Iterable[Target]) -> dict[str, Lane]:
    """The lanes by name, in the order in which the targets name them."""
    members: dict[str, list[Target]] = {}
    for target in targets:
        members.setdefault(lane_of(target), []).append(target)
    return {
        name: Lane(
            name=name,
            targets=tuple(one.name for one in found),
            quotas=quotas_with(_stated(found)),
            share=min(one.share for one in [*filter(is_paced, found)] or found),
        )
        for name, found in members.items()
    }


def _stated(targets: Iterable[Target]) -> Mapping[str, Rate]:
    """The quotas that the targets of a lane state; the lowest where they disagree."""
    found: dict[str, Rate] = {}
    for target in targets:
        for api, rate in target.quotas.items():
            known = found.get(api, rate)
            found[api] = Rate(min(known.rate, rate.rate), min(known.burst, rate.burst))
    return found
