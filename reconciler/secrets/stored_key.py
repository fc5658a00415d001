"""The seal key where AWS keeps it: RECONCILE_SEAL_KEY as ssm:/path or secretsmanager:name."""

import re
from collections.abc import Mapping
from functools import lru_cache
from threading import Event

from reconciler.clock import SystemClock
from reconciler.errors import CallError, ReconcilerError
from reconciler.model.calls import CallCounts
from reconciler.service.calling import Caller, Paces

_PLACE = re.compile(r"(ssm|secretsmanager):(.*)", re.DOTALL)
_NAME = {
    "ssm": re.compile(r"/[A-Za-z0-9_./-]{1,1000}"),
    "secretsmanager": re.compile(r"[A-Za-z0-9/_+=.@:-]{1,2048}"),
}
_EXPECTED = "ssm:/path of a parameter, secretsmanager:name of a secret, or any other long text"


def looked_up(given: str, variable: str, environment: Mapping[str, str] | None) -> str:
    """The key itself, which is `given` unless that names a place; read once a process.

    ReconcilerError where there is no key at the place, or it cannot be read.
    """
    place = _PLACE.fullmatch(given)
    if place is None:
        return given
    if not _NAME[place[1]].fullmatch(place[2]):
        raise ReconcilerError(
            f"{variable}: found a name that no {place[1]} has, expected {_EXPECTED}"
        )
    found = None if environment is None else tuple(sorted(environment.items()))
    return _read(place[1], place[2], variable, found)


@lru_cache(maxsize=8)
def _read(
    kind: str, name: str, variable: str, environment: tuple[tuple[str, str], ...] | None
) -> str:
    from reconciler.service.aws.secret_session import PARAMETERS, SECRETS, SecretSession

    about = f"{variable} {kind}:{name}"
    clock = SystemClock()
    keeper = PARAMETERS if kind == "ssm" else SECRETS
    session = SecretSession(keeper, about, None if environment is None else dict(environment))
    caller = Caller(clock, Paces(clock, None, 1.0), Event(), CallCounts())
    try:
        key = caller.call(keeper.api, lambda: session.read(name)).strip()
    except CallError as error:
        raise ReconcilerError(
            f"{about}: no key can be read: {error}",
            f"the run's own credentials need {kind}:{keeper.api} on it; README has the statement",
        ) from error
    if not key:
        raise ReconcilerError(f"{about}: found an empty text, expected a key")
    return key
