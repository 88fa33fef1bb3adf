"""A real headless Chromium, driven over its DevTools protocol: what it shows, asks for and complains of."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.real import need

PATIENCE = 60.0
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)


class Tab:
    """One page. `requests`: addresses that it asked for, `complaints`: its errors, its console's too,
    `frames`: what came over its websockets."""

    def __init__(self, wire: ClientConnection, session: str = "") -> None:
        self._wire = wire
        self._session = session
        self._last = 0
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.frames: list[str] = []
        self._loaded = False

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        """What a method of the protocol answers."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        self._wire.send(json.dumps({**message, "sessionId": self._session} if self._session else message))
        while (told := json.loads(self._wire.recv(PATIENCE))).get("id") != self._last:
            self._heard(told)
        assert "error" not in told, told
        result: dict[str, Any] = told["result"]
        return result

    def open(self, address: str) -> None:
        """Goes there, and waits until the page has loaded."""
        self._loaded = False
        self.do("Page.navigate", url=address)
        while not self._loaded:
            self._heard(json.loads(self._wire.recv(PATIENCE)))

    def value(self, expression: str) -> Any:
        """What JavaScript of ours finds on the page."""
        found = self.do("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def look(self, *, width: int, scheme: str = "light", media: str = "") -> None:
        """The width of the window in pixels, light or dark, screen or print."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.do("Emulation.setDeviceMetricsOverride", **metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.do("Emulation.setEmulatedMedia", media=media, features=features)

    def picture(self) -> bytes:
        """The whole page as PNG."""
        return base64.b64decode(self.do("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def pdf(self) -> bytes:
        """The page as it prints on A4, with margins of its own."""
        size = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": False}
        return base64.b64decode(self.do("Page.printToPDF", printBackground=True, **size)["data"])

    def _heard(self, told: dict[str, Any]) -> None:
        method, params = told.get("method"), told.get("params", {})
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Network.webSocketFrameReceived":
            self.frames.append(_text(params["response"]))
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(params["exceptionDetails"]["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(str(params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])


def _text(frame: dict[str, Any]) -> str:
    payload = str(frame["payloadData"])
    return payload if frame["opcode"] == 1 else base64.b64decode(payload).decode("utf-8", "replace")


@contextmanager
def browser_tab() -> Iterator[Tab]:
    """A tab of a browser of its own; skips the test where no Chromium is installed."""
    (program,) = need("chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        child = subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with connect(_address(Path(profile), child), max_size=None, proxy=None) as wire:
                yield _tab(wire)
        finally:
            child.terminate()
            child.wait(PATIENCE)


def _tab(wire: ClientConnection) -> Tab:
    found = Tab(wire).do("Target.createTarget", url="about:blank")["targetId"]
    session = Tab(wire).do("Target.attachToTarget", targetId=found, flatten=True)["sessionId"]
    tab = Tab(wire, session)
    for room in ("Page", "Network", "Runtime", "Log"):
        tab.do(f"{room}.enable")
    return tab


def _address(profile: Path, child: subprocess.Popen[bytes]) -> str:
    """Where the browser listens, as it writes into its profile."""
    file, end = profile / "DevToolsActivePort", time.monotonic() + PATIENCE
    while time.monotonic() < end and child.poll() is None:
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        time.sleep(0.05)
    raise AssertionError("Chromium did not start")
