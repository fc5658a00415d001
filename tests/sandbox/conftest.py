"""A seeded sandbox per test, and boto3 clients that check every reply they get."""

import json
import shutil
from collections import defaultdict
from http.client import HTTPConnection
from types import SimpleNamespace
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from reconciler.sandbox.api import Embedded, ManualClock, seed
from tests.sandbox.output_check import problems_of_reply

CASES = 30


@pytest.fixture(scope="session")
def session():
    return boto3.Session(
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="example",
        region_name="us-west-2",
    )


@pytest.fixture(scope="session")
def seeded(tmp_path_factory, session):
    """A database that is only ever copied, with the id of its domain and the names in it."""
    path = tmp_path_factory.mktemp("seeded") / "seeded.db"
    domain = seed(path, cases=CASES)
    with Embedded(path, fast=True) as sandbox:
        client = session.client("connectcases", endpoint_url=sandbox.url)
        fields = client.list_fields(domainId=domain)["fields"]
        templates = client.list_templates(domainId=domain)["templates"]
        client.close()
    return SimpleNamespace(
        path=path,
        domain=domain,
        fields={field["name"]: field["fieldId"] for field in fields},
        templates={template["name"]: template["templateId"] for template in templates},
    )


@pytest.fixture
def start(tmp_path, seeded):
    """Start sandboxes on copies of the seeded database; all are closed after the test."""
    running = []

    def start(**options):
        path = tmp_path / f"sandbox{len(running)}.db"
        shutil.copy(seeded.path, path)
        options.setdefault("fast", True)
        sandbox = Embedded(path, **options)
        running.append(sandbox)
        return sandbox

    yield start
    for sandbox in running:
        sandbox.close()


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def sandbox(start, clock):
    return start(clock=clock)


@pytest.fixture(scope="session")
def idle_clients():
    """Clients that no test uses at the moment: making one takes longer than most tests."""
    idle = defaultdict(list)
    yield idle
    for clients in idle.values():
        for client in clients:
            client.boto.close()


@pytest.fixture
def connect(session, idle_clients):
    """Point a boto3 client to a sandbox; it does not try again unless told to."""

    def connect(url, *, checked=True, attempts=1, region="us-west-2", timeout=20):
        kind = (checked, attempts, region, timeout)
        client = idle_clients[kind].pop() if idle_clients[kind] else Pointed(session, *kind)
        client.address = urlsplit(url).netloc
        used.append((kind, client))
        return client.boto

    used = []
    yield connect
    for kind, client in used:
        idle_clients[kind].append(client)


class Pointed:
    """A boto3 client whose calls go to whatever address it is given."""

    def __init__(self, session, checked, attempts, region, timeout):
        self.address = ""
        retries = {"total_max_attempts": attempts, "mode": "standard"}
        # The client's own checks are off, so that it is the sandbox that has to refuse.
        config = Config(
            retries=retries, user_agent="tests", read_timeout=timeout, parameter_validation=False
        )
        self.boto = session.client(
            "connectcases", endpoint_url="http://sandbox", config=config, region_name=region
        )
        self.boto.meta.events.register("before-call.connectcases.*", self.point)
        if checked:
            self.boto.meta.events.register("before-parse.connectcases.*", check_reply)

    def point(self, params, **_):
        params["url"] = params["url"].replace("http://sandbox", f"http://{self.address}", 1)


def check_reply(operation_model, response_dict, **_):
    found = problems_of_reply(
        operation_model.name,
        response_dict["status_code"],
        response_dict["headers"],
        response_dict["body"],
    )
    assert not found, found


@pytest.fixture
def client(sandbox, connect):
    return connect(sandbox.url)


@pytest.fixture
def care_of(seeded):
    """Make a `Care` of another client than the usual one."""
    return lambda client: Care(client, seeded)


@pytest.fixture
def care(client, seeded):
    return Care(client, seeded)


class Care:
    """A client together with the seeded domain and the names in it."""

    def __init__(self, client, seeded):
        self.client = client
        self.domain = seeded.domain
        self.fields = dict(seeded.fields)
        self.templates = dict(seeded.templates)

    def id(self, name):
        """The id of a field by its display name; anything else is an id already."""
        return self.fields.get(name, name)

    def items(self, values):
        return [{"id": self.id(name), "value": union(value)} for name, value in values.items()]

    def create(self, values=None, *, template="Account access", **more):
        values = {"title": "A case", **(values or {})}
        reply = self.client.create_case(
            domainId=self.domain,
            templateId=self.templates[template],
            fields=self.items(values),
            **more,
        )
        return reply["caseId"]

    def read(self, case, *names):
        fields = [{"id": self.id(name)} for name in names]
        reply = self.client.get_case(domainId=self.domain, caseId=case, fields=fields)
        values = {field["id"]: plain(field["value"]) for field in reply["fields"]}
        return {name: values[self.id(name)] for name in names if self.id(name) in values}

    def update(self, case, values, **more):
        return self.client.update_case(
            domainId=self.domain, caseId=case, fields=self.items(values), **more
        )

    def search(self, **query):
        reply = self.client.search_cases(domainId=self.domain, **query)
        return [case["caseId"] for case in reply["cases"]]

    def where(self, operator, name, value):
        return {"field": {operator: {"id": self.id(name), "value": union(value)}}}

    def history(self, case, **more):
        reply = self.client.get_case_audit_events(domainId=self.domain, caseId=case, **more)
        return reply["auditEvents"]

    def some_cases(self, count=3):
        return self.search(maxResults=count)


def union(value):
    """A plain value in the service's form: None is empty, an ARN of a user is a user."""
    if isinstance(value, dict):
        return value
    if value is None:
        return {"emptyValue": {}}
    if isinstance(value, bool):
        return {"booleanValue": value}
    if isinstance(value, int | float):
        return {"doubleValue": value}
    return {"userArnValue": value} if "/agent/" in value else {"stringValue": value}


def plain(value):
    (content,) = value.values()
    return None if "emptyValue" in value else content


@pytest.fixture
def refused():
    """Expect a call to be refused with an error code, and hand out the error."""

    class Refused:
        def __init__(self, code):
            self.code = code

        def __enter__(self):
            return self

        def __exit__(self, kind, error, trace):
            assert kind is not None, f"{self.code} was expected, but the call went through"
            if not isinstance(error, ClientError):
                return False
            self.response = error.response
            self.message = error.response["Error"]["Message"]
            assert error.response["Error"]["Code"] == self.code, str(error)
            return True

    return Refused


@pytest.fixture
def send(sandbox):
    """Send one raw request, and return (status, headers, body)."""

    def send(method, target, body=None, headers=(), url=sandbox.url):
        connection = HTTPConnection(urlsplit(url).netloc, timeout=20)
        try:
            text = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            connection.request(method, target, text, dict(headers))
            reply = connection.getresponse()
            content = reply.read()
            return reply.status, reply.headers, content
        finally:
            connection.close()

    return send
