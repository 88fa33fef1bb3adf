"""Alerts through apprise: mail, chat, telephone and a hundred services more, each by one address.

An address is a secret as a whole. apprise comes with the extra `notify` and is loaded when first used.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from typing import Any

import anyio
import anyio.to_thread

from gateway_core.model.alerts import Alert
from gateway_core.model.errors import Fault

SECONDS = 10.0
"""How long anybody waits for one notification."""
TITLE = "llmconsole"
_STATUS = re.compile(r"error=(\d{3})\b")


class Notify:
    """One address. address: in apprise's form, or env:NAME for the variable that holds it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._one_at_a_time = anyio.CapacityLimiter(1)
        self.name = channel_name(address)

    async def send(self, alert: Alert) -> None:
        """Raises Fault. apprise's own words may hold the address: only a status is taken from them."""
        try:
            with anyio.fail_after(SECONDS):
                problem = await anyio.to_thread.run_sync(
                    self._send, alert, abandon_on_cancel=True, limiter=self._one_at_a_time
                )
        except TimeoutError:
            raise Fault(f"it did not end within {SECONDS:g} s") from None
        if problem:
            raise Fault(problem)

    async def aclose(self) -> None:
        return

    def _send(self, alert: Alert) -> str | None:
        """In a thread: sends, and says what was wrong."""
        apprise = _loaded()
        address = self._resolved()
        heard = _Heard()
        logger = logging.getLogger("apprise")
        logger.propagate = False
        logger.addHandler(heard)
        try:
            sender = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False))
            if not sender.add(address):
                return "it is no address that apprise knows; see its list of services"
            if sender.notify(body=alert.text, title=TITLE, notify_type=_urgency(apprise, alert)):
                return None
        finally:
            logger.removeHandler(heard)
        return f"it answered {heard.status}" if heard.status else "it could not be reached"

    def _resolved(self) -> str:
        if not self._address.startswith("env:"):
            return self._address
        name = self._address.removeprefix("env:")
        text = os.environ.get(name, "").strip()
        if not text:
            raise Fault(f"the environment variable {name}, which [alerts] notify names, is not set")
        return text


class _Heard(logging.Handler):
    """Listens to apprise's log for a status, and keeps everything else from any other log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.status: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if found := _STATUS.search(record.getMessage()):
            self.status = found[1]


def channel_name(address: str) -> str:
    """The address's scheme and eight digits of its hash: enough to tell addresses apart, not to use one."""
    if address.startswith("env:"):
        return address
    scheme = address.partition("://")[0].lower()
    return f"{scheme}:{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def _urgency(apprise: Any, alert: Alert) -> Any:
    urgent = alert.kind != "test"
    return apprise.NotifyType.WARNING if urgent else apprise.NotifyType.INFO


def _loaded() -> Any:
    try:
        import apprise
    except ImportError:
        raise Fault(
            "[alerts] notify needs apprise, which is not installed; run in the clone: "
            "uv tool install '.[notify]'"
        ) from None
    return apprise
