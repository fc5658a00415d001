"""An HTTP session that gives up: a reply may drip or have no end, and a call may not.

The timeouts of sockets count from byte to byte, so a reply of a byte a second would be read for
ever. Here a whole exchange, from connecting to the last byte, has its seconds and its size.
"""

import io
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore import exceptions as aws
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)

EXCHANGE_SECONDS = 20.0
MOST_BYTES = 64 * 2**20  # the service's own limit for a page is far below
_PIECE = 2**16

_here = threading.local()


def bound(client: Any, seconds: float = EXCHANGE_SECONDS, most: int = MOST_BYTES) -> Any:
    """The same client, each of its exchanges bounded."""
    endpoint = client._endpoint
    inner = endpoint.http_session
    inner._pool_classes_by_scheme.update(http=_Pool, https=_SecurePool)
    endpoint.http_session = BoundedSession(inner, seconds, most)
    return client


class BoundedSession:
    """botocore's HTTP session, with an end to every exchange."""

    def __init__(self, inner: Any, seconds: float, most: int) -> None:
        self._inner = inner
        self._seconds = seconds
        self._most = most

    def send(self, request: Any) -> Any:
        """As botocore's, but that the body has been read when this returns."""
        request.stream_output = True
        with _watched(self._seconds, request.url):
            response = self._inner.send(request)
            response._content = self._body(response.raw)
            response.raw = io.BytesIO(response._content)  # for operations whose output streams
            return response

    def _body(self, raw: Any) -> bytes:
        pieces: list[bytes] = []
        size = 0
        try:
            for piece in raw.stream(_PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > self._most:
                    raise ValueError(f"the reply has more than {self._most:,} bytes")
        except Exception as error:  # whatever it is, the rest of the reply does not come
            raw.close()
            raise aws.ResponseStreamingError(error=error) from error
        return b"".join(pieces)

    def close(self) -> None:
        """As botocore's."""
        self._inner.close()


class _Watch:
    """The sockets of one exchange, to be shut when its time is over."""

    def __init__(self) -> None:
        self.fired = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []

    def add(self, other: socket.socket) -> None:
        """A copy: wrapping a socket for TLS takes it away from whoever holds it."""
        with self._lock:
            self._sockets.append(socket.socket(fileno=os.dup(other.fileno())))

    def fire(self) -> None:
        with self._lock:
            self.fired = True
            for each in self._sockets:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it is closed already

    def close(self) -> None:
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()


@contextmanager
def _watched(seconds: float, url: str) -> Iterator[None]:
    watch = _here.watch = _Watch()
    timer = threading.Timer(seconds, watch.fire)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception:
        if not watch.fired:
            raise
    finally:
        timer.cancel()
        _here.watch = None
        watch.close()
    if watch.fired:  # also where what had come by then looks like a whole reply
        raise aws.ReadTimeoutError(endpoint_url=url)


def _watch(found: socket.socket | None) -> None:
    watch = getattr(_here, "watch", None)
    if watch is not None and found is not None:
        watch.add(found)


class _Connection(AWSHTTPConnection):  # type: ignore[misc]
    def _new_conn(self) -> Any:
        made = super()._new_conn()
        _watch(made)
        return made

    def request(self, *arguments: Any, **more: Any) -> Any:
        _watch(self.sock)  # of an earlier exchange
        return super().request(*arguments, **more)


class _SecureConnection(AWSHTTPSConnection):  # type: ignore[misc]
    def _new_conn(self) -> Any:
        made = super()._new_conn()
        _watch(made)
        return made

    def request(self, *arguments: Any, **more: Any) -> Any:
        _watch(self.sock)
        return super().request(*arguments, **more)


class _Pool(AWSHTTPConnectionPool):  # type: ignore[misc]
    ConnectionCls = _Connection


class _SecurePool(AWSHTTPSConnectionPool):  # type: ignore[misc]
    ConnectionCls = _SecureConnection
