"""Read one secret that AWS keeps, with the run's own credentials: a parameter, or a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.config.hosts import aws_host_problem
from reconciler.config.model import Target
from reconciler.service.aws.errors import translated
from reconciler.service.aws.replies import text
from reconciler.service.aws.session import AwsSession


@dataclass(frozen=True, slots=True)
class Keeper:
    """One service that keeps secrets: its name for the SDK, and for variables of endpoints."""

    service: str
    variable: str
    api: str


PARAMETERS = Keeper("ssm", "ssm", "GetParameter")
SECRETS = Keeper("secretsmanager", "secrets_manager", "GetSecretValue")


class SecretSession(AwsSession):
    """The way to one secret; `about` is what messages call it."""

    _how_region = "write the Region of the secret into the AWS settings"

    def __init__(
        self, keeper: Keeper, about: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self._keeper = keeper
        self._about = about
        self.service = keeper.service
        self.variable = keeper.variable
        super().__init__(Target(name=about, domain=""), environment=environment)

    def _subject(self) -> str:
        return self._about

    def _host_problem(self, endpoint: str, region: str, allowed: frozenset[str]) -> str:
        return aws_host_problem(endpoint, allowed)

    def read(self, name: str) -> str:
        """What is kept under the name."""
        client: Any = self._client(self._keeper.service, self._endpoint)
        with translated(self._keeper.api, self._about):
            if self._keeper is PARAMETERS:
                reply = client.get_parameter(Name=name, WithDecryption=True)
                return text(reply["Parameter"], "Value")
            return text(client.get_secret_value(SecretId=name), "SecretString")
