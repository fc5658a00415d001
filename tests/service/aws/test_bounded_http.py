"""A reply that drips or has no end costs its seconds and its bytes, and no more."""

import socket
import threading
from contextlib import contextmanager

import boto3
import pytest
from botocore.config import Config

from reconciler.errors import Transient
from reconciler.service.aws.bounded_http import bound
from reconciler.service.aws.cases import AwsCatalog
from reconciler.service.aws.page_parser import PageParserFactory

BODY = b'{"domains": []}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def serving(*answers):
    """A server that answers one connection after the other as these functions do."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve():
        for answer in answers:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                try:
                    answer(connection, over)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.close()
        thread.join(10)


def catalog(port, **limits):
    session = boto3.Session(
        aws_access_key_id="x", aws_secret_access_key="x", region_name="us-west-2"
    )
    session._session.register_component("response_parser_factory", PageParserFactory())
    client = session.client(
        "connectcases",
        endpoint_url=f"http://127.0.0.1:{port}",
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )
    return AwsCatalog(bound(client, **limits))


def whole(connection, _):
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)


def dripping(head):
    """Begin an answer, and send what looks like more of it a little at a time."""

    def answer(connection, over):
        connection.sendall(head)
        while not over.wait(0.02):
            connection.sendall(b" ")

    return answer


def endless(connection, over):
    connection.sendall(HEAD + b"\r\n")
    while not over.is_set():
        connection.sendall(b" " * 65_536)


DRIPS = {
    "body": dripping(HEAD + b"Content-Length: 1000000\r\n\r\n"),
    "body-without-length": dripping(HEAD + b"\r\n"),
    "headers": dripping(HEAD + b"X-More:"),
    "status": dripping(b"HTTP/1.1 200 "),
    "silence": lambda _, over: over.wait(30),
}


@pytest.mark.parametrize("name", DRIPS)
def test_a_reply_that_drips_is_given_up_as_lost(name):
    with serving(DRIPS[name]) as port, pytest.raises(Transient, match="timeout"):
        catalog(port, seconds=0.3).list_domains("")


def test_a_reply_without_an_end_is_given_up_as_lost():
    with serving(endless) as port, pytest.raises(Transient, match="more than 1,000,000 bytes"):
        catalog(port, most=1_000_000).list_domains("")


def test_a_whole_reply_is_read_also_after_one_that_was_given_up():
    with serving(DRIPS["body"], whole, whole) as port:
        reader = catalog(port, seconds=0.3)
        with pytest.raises(Transient):
            reader.list_domains("")
        assert reader.list_domains("").items == ()


def cut(connection, _):
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n" + BODY)


def test_a_reply_shorter_than_it_says_is_no_reply():
    with serving(cut) as port, pytest.raises(Transient, match="15 of 1000 bytes"):
        catalog(port).list_domains("")


def elsewhere(connection, _):
    connection.sendall(
        b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n"
    )


def test_a_redirect_is_not_followed(monkeypatch):
    asked = []
    resolve = socket.getaddrinfo

    def noting(host, *rest, **more):
        asked.append(host)
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", noting)
    with serving(elsewhere) as port, pytest.raises(Exception, match="302"):
        catalog(port).list_domains("")
    assert set(asked) == {"127.0.0.1"}
