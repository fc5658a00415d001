"""Sign the files that this program leaves, and find out who vouches for those that it is given.

With RECONCILE_SEAL_KEY set, a file without its right HMAC is refused. Without it a file is taken
by its digest, which anybody can make; the key that this machine made for itself then only tells
whether what a file says about itself may be believed.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from reconciler.config.model import Config
from reconciler.errors import PlanMisfit, ReconcilerError
from reconciler.files.canonical import Data
from reconciler.secrets.key import VARIABLE, Use, kept_key, seal_key, shared_key
from reconciler.secrets.signing import SIGNATURE, is_signed, signed, unsigned


def signed_here(data: Mapping[str, Any], config: Config) -> Data:
    """The data as it is saved: with an HMAC where a key is set, or where a guard needs one later.

    A machine that can keep no key leaves it out: that is told by the guard, when it matters, and
    never ends a run that has written.
    """
    key = shared_key(Use.FILES, config.environment)
    if key is None and _believes(config):
        with suppress(OSError, ReconcilerError):
            key = seal_key(config.state, Use.FILES, config.environment)
    return signed(data, key)


def checked(
    path: Path,
    data: Mapping[str, Any],
    what: str,
    config: Config | None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Data, bool]:
    """The data without its HMAC, and whether a key of ours vouches for it.

    The key is looked for in the config's environment; without a config in the one given, or in
    that of the process.
    """
    environment = config.environment if config else environment
    bare, key = unsigned(data), shared_key(Use.FILES, environment)
    if key is None and not _looks_like_one(data.get(SIGNATURE, "0" * 64)):
        said = f"{path}: its `{SIGNATURE}` is none, so that no {VARIABLE} has made it"
        raise PlanMisfit(f"{said}; make the {what} anew")
    if key is not None:
        if not is_signed(data, key):
            found = "another HMAC" if SIGNATURE in data else "no HMAC"
            raise PlanMisfit(
                f"{path}: found {found}, expected that of {VARIABLE}: the {what} was changed, or "
                f"made without this key; make it anew where the key is set, or, if you trust the "
                f"file, unset {VARIABLE}"
            )
        return bare, True
    if config is None or SIGNATURE not in data or not _believes(config):
        return bare, False
    # Never made here: a new key vouches for nothing.
    key = kept_key(config.state, Use.FILES)
    return bare, key is not None and is_signed(data, key)


def _looks_like_one(signature: object) -> bool:
    return isinstance(signature, str) and re.fullmatch("[0-9a-f]{64}", signature) is not None


def _believes(config: Config) -> bool:
    """Whether a guard rests on what a plan says of itself: its base, or whose its specs are."""
    return bool(config.owners) or any(
        target.limits.percent is not None for target in config.targets.values()
    )
