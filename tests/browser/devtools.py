"""A headless Chromium, spoken to over its DevTools protocol with what is installed anyway."""

import asyncio
import itertools
import os
import re
import shutil
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_LISTENING = re.compile(rb"DevTools listening on (ws://\S+)")
PATIENCE = 60  # seconds; a browser that is silent for longer is stuck


class Tab:
    """One page, and everything it said and asked for since it was last opened."""

    def __init__(self, socket):
        self._socket = socket
        self._numbers = itertools.count(1)
        self._replies = {}
        self._loaded = asyncio.Event()
        self.session = None
        self.errors = []
        self.requests = []

    async def send(self, method, **params):
        """One command and its result."""
        number = next(self._numbers)
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        await self._socket.send_json(message)
        return await asyncio.wait_for(reply, PATIENCE)

    async def listen(self):
        """Take in what the browser says, until it is gone."""
        async for message in self._socket:
            data = message.json()
            if "id" in data:
                reply = self._replies.pop(data["id"])
                if "error" in data:
                    reply.set_exception(RuntimeError(str(data["error"])))
                else:
                    reply.set_result(data["result"])
            else:
                self._note(data["method"], data["params"])

    def _note(self, method, params):
        if method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(params["exceptionDetails"]["text"])
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.errors.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.errors.append(str(params["args"]))

    async def start(self):
        """Take one page and hear all of it."""
        targets = await self.send("Target.getTargets")
        page = next(one for one in targets["targetInfos"] if one["type"] == "page")
        attached = await self.send("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.send(f"{domain}.enable")

    async def open(self, url):
        """Load an address afresh; how many seconds it took until everything was there."""
        await self._go("about:blank")
        self.errors.clear()
        self.requests.clear()
        began = time.perf_counter()
        await self._go(url)
        return time.perf_counter() - began

    async def _go(self, url):
        self._loaded.clear()
        await self.send("Page.navigate", url=url)
        await asyncio.wait_for(self._loaded.wait(), PATIENCE)

    async def ask(self, expression):
        """The value of an expression; promises are awaited."""
        result = await self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression[-60:]}: {result['exceptionDetails']}")
        return result["result"].get("value")

    async def look(self, *, width=1280, height=900, scheme="light", media="", scripts=True):
        """How the page is seen from now on."""
        await self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        await self.send("Emulation.setEmulatedMedia", media=media, features=features)
        await self.send("Emulation.setScriptExecutionDisabled", value=not scripts)


def browser():
    """Where Chromium is, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@asynccontextmanager
async def a_tab(program):
    """A page of a browser that has never been used, and is gone afterwards."""
    with tempfile.TemporaryDirectory() as profile:
        arguments = ["--headless=new", "--remote-debugging-port=0", "--disable-gpu"]
        arguments += [f"--user-data-dir={profile}", "--no-first-run", "--hide-scrollbars"]
        if os.geteuid() == 0:  # Chromium refuses to sandbox what root runs
            arguments.append("--no-sandbox")
        process = await asyncio.create_subprocess_exec(
            program,
            *arguments,
            "about:blank",
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            address = await asyncio.wait_for(_address(process.stderr), PATIENCE)
            drain = asyncio.create_task(process.stderr.read())
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(address, max_msg_size=0) as socket,
            ):
                tab = Tab(socket)
                listening = asyncio.create_task(tab.listen())
                await tab.start()
                yield tab
                listening.cancel()
            drain.cancel()
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            _forget(Path(profile))


async def _address(stderr):
    async for line in stderr:
        found = _LISTENING.search(line)
        if found:
            return found[1].decode()
    raise RuntimeError("the browser ended without saying where it listens")


def _forget(profile):
    """The browser's last processes may still write there."""
    shutil.rmtree(profile, ignore_errors=True)
    profile.mkdir(exist_ok=True)
