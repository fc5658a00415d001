"""What the SDK makes of answers over real HTTP, and what a write takes them for.

Only the service's own word, by its error code, says that a write was not carried out; a page of a
proxy, whatever its status, says nothing of what happened behind it.
"""

import socket
import threading

import pytest

from reconciler.errors import CallError, NotFound, OutcomeUnknown, Refused, Transient
from reconciler.service.aws.cases import AwsCaseWriter
from reconciler.service.aws.session import AwsSession
from tests.builders import BY_ID, a_target

PAGE = b"<html><body>The proxy has something to say</body></html>"
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}
GOOD = b'{"successfulCases":[{"caseIdentifier":{"caseId":"c1"}}],"failedCases":[]}'


def raw(status, body=b"", headers=(), length=None):
    lines = [
        f"HTTP/1.1 {status} Because",
        f"Content-Length: {len(body) if length is None else length}",
    ]
    lines += [f"{name}: {value}" for name, value in dict(headers).items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def aws(status, code, body=b'{"message":"because"}'):
    return raw(status, body, {**JSON, "x-amzn-ErrorType": code, "x-amzn-RequestId": "r-1"})


class Answering:
    """A server that says the same to everybody, after it has read the whole request."""

    def __init__(self, answer):
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            with peer, peer.makefile("rb") as request:
                length = 0
                while (line := request.readline()) not in (b"\r\n", b""):
                    name, _, value = line.decode().partition(":")
                    length = int(value) if name.lower() == "content-length" else length
                request.read(length)
                peer.sendall(self._answer)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def writing():
    servers = []

    def write(answer, api):
        servers.append(Answering(answer))
        session = AwsSession(a_target(region="us-west-2"), servers[-1].url)
        writer = AwsCaseWriter(session.writing_client(), "d")
        values = [(BY_ID["note"], "x")]
        if api == "UpdateCase":
            return writer.update_case("c1", values, "me")
        return writer.batch_update_cases(["c1"], values, "me", "token")

    yield write
    for server in servers:
        server.close()


LOST = [
    *((f"{status}-page", raw(status, PAGE, HTML)) for status in (301, 302, 303, 307, 308)),
    *((f"{status}-page", raw(status, PAGE, HTML)) for status in (400, 401, 403, 404, 407, 408)),
    *((f"{status}-page", raw(status, PAGE, HTML)) for status in (409, 413, 429, 431, 451, 499)),
    *((f"{status}-page", raw(status, PAGE, HTML)) for status in (500, 502, 503, 504, 520, 599)),
    *((f"{status}-empty", raw(status)) for status in (302, 304, 403, 408, 429, 499, 502)),
    ("403-json", raw(403, b'{"message":"Forbidden"}', JSON)),
    ("403-json-with-a-word", raw(403, b'{"code":"policy_denied","message":"no"}', JSON)),
    ("403-json-with-a-number", raw(403, b'{"code":403,"message":"no"}', JSON)),
    ("429-json", raw(429, b'{"error":"too many requests"}', JSON)),
    ("500", aws(500, "InternalServerException")),
    ("503", aws(503, "ServiceUnavailableException")),
    ("503-throttle", aws(503, "ThrottlingException")),
    ("200-page", raw(200, PAGE, HTML)),
    ("200-broken", raw(200, b'{"successfulCases":[{"caseId', JSON)),
    ("200-list", raw(200, b"[]", JSON)),
    ("200-text", raw(200, b"OK", {"Content-Type": "text/plain"})),
    ("200-cut", raw(200, b"{}", JSON, length=100)),
    ("200-with-an-error", aws(200, "InternalServerException")),
    ("202", raw(202, GOOD, JSON)),
    ("204", b"HTTP/1.1 204 Nothing\r\n\r\n"),
    ("nothing", b""),
    ("noise", b"hello\r\n\r\n"),
    ("half-a-status", b"HTTP/1.1 2"),
]


@pytest.mark.parametrize("api", ["UpdateCase", "BatchUpdateCase"])
@pytest.mark.parametrize("answer", [one for _, one in LOST], ids=[name for name, _ in LOST])
def test_an_answer_that_is_not_the_services_own_leaves_a_write_unknown(writing, answer, api):
    with pytest.raises(OutcomeUnknown, match="may or may not have taken effect"):
        writing(answer, api)


@pytest.mark.parametrize("api", ["UpdateCase", "BatchUpdateCase"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(aws(429, "ThrottlingException"), Transient, id="throttled"),
        pytest.param(aws(400, "ValidationException"), Refused, id="invalid"),
        pytest.param(aws(402, "ServiceQuotaExceededException"), Refused, id="quota"),
        pytest.param(aws(403, "AccessDeniedException"), Refused, id="denied"),
        pytest.param(aws(404, "ResourceNotFoundException"), NotFound, id="gone"),
        pytest.param(aws(409, "ConflictException"), Refused, id="conflict"),
        pytest.param(
            raw(400, b'{"__type":"ValidationException","message":"x"}', JSON),
            Refused,
            id="a-code-in-the-body",
        ),
        pytest.param(aws(418, "SomethingNewException"), Refused, id="a-code-that-is-news"),
    ],
)
def test_a_refusal_of_the_service_itself_is_believed(writing, answer, error, api):
    with pytest.raises(CallError) as raised:
        writing(answer, api)
    assert type(raised.value) is error


@pytest.mark.parametrize("body", [b"", b"{}", b" {\n } "])
@pytest.mark.parametrize("headers", [{}, JSON, {**JSON, "x-amzn-RequestId": "r-1"}])
def test_a_success_of_update_case_may_be_empty(writing, body, headers):
    found = writing(raw(200, body, headers), "UpdateCase")
    assert found == headers.get("x-amzn-RequestId", "")


def test_a_success_of_a_batch_names_every_case(writing):
    assert writing(raw(200, GOOD, JSON), "BatchUpdateCase").failed == {}
    with pytest.raises(OutcomeUnknown):
        writing(raw(200, b"{}", JSON), "BatchUpdateCase")
