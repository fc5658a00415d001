"""The one host more that the environment, never the config, lets be asked."""

import os

from reconciler.config.hosts import ALLOW, allowed_hosts


def allowed_endpoints() -> frozenset[str]:
    """What RECONCILE_ALLOW_ENDPOINT names."""
    return allowed_hosts(os.environ.get(ALLOW, ""))
