"""HTTP as clients and proxies really write it, byte by byte."""

import json
import socket
import time
from urllib.parse import quote, urlsplit

import pytest


@pytest.fixture
def converse(sandbox):
    """Send pieces of bytes over one connection, and return all that comes back.

    The last request has to ask for the connection's end, unless `hang_up` does it.
    """

    def converse(*pieces, hang_up=False):
        with socket.create_connection(
            (urlsplit(sandbox.url).hostname, urlsplit(sandbox.url).port), timeout=10
        ) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.002)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
            received = b""
            while part := connection.recv(65536):
                received += part
        return received

    return converse


def request(method, target, body=b"", *headers, then="close"):
    lines = [f"{method} {target} HTTP/1.1", "Host: sandbox", f"Connection: {then}", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.fixture
def get_case(care):
    case = care.create()
    return f"/domains/{care.domain}/cases/{case}", b'{"fields":[{"id":"title"}]}'


def test_a_chunked_body_is_read(converse, get_case):
    target, body = get_case
    head = request("POST", target, b"", "Transfer-Encoding: chunked")
    chunks = b"5\r\n" + body[:5] + b"\r\n" + f"{len(body) - 5:x}\r\n".encode() + body[5:] + b"\r\n"
    reply = converse(head + chunks + b"0\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 200 OK")
    assert b'"A case"' in reply


def test_a_client_that_asks_first_is_told_to_go_on(converse, get_case):
    target, body = get_case
    whole = request("POST", target, body, "Expect: 100-continue")
    reply = converse(whole[: -len(body)], body)
    assert reply.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_a_request_may_come_in_small_pieces(converse, get_case):
    target, body = get_case
    whole = request("POST", target, body)
    reply = converse(*(whole[start : start + 16] for start in range(0, len(whole), 16)))
    assert reply.startswith(b"HTTP/1.1 200 OK")


def test_requests_may_follow_each_other_at_once(converse, get_case):
    more = request("POST", *get_case, then="keep-alive")
    reply = converse(more + more + request("POST", *get_case))
    assert reply.count(b"HTTP/1.1 200 OK") == 3


def test_a_reply_is_one_write(sandbox, get_case):
    address = urlsplit(sandbox.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request("POST", *get_case))
        reply = connection.recv(65536)
    head, _, body = reply.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".lower() in head.decode().lower()


@pytest.mark.parametrize(
    "garbage",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nX: " + b"x" * 70000 + b"\r\n\r\n",
    ],
)
def test_garbage_is_refused_and_the_server_lives_on(converse, get_case, garbage):
    reply = converse(garbage, hang_up=True)
    assert reply == b"" or reply.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    assert converse(request("POST", *get_case)).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("case", ["a/b", "a:b", "a#b", "a=b", "a+b", "..", ".", "%2F", "x" * 500])
def test_a_nasty_id_reaches_the_service_whole(converse, care, case):
    target = f"/domains/{care.domain}/cases/{quote(case, safe='')}"
    reply = converse(request("POST", target, b'{"fields":[{"id":"title"}]}'))
    body = json.loads(reply.partition(b"\r\n\r\n")[2])
    if "%" in case:
        assert reply.startswith(b"HTTP/1.1 400")
    else:
        assert reply.startswith(b"HTTP/1.1 404")
        assert body["resourceId"] == case


@pytest.mark.parametrize("case", ["..", "."])
def test_dots_in_a_path_are_not_resolved(converse, care, case):
    target = f"/domains/{care.domain}/cases/{case}"
    reply = converse(request("POST", target, b'{"fields":[{"id":"title"}]}'))
    assert json.loads(reply.partition(b"\r\n\r\n")[2])["resourceId"] == case


def test_a_body_beyond_all_limits_is_refused(converse):
    size = 17 * 1024 * 1024
    reply = converse(request("POST", "/domains", b"x" * size))
    assert reply.startswith(b"HTTP/1.1 413")


def test_a_cut_connection_is_reset(sandbox, get_case):
    sandbox.faults.set([{"kind": "cut-before"}])
    address = urlsplit(sandbox.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request("POST", *get_case))
        with pytest.raises(ConnectionResetError):
            connection.recv(65536)


def test_half_a_body_ends_before_its_announced_length(sandbox, converse, get_case):
    sandbox.faults.set([{"kind": "half-body"}])
    head, _, body = converse(request("POST", *get_case)).partition(b"\r\n\r\n")
    (length,) = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    ]
    assert len(body) == length // 2
