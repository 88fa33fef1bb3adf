"""The simulated provider as a process of its own, with the record of what reached it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.support.processes import Child, clean_environment, wait_for


class SimulatedProvider:
    """All four formats on one port. `seen()` is what arrived, to be compared with the ledger."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "gateway_core.simulated", "provider", "--port", "0", *options]
        self.child = Child(command, log=folder / "provider.log", environment=clean_environment(folder))
        try:
            self.port = wait_for(self._port, what="the simulated provider's port")
        except BaseException:
            self.close()
            raise
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(base_url=self.url, trust_env=False, verify=False, timeout=30)

    def _port(self) -> int | None:
        assert self.child.running, f"the simulated provider ended:\n{self.child.output}"
        for line in self.child.output.splitlines():
            if line.startswith('{"port"'):
                return int(json.loads(line)["port"])
        return None

    def base_url(self, provider: str) -> str:
        """The base URL as that provider's own SDK takes it."""
        return self.url if provider in {"anthropic", "gemini"} else f"{self.url}/v1"

    def mark(self) -> int:
        """The number of the last request that arrived, for `seen(since=…)`."""
        report: dict[str, Any] = self.http.get("/_seen").json()
        return max((request["seq"] for request in report["requests"]), default=0)

    def seen(self, since: int = 0, *, bodies: bool = False) -> list[dict[str, Any]]:
        """Requests that arrived after the mark, oldest first."""
        asked = {"since": since, "bodies": int(bodies)}
        requests: list[dict[str, Any]] = self.http.get("/_seen", params=asked).json()["requests"]
        return requests

    def close(self) -> None:
        if hasattr(self, "http"):
            self.http.close()
        self.child.close()
