"""`llmconsole web` as a process, on a gateway that runs."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.support.gateway import RunningGateway
from tests.support.processes import Child, clean_environment, wait_for


class Web:
    """The process; `address` is what it printed, which opens once."""

    def __init__(
        self, gateway: RunningGateway, home: Path, *words: str, stdin: int = subprocess.DEVNULL
    ) -> None:
        home.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "console", "web", "--data", str(gateway.data), "--port", "0", *words]
        self.child = Child(command, log=home / "web.log", environment=clean_environment(home), stdin=stdin)
        self.address = wait_for(self._printed, what="an address", seconds=60)
        self.host = urlsplit(self.address).netloc
        self.http = httpx.Client(base_url=f"http://{self.host}", trust_env=False, timeout=30)

    def _printed(self) -> str:
        assert self.child.running, self.child.output
        return next((line for line in self.child.output.splitlines() if line.startswith("http")), "")

    def enter(self) -> str:
        """Uses the address up; the folder that the page is in. The session is in `http`'s cookies."""
        answer = self.http.get(self.address)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def consoles(self) -> list[str]:
        """The commands of the consoles that run behind tabs."""
        found = [Path(f"/proc/{line}/cmdline") for line in self._children()]
        return [path.read_bytes().replace(b"\0", b" ").decode() for path in found if path.exists()]

    def _children(self) -> list[str]:
        return Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()

    def interrupt(self, seconds: float = 40.0) -> int:
        """Ctrl-C; the exit status."""
        self.child.popen.send_signal(signal.SIGINT)
        return self.child.popen.wait(seconds)

    def close(self) -> None:
        if hasattr(self, "http"):
            self.http.close()
        self.child.close()
