"""Clients from the SDK's own credential chain (boto3's one door).

The SDK's retries are off: one layer retries, and it is ours, so that counts and pace are true.
"""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reconciler import __version__
from reconciler.config.endpoint_allowance import allowed_endpoints
from reconciler.config.hosts import ALLOW, host_problem, is_of_aws, is_on_this_machine
from reconciler.config.model import Target
from reconciler.errors import ReconcilerError
from reconciler.service.aws.bounded_http import EXCHANGE_SECONDS, MOST_BYTES, bound
from reconciler.service.aws.credentials import CarefulCredentials, settings_of
from reconciler.service.aws.errors import translated
from reconciler.service.aws.page_parser import PageParserFactory
from reconciler.service.aws.replies import text

CONNECTIONS = 32
CONNECT_SECONDS = 5
# Of the services that hand out credentials, which the SDK itself asks; it asks them again.
CREDENTIAL_ATTEMPTS = 2

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
# Other services that requests signed with real credentials may go to.
_OTHERS = ("sts", "service-quotas", "sso", "sso-oidc", "signin")
# For a stand-in: no profile and no settings, which might not even be there.
_NOTHING_OF_THIS_MACHINE = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


@cache
def _descriptions(folders: str | None) -> Any:
    """The SDK's descriptions of services and endpoints, read once a process and not once a
    session: they are a third of the time that it takes to reach another target (measured)."""
    from botocore.loaders import create_loader

    return create_loader(folders)


class AwsSession:
    """One target's way into AWS; `endpoint` overrides the target's own (the embedded sandbox).

    A service on the loopback address is a stand-in: it is given made-up credentials, never real
    ones, is asked whatever proxies are set, and also answers for STS. Any other host has to be one
    of AWS's own, or be allowed by the environment, before anything is sent to it.
    """

    service = variable = "connectcases"  # as the SDK calls it, and in AWS_ENDPOINT_URL_...
    _most = MOST_BYTES
    _how_region = "write `region:` in reconcile.yaml"

    def __init__(
        self,
        target: Target,
        endpoint: str | None = None,
        region: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._environment = environment
        self._target = target
        # The SDK for Python knows AWS_DEFAULT_REGION alone; what sets the other means it too.
        self._region = target.region or region or os.environ.get("AWS_REGION") or None
        self.about = self._subject()
        self._endpoint = endpoint or target.endpoint_url or _from_environment(self.variable)
        with settings_of(self.about), translated("session", self.about):
            session = None
            if self._endpoint is None:
                session = self._of_this_machine()
                self._endpoint = _configured(session, self.service)
            self._stand_in = self._endpoint is not None and is_on_this_machine(self._endpoint)
            if self._stand_in:
                self._session = self._for_stand_in()
            else:
                self._session = self._real(session or self._of_this_machine())
            inner = self._session._session
            inner.register_component("response_parser_factory", PageParserFactory())
            folders = inner.get_config_variable("data_path")
            inner.register_component("data_loader", _descriptions(folders))

    def _subject(self) -> str:
        """What messages call that which is reached."""
        return f"target {self._target.name}"

    def _host_problem(self, endpoint: str, region: str, allowed: frozenset[str]) -> str:
        """Why real credentials may not go there; empty when they may."""
        return host_problem(endpoint, region, allowed)

    def _for_stand_in(self) -> Any:
        import boto3
        from botocore.session import Session

        return boto3.Session(
            botocore_session=Session(session_vars=_NOTHING_OF_THIS_MACHINE),
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            region_name=self._region or "us-west-2",
        )

    def _of_this_machine(self) -> Any:
        """A session with the machine's own settings, which has not read credentials yet."""
        import boto3  # costs more to import than `validate` may take
        from botocore.config import Config

        session = boto3.Session(profile_name=self._target.profile, region_name=self._region)
        if session.region_name is None:
            raise ReconcilerError(f"{self.about}: no Region; {self._how_region} or set AWS_REGION")
        # A Region becomes a part of the host that credentials are sent to.
        if not re.fullmatch(r"[a-z0-9-]+", session.region_name):
            raise ReconcilerError(
                f"{self.about}: found the Region {session.region_name!r} in the "
                "environment or the shared AWS config, expected a name such as us-west-2"
            )
        session._session.set_default_client_config(
            Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=EXCHANGE_SECONDS,
                retries={"mode": "standard", "total_max_attempts": CREDENTIAL_ATTEMPTS},
            )
        )
        return session

    def _real(self, session: Any) -> Any:
        """The session with real credentials, once it is certain where they would go."""
        about, allowed = self.about, allowed_endpoints(self._environment)
        if self._endpoint is not None:
            refused = self._host_problem(self._endpoint, session.region_name, allowed)
            if refused:
                raise ReconcilerError(f"{about}: the endpoint is not allowed: {refused}; {HOW}")
        for service in _OTHERS:
            url = _configured(session, service)
            if url is not None and not is_of_aws(url, allowed):
                raise ReconcilerError(
                    f"{about}: the endpoint of {service} that the environment or the shared "
                    f"AWS config sets is not allowed: found {url!r}, expected https to a host of "
                    f"AWS; {HOW}"
                )
        _check_bundle(session, about)
        if self._target.role_arn:
            session = self._assumed(session, self._target.role_arn)
        inner = session._session
        inner._credentials = CarefulCredentials(inner.get_credentials, about)
        return session

    def _assumed(self, session: Any, role_arn: str) -> Any:
        """A session with the role's credentials, renewed by botocore before they expire."""
        import boto3
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
        from botocore.session import get_session

        source = session._session
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=source.create_client,
            source_credentials=CarefulCredentials(source.get_credentials, self.about),
            role_arn=role_arn,
            extra_args={"RoleSessionName": "reconcile"},
        )
        assumed = get_session()
        assumed.set_config_variable("profile", self._target.profile)
        assumed._credentials = DeferredRefreshableCredentials(
            method="assume-role", refresh_using=fetcher.fetch_credentials
        )
        return boto3.Session(botocore_session=assumed, region_name=session.region_name)

    def _client(self, service: str, endpoint: str | None, *, checked: bool = True) -> Any:
        """`checked`: botocore looks at each request too before it is sent."""
        from botocore.config import Config

        config = Config(
            # Said outright, since botocore changed its defaults: legacy with 5 attempts in 1.43,
            # standard with 3 in 1.44 (verified).
            retries={"mode": "standard", "total_max_attempts": 1},
            max_pool_connections=CONNECTIONS,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=EXCHANGE_SECONDS,
            user_agent=f"reconcile/{__version__}",
            parameter_validation=checked,
            proxies={} if self._stand_in else None,
            # A stand-in has one address, not one for each bucket.
            s3={"addressing_style": "path"} if self._stand_in else None,
        )
        with settings_of(self.about), translated(service, self.about):
            made = self._session.client(service, endpoint_url=endpoint, config=config)
            return bound(made, most=self._most)

    def reading_client(self) -> Any:
        """A Cases client that refuses to send anything but reads."""
        # Unchecked: the codec makes these requests, and botocore's check finds neither a length nor
        # a count (221 fields and 5,000 characters went out when it was tried).
        client = self._client("connectcases", self._endpoint, checked=False)
        # Before anything is built or signed; what raises here ends the call.
        client.meta.events.register("before-parameter-build.connectcases", _refuse_writes)
        return client

    def writing_client(self) -> Any:
        """A Cases client for apply."""
        return self._client("connectcases", self._endpoint)

    def quotas_client(self) -> Any:
        """A Service Quotas client."""
        if self._stand_in:
            raise ReconcilerError(
                f"{self.about}: the local service has no Service Quotas; "
                "reconcile uses the documented defaults"
            )
        return self._client("service-quotas", None)

    def _own_endpoint(self, service: str) -> str | None:
        """Where a stand-in answers for another service too; None for AWS's own."""
        return self._endpoint if self._stand_in else None

    def account(self) -> str:
        """The account that the credentials belong to, by STS."""
        client = self._client("sts", self._own_endpoint("sts"))
        with translated("GetCallerIdentity", self.about):
            return text(client.get_caller_identity(), "Account")


HOW = f"where it is right, name it as host[:port] in the environment variable {ALLOW}"


def _from_environment(service: str) -> str | None:
    """The SDK's own variables for this service's endpoint, the narrower first."""
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    return os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}") or os.environ.get(
        "AWS_ENDPOINT_URL"
    )


def _configured(session: Any, service: str) -> str | None:
    """The endpoint that the environment or the shared AWS config sets for a service, if any."""
    from botocore.configprovider import ConfiguredEndpointProvider

    inner = session._session
    if inner.get_config_variable("ignore_configured_endpoint_urls"):
        return None
    provider = ConfiguredEndpointProvider(inner.full_config, inner.get_scoped_config(), service)
    found = provider.provide()
    return str(found) if found else None


def _check_bundle(session: Any, about: str) -> None:
    """The certificates to trust have to be there; without them every call would fail slowly."""
    bundle = session._session.get_config_variable("ca_bundle")
    bundle = bundle or os.environ.get("REQUESTS_CA_BUNDLE")
    if bundle and not Path(bundle).exists():
        raise ReconcilerError(
            f"{about}: the CA bundle {bundle!r} that AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE or "
            "the shared AWS config names is not there"
        )


def _refuse_writes(model: Any, **_: Any) -> None:
    if model.name not in READS:
        raise AssertionError(f"a planning client was asked to send {model.name}")
