"""The way to the bucket of the state: the run's base credentials, and whose the bucket must be."""

import os
import re
from collections.abc import Mapping
from typing import Any

from reconciler.config.hosts import aws_host_problem
from reconciler.config.model import BucketAddress, Target
from reconciler.errors import ReconcilerError
from reconciler.files.given_file import MAX_BYTES
from reconciler.service.aws.session import AwsSession

OWNER = "RECONCILE_STATE_OWNER"


class StateSession(AwsSession):
    """S3 by the SDK's own credentials, never by those of a target, whose role is for its cases."""

    service = variable = "s3"
    _most = MAX_BYTES  # a receipt holds its whole plan
    _how_region = "write s3://bucket/prefix?region=REGION"

    def __init__(
        self, address: BucketAddress, environment: Mapping[str, str] | None = None
    ) -> None:
        self._address = address
        target = Target(name=str(address), domain="", region=address.region)
        super().__init__(target, environment=environment)

    def _subject(self) -> str:
        return f"state {self._address}"

    def _host_problem(self, endpoint: str, region: str, allowed: frozenset[str]) -> str:
        return aws_host_problem(endpoint, allowed)

    @property
    def region(self) -> str:
        """The Region that is asked."""
        return str(self._session.region_name)

    def client(self) -> Any:
        """An S3 client."""
        return self._client("s3", self._endpoint)

    def owner(self) -> str:
        """The account that the bucket must belong to.

        It is that of the credentials, or the one that the environment names; a config, which a
        pull request can change, has no say in it.
        """
        variables = os.environ if self._environment is None else self._environment
        named = variables.get(OWNER, "").strip()
        if not named:
            return self.account()
        if not re.fullmatch("[0-9]{12}", named):
            raise ReconcilerError(
                f"{OWNER}: found {named!r}, expected the 12 digits of an AWS account"
            )
        return named
