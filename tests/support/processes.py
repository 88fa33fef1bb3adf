"""Child processes of the tests: started in a clean environment, their output kept, ended for certain."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tests.support.sources import ROOT

if TYPE_CHECKING:
    from tests.support.forked import Forked

T = TypeVar("T")


def clean_environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment without keys, proxies or settings of the person who runs the tests."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "default",
        # No keyring but the one that a test brings along.
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        **(more or {}),
    }


def wait_for(found: Callable[[], T | None], *, what: str, seconds: float = 15.0) -> T:
    """The first truthy result of `found`, asked every 10 ms. Fails naming `what` when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.01)
    raise AssertionError(f"waited {seconds:g} s for {what}")


class Child:
    """A process whose output goes to `log`. Always ended by `close`, which a fixture calls."""

    popen: subprocess.Popen[bytes] | Forked

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        cwd: Path | None = None,
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=cwd or log.parent,
            )

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """SIGKILL: the process gets no chance to tidy up."""
        self.popen.kill()
        self.popen.wait()

    def terminate(self, seconds: float = 20.0) -> int:
        """SIGTERM, and the exit status."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(seconds)

    def close(self) -> None:
        if self.running:
            self.popen.terminate()
            try:
                self.popen.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        if self.popen.stdin:
            self.popen.stdin.close()
