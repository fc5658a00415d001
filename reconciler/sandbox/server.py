"""HTTP on a local address: hand raw requests to the core and send its replies, cut ones too."""

import asyncio
import socket
import struct

from aiohttp import web

from reconciler.sandbox.core import Core
from reconciler.sandbox.wire import Cut, Reply

# 220 values of 4,100 characters, each up to four bytes and escaped.
LARGEST_BODY = 16 * 1024 * 1024
# How long calls that are under way may hold up the end.
STOP_SECONDS = 0.2


class Server:
    """One listening address."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str, port: int) -> str:
        """Listen, and return the address for clients; port 0 takes a free one."""
        # The sandbox keeps its own log of calls, which never shows what they carried.
        server = web.Server(self._answer, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound = self._runner.addresses[0]
        name = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        return f"http://{name}:{bound[1]}"

    async def stop(self) -> None:
        """Stop listening and close all connections."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        if request.headers.get("Expect", "").lower() == "100-continue" and transport is not None:
            transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            body = await _body(request)
        except ConnectionResetError:
            return web.Response(status=400)  # nobody is there any more to hear it
        if body is None:
            return web.Response(status=413)
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = self._core.handle(request.method, request.raw_path, headers, body)
        if reply.delay_seconds:
            await asyncio.sleep(reply.delay_seconds)
        if reply.cut is Cut.HALF and reply.body:
            return await _send_half(request, reply)
        if reply.cut is not Cut.NONE:
            _reset(request)
        return web.Response(status=reply.status or 500, headers=reply.headers, body=reply.body)


async def _body(request: web.BaseRequest) -> bytes | None:
    """The whole body; None when it is larger than any request of the service can be."""
    body = bytearray()
    fits = True
    # Read to the end in any case: a client still writing would not see the refusal.
    async for part in request.content.iter_any():
        fits = fits and len(body) + len(part) <= LARGEST_BODY
        if fits:
            body += part
    return bytes(body) if fits else None


def _reset(request: web.BaseRequest) -> None:
    """Drop the connection so that the client sees a reset, not a tidy end."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            no_linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
        transport.abort()


async def _send_half(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
    """Announce the whole body, send half of it, and close."""
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.content_length = len(reply.body)
    await response.prepare(request)
    await response.write(reply.body[: len(reply.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
