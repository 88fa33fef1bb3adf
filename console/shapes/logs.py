"""The gateway's own log lines."""

from __future__ import annotations

from console.shapes.frame import shape


@shape
class LogLine:
    """`level`: debug | info | warning | error; a traceback stands in lines of `text`."""

    n: int
    at: str
    level: str
    name: str
    text: str


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
