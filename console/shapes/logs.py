"""The gateway's own log lines."""

from __future__ import annotations

from console.shapes.frame import shape

LEVELS = ("debug", "info", "warning", "error")
"""In the order of how bad they are."""


@shape
class LogLine:
    """`level`: one of LEVELS; a traceback stands in lines of `text`."""

    n: int
    at: str
    level: str
    name: str
    text: str

    @property
    def written(self) -> str:
        """As the file has it."""
        return f"{self.at} {self.level.upper()} {self.name}: {self.text}"


@shape
class Logs:
    """Lines of the run that began at `run`, the oldest first; another run counts from 1 again."""

    lines: tuple[LogLine, ...]
    last: int
    run: str
    level: str
    kept: int
    file: str | None = None
    """Where they are written to, on the gateway's machine."""
