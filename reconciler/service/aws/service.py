"""One target's service, whole: what reads, what writes, and whose account it is."""

from typing import Any, Protocol

from reconciler.errors import ReconcilerError
from reconciler.service.aws.audit import AwsAuditReader
from reconciler.service.aws.bounded_http import bound
from reconciler.service.aws.cases import AwsCaseReader, AwsCaseWriter, AwsCatalog
from reconciler.service.aws.session import AwsSession
from reconciler.service.ports import AuditReader, CaseReader, CaseWriter, CatalogReader


class Service(Protocol):
    """Where the cases of one target are kept."""

    def catalog(self) -> CatalogReader: ...

    def reader(self, domain: str) -> CaseReader: ...

    def audit(self, domain: str) -> AuditReader: ...

    def for_writing(self, domain: str) -> tuple[CaseReader, CaseWriter, AuditReader]: ...

    def account(self) -> str: ...

    def quotas_client(self) -> Any: ...


class AwsService:
    """The service by the SDK's own credentials, with clients for reading that cannot write."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def catalog(self) -> CatalogReader:
        """What a domain offers."""
        return AwsCatalog(self._session.reading_client())

    def reader(self, domain: str) -> CaseReader:
        """The cases of a domain."""
        return AwsCaseReader(self._session.reading_client(), domain)

    def audit(self, domain: str) -> AuditReader:
        """The histories of a domain's cases."""
        return AwsAuditReader(self._session.reading_client(), domain)

    def for_writing(self, domain: str) -> tuple[CaseReader, CaseWriter, AuditReader]:
        """What apply reads and writes with: one client, so that it meets one state of things."""
        client = self._session.writing_client()
        return (
            AwsCaseReader(client, domain),
            AwsCaseWriter(client, domain),
            AwsAuditReader(client, domain),
        )

    def account(self) -> str:
        """The account that the credentials belong to."""
        return self._session.account()

    def quotas_client(self) -> Any:
        """A Service Quotas client."""
        return self._session.quotas_client()


class GivenService:
    """The service by a client of `connectcases` that somebody else has made.

    Its own retries are switched off, as those of every client here: one layer repeats calls, so
    that no write is sent twice unseen, and counts and pace are true.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._name = name
        self._client = _sent_once(client)

    def catalog(self) -> CatalogReader:
        """What a domain offers."""
        return AwsCatalog(self._client)

    def reader(self, domain: str) -> CaseReader:
        """The cases of a domain."""
        return AwsCaseReader(self._client, domain)

    def audit(self, domain: str) -> AuditReader:
        """The histories of a domain's cases."""
        return AwsAuditReader(self._client, domain)

    def for_writing(self, domain: str) -> tuple[CaseReader, CaseWriter, AuditReader]:
        """What apply reads and writes with."""
        return self.reader(domain), AwsCaseWriter(self._client, domain), self.audit(domain)

    def account(self) -> str:
        """Nothing: whose credentials a client has is not asked; its domain says the account."""
        return ""

    def quotas_client(self) -> Any:
        """There is none."""
        raise ReconcilerError(
            f"target {self._name}: its client was handed over, and only Cases is asked with it"
        )


class PortsService(GivenService):
    """The service as an object that offers the ports themselves: one domain kept in memory."""

    def __init__(self, client: Any, name: str) -> None:
        self._name = name
        self._client = client

    def catalog(self) -> CatalogReader:
        """What a domain offers."""
        return self._client  # type: ignore[no-any-return]

    def reader(self, domain: str) -> CaseReader:
        """The cases of the domain."""
        return self._client  # type: ignore[no-any-return]

    def audit(self, domain: str) -> AuditReader:
        """The histories of its cases."""
        return self._client  # type: ignore[no-any-return]

    def for_writing(self, domain: str) -> tuple[CaseReader, CaseWriter, AuditReader]:
        """The same, three times."""
        return self._client, self._client, self._client


def given_service(client: Any, name: str) -> Service:
    """The service behind what was handed over: an SDK's client, or the ports themselves."""
    # By its shape: to ask for its class would import boto3 for whoever has none.
    is_of_the_sdk = hasattr(client, "meta") and hasattr(client.meta, "events")
    return GivenService(client, name) if is_of_the_sdk else PortsService(client, name)


def _sent_once(client: Any) -> Any:
    """The client with each call sent once, and bounded; done to it once, however often asked."""
    if not hasattr(client, "_endpoint") or hasattr(client, "_bounded_by_reconcile"):
        return client
    name = client.meta.service_model.service_id.hyphenize()
    # The handler that botocore itself registered under this name when it made the client.
    client.meta.events.unregister(f"needs-retry.{name}", unique_id=f"retry-config-{name}")
    client._bounded_by_reconcile = True
    return bound(client)
