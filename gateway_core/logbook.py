"""The gateway's own log lines: cleaned of secrets before anything writes them, and the last ones kept."""

from __future__ import annotations

import logging
import os
import re
import stat
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gateway_core.clock import instant_text
from gateway_core.model.value import value

KEPT = 5_000
LONGEST = 8_000
"""Characters of one line that are kept, its traceback among them."""
LOG_NAME = "gateway.log"
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_KEYLIKE = re.compile(
    r"(?i:\bbearer\s+)\S{8,}"
    r"|\b(?:sk|pk|rk|gsk|xai|lc)-[A-Za-z0-9_-]{12,}"
    r"|\bAIza[A-Za-z0-9_-]{20,}|\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bya29\.[A-Za-z0-9_.-]{12,}"
    r"|\b(?:gh[pousr]|github_pat|xox[abeprs]|hf|glpat)[_-][A-Za-z0-9_-]{12,}"
)
"""What looks like a credential, whoever's it is: a client's own is in no keyring."""


@value
class LogLine:
    """One line. n: its number in this run, from 1; level: debug | info | warning | error."""

    n: int
    at: str
    level: str
    name: str
    text: str


class Logbook(logging.Handler):
    """Keeps the last lines of this process. Anybody's thread may log and read."""

    def __init__(self, most: int = KEPT) -> None:
        super().__init__()
        self._lines: deque[LogLine] = deque(maxlen=most)
        self._last = 0
        self.redact: Callable[[str], str] = str
        """Takes every known secret out of a text."""

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Takes what is logged until it is left; whoever writes it down elsewhere gets it cleaned."""
        root = logging.getLogger()
        others = list(root.handlers)
        for each in others:
            each.addFilter(self.cleaned)
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)
            for each in others:
                each.removeFilter(self.cleaned)

    def cleaned(self, record: logging.LogRecord) -> bool:
        """Takes secrets out of a record where it stands, also of its traceback; always true."""
        text = self.clean(record.getMessage())
        record.msg, record.args = text, None
        if record.exc_info and not record.exc_text:
            record.exc_text = self.clean("".join(traceback.format_exception(*record.exc_info)).rstrip())
        return True

    def clean(self, text: str) -> str:
        """A text without what is, or looks like, a secret."""
        return without_keys(self.redact(text))

    def emit(self, record: logging.LogRecord) -> None:
        self.cleaned(record)
        text = record.getMessage() + (f"\n{record.exc_text}" if record.exc_text else "")
        at = instant_text(datetime.fromtimestamp(record.created, UTC))
        level = max((number, name) for name, number in LEVELS.items() if number <= max(record.levelno, 10))[1]
        self._last += 1
        self._lines.append(LogLine(self._last, at, level, record.name, text[:LONGEST]))

    def lines(self, after: int = 0, level: str = "debug", limit: int = KEPT) -> tuple[list[LogLine], int]:
        """Those above a number and from a level on, the last `limit` of them in their order; and the number
        of the last line that there is."""
        least = LEVELS[level]
        self.acquire()
        try:
            there, last = tuple(self._lines), self._last
        finally:
            self.release()
        return [one for one in there if one.n > after and LEVELS[one.level] >= least][-limit:], last


def without_keys(text: str) -> str:
    """A text in which what looks like a credential is cut down to its last four characters."""
    return _KEYLIKE.sub(lambda found: f"••••{found[0][-4:]}", text)


def log_file(data: Path) -> Path | None:
    """The file that standard error goes into; None where it is a terminal, a pipe or nothing."""
    try:
        own = os.fstat(2)
    except OSError:
        return None
    if not stat.S_ISREG(own.st_mode):
        return None
    for path in (data / LOG_NAME, Path("/proc/self/fd/2")):
        if path.exists() and os.path.samestat(own, path.stat()):
            return path.resolve()
    return None
