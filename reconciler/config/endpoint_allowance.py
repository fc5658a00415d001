"""The one host more that the environment, never the config, lets be asked."""

import os
from collections.abc import Mapping

from reconciler.config.hosts import ALLOW, allowed_hosts


def allowed_endpoints(environment: Mapping[str, str] | None = None) -> frozenset[str]:
    """What RECONCILE_ALLOW_ENDPOINT names; without an environment, in that of the process."""
    return allowed_hosts((os.environ if environment is None else environment).get(ALLOW, ""))
