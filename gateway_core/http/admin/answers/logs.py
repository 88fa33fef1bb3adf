"""The gateway's own log lines."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer


class LogLineAnswer(Answer):
    n: int
    """Its number in this run of the gateway, from 1."""
    at: str
    level: str
    """debug | info | warning | error"""
    name: str
    """Where in the gateway it was said."""
    text: str
    """A traceback stands in lines of its own."""


class LogsAnswer(Answer):
    """Lines of this run, the oldest first. No secret is in them."""

    lines: list[LogLineAnswer]
    last: int
    """The number of the last line that there is; ask with `after` of it for what comes."""
    run: str
    """When this run began: another one counts its lines from 1 again."""
    level: str
    """From which on lines are written; log_level in config.toml sets it."""
    kept: int
    """So many lines are kept here; the file has the earlier ones."""
    file: str | None
    """Where they are written to; null where standard error is no file."""
