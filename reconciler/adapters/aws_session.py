"""Clients from the SDK's own credential chain (boto3's one door).

The SDK's retries are off: one layer retries, and it is ours, so that counts and pace are true.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from reconciler import __version__
from reconciler.adapters.cases_errors import translated
from reconciler.adapters.page_parser import PageParserFactory
from reconciler.errors import ReconcilerError
from reconciler.model.config import Target

CONNECTIONS = 32
CONNECT_SECONDS = 5
READ_SECONDS = 30

# The only operations that a client for planning will send, whatever it is asked.
READS = frozenset(
    {
        "GetCase",
        "SearchCases",
        "ListFields",
        "ListFieldOptions",
        "ListTemplates",
        "GetTemplate",
        "GetDomain",
        "ListDomains",
        "GetCaseAuditEvents",
    }
)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# For a stand-in: no profile and no settings, which might not even be there.
_NOTHING_OF_THIS_MACHINE = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class AwsSession:
    """One target's way into AWS; `endpoint` overrides the target's own (the embedded sandbox).

    A service on the loopback address is a stand-in: it is given made-up credentials, never real
    ones, and also answers for STS.
    """

    def __init__(self, target: Target, endpoint: str | None = None, region: str = "") -> None:
        self._target = target
        self._endpoint = endpoint or target.endpoint_url or _from_environment()
        host = urlsplit(self._endpoint).hostname if self._endpoint else None
        self._stand_in = host in _LOOPBACK
        self._region = target.region or region or ("us-west-2" if self._stand_in else None)
        with translated("session", f"target {target.name}"):
            self._session = self._open()
            factory = PageParserFactory()
            self._session._session.register_component("response_parser_factory", factory)

    def _open(self) -> Any:
        import boto3  # costs more to import than `validate` may take

        if self._stand_in:
            from botocore.session import Session

            return boto3.Session(
                botocore_session=Session(session_vars=_NOTHING_OF_THIS_MACHINE),
                aws_access_key_id="sandbox",
                aws_secret_access_key="sandbox",
                region_name=self._region,
            )
        session = boto3.Session(profile_name=self._target.profile, region_name=self._region)
        if self._target.role_arn:
            session = self._assumed(session, self._target.role_arn)
        if session.region_name is None:
            raise ReconcilerError(
                f"target {self._target.name}: no Region; write `region:` in reconcile.yaml or "
                "set AWS_REGION"
            )
        return session

    def _assumed(self, session: Any, role_arn: str) -> Any:
        """A session with the role's credentials, renewed by botocore before they expire."""
        import boto3
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
        from botocore.session import get_session

        source = session._session
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=source.create_client,
            source_credentials=source.get_credentials(),
            role_arn=role_arn,
            extra_args={"RoleSessionName": "reconcile"},
        )
        assumed = get_session()
        assumed._credentials = DeferredRefreshableCredentials(
            method="assume-role", refresh_using=fetcher.fetch_credentials
        )
        return boto3.Session(botocore_session=assumed, region_name=session.region_name)

    def _client(self, service: str, endpoint: str | None, *, checked: bool = True) -> Any:
        """`checked`: botocore looks at each request too before it is sent."""
        from botocore.config import Config

        config = Config(
            retries={"mode": "standard", "total_max_attempts": 1},
            max_pool_connections=CONNECTIONS,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            user_agent=f"reconcile/{__version__}",
            parameter_validation=checked,
        )
        with translated(service, f"target {self._target.name}"):
            return self._session.client(service, endpoint_url=endpoint, config=config)

    def reading_client(self) -> Any:
        """A Cases client that refuses to send anything but reads."""
        client = self._client("connectcases", self._endpoint, checked=False)
        client.meta.events.register("before-parameter-build.connectcases", _refuse_writes)
        return client

    def writing_client(self) -> Any:
        """A Cases client for apply."""
        return self._client("connectcases", self._endpoint)

    def quotas_client(self) -> Any:
        """A Service Quotas client."""
        if self._stand_in:
            raise ReconcilerError(
                f"target {self._target.name}: the local service has no Service Quotas; "
                "reconcile uses the documented defaults"
            )
        return self._client("service-quotas", None)

    def account(self) -> str:
        """The account that the credentials belong to, by STS."""
        client = self._client("sts", self._endpoint if self._stand_in else None)
        with translated("GetCallerIdentity", f"target {self._target.name}"):
            return str(client.get_caller_identity()["Account"])


def _from_environment() -> str | None:
    """The SDK's own variables for this service's endpoint, the narrower first."""
    return os.environ.get("AWS_ENDPOINT_URL_CONNECTCASES") or os.environ.get("AWS_ENDPOINT_URL")


def _refuse_writes(model: Any, **_: Any) -> None:
    if model.name not in READS:
        raise AssertionError(f"a planning client was asked to send {model.name}")
