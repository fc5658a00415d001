"""S3 for tests: moto's server, and before it a proxy on loopback that looks at each request.

moto ignores ExpectedBucketOwner and lets two conditional writes at once both win, so the proxy
notes what was asked, hands on one request at a time, and may answer in the server's stead.
"""

import http.client
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from moto.server import ThreadedMotoServer

ACCOUNT = "123456789012"  # moto's own
LOSE = "lose the reply"
DROP = "lose the request"


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: dict
    body: bytes

    @property
    def key(self):
        """The object, below the bucket."""
        return self.path.partition("?")[0].lstrip("/").partition("/")[2]


@dataclass
class S3:
    """The server as a client sees it; `rule` may answer with LOSE, DROP or (status, code)."""

    url: str
    asked: list = field(default_factory=list)
    rule: Callable = lambda _: None
    bucket: str = ""
    state: str = ""
    client: Any = None

    @property
    def unowned(self):
        """Requests for a bucket that did not say whose it has to be."""
        return [
            one
            for one in self.asked
            if one.path != "/" and "x-amz-expected-bucket-owner" not in one.headers
        ]


@contextmanager
def serving():
    """moto's server and the proxy before it, each on a port of its own."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    one_at_a_time = threading.Lock()
    found = S3("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            with one_at_a_time:
                found.asked.append(asked)
                said = found.rule(asked)
                reply = None if said == DROP or isinstance(said, tuple) else self._sent(asked)
            if said in (LOSE, DROP):
                self.close_connection = True
                self.connection.close()
            elif reply is None:
                self._answered(said[0], [], _error(said[1]))
            else:
                self._answered(*reply)

        def _sent(self, asked):
            connection = http.client.HTTPConnection(host, port, timeout=30)
            try:
                connection.request(asked.method, asked.path, asked.body, dict(self.headers))
                reply = connection.getresponse()
                return reply.status, reply.getheaders(), reply.read()
            finally:
                connection.close()

        def _answered(self, status, headers, body):
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            length = len(body)
            if self.command == "HEAD":
                length = dict(headers).get("Content-Length", 0)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _any

        def log_message(self, *_):
            """Nothing is printed."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.daemon_threads = True
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    found.url = f"http://127.0.0.1:{proxy.server_port}"
    try:
        yield found
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
        moto.stop()


def _error(code):
    return f"<Error><Code>{code}</Code><Message>said the proxy</Message></Error>".encode()


def make_bucket(s3, name, region="us-west-2"):
    """A new bucket, made past the proxy's notes."""
    import boto3

    client = boto3.client(
        "s3", endpoint_url=s3.url, region_name=region,
        aws_access_key_id="sandbox", aws_secret_access_key="sandbox",
    )  # fmt: skip
    where = {} if region == "us-east-1" else {"LocationConstraint": region}
    client.create_bucket(Bucket=name, **({"CreateBucketConfiguration": where} if where else {}))
    s3.asked.clear()
    return client


_numbers = count(1)


def use(s3, patch):
    """Give a test a bucket that nobody else has, and the environment that leads to it."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "RECONCILE_STATE_OWNER"):
        patch.delenv(name, raising=False)
    patch.setenv("AWS_ENDPOINT_URL_S3", s3.url)
    s3.rule = lambda _: None
    s3.bucket = f"state-{next(_numbers)}"
    s3.state = f"s3://{s3.bucket}/team"
    s3.client = make_bucket(s3, s3.bucket)
    return s3
