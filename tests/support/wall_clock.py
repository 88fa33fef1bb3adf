"""A wall clock on the wall of a gateway's process: the test sets it while the gateway runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tests.support.hooks import at_the_start

_HOOK = """
import os
from datetime import UTC, datetime
from pathlib import Path

if path := os.environ.get("CLOCK_OF_THE_TESTS"):
    from gateway_core.clock import Clock

    Clock.now = lambda self: datetime.fromisoformat(Path(path).read_text()).astimezone(UTC)
"""


class WallClock:
    """Stands still at the instant that was set. Monotonic time goes on."""

    def __init__(self, folder: Path, at: datetime) -> None:
        self._file = folder / "instant"
        self.environment: Mapping[str, str] = {
            "CLOCK_OF_THE_TESTS": str(self._file),
            **at_the_start(folder, _HOOK),
        }
        self.set(at)

    def set(self, at: datetime) -> None:
        """Jumps there, at once and for all."""
        part = self._file.with_suffix(".part")
        part.write_text(at.isoformat(), encoding="utf-8")
        part.replace(self._file)
