"""The operating system's keyring, asked in a thread that may hang, and remembered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from gateway_core.model.errors import Refusal
from gateway_core.vault.judge import VaultState, failing, judge, no_keyring, silent, unopened
from gateway_core.vault.worker import CallFailed, Overdue, Worker

SERVICE = "llmconsole"
ASK_AGAIN_SECONDS = 30.0
"""How long 'there is none' holds: a key, or a keyring, may have come by another way since."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Said:
    text: str | None
    at: float


class Ring:
    """Passwords of our service by user name.

    choose: returns the backend, as the keyring package does; called in the thread, it may hang or raise.
    seconds: how long anybody waits for an answer. One that comes later is still kept for the next who asks.
    """

    def __init__(self, choose: Callable[[], Any], seconds: float) -> None:
        self._choose = choose
        self._seconds = seconds
        self._worker = Worker("keyring", seconds)
        self._backend: Any = None
        self._judged = no_keyring()
        self._judged_at: float | None = None
        self._opening: asyncio.Future[Any] | None = None
        self._said: dict[str, _Said] = {}
        self._asked: dict[str, asyncio.Future[str | None]] = {}
        self.trouble: VaultState | None = None
        """What went wrong when the keyring was last asked."""

    async def state(self) -> VaultState:
        """Whether keys can be kept here, by what is known now."""
        await self._open()
        if self._worker.stuck:
            return silent(self._judged, self._seconds)
        return self.trouble or self._judged

    async def get(self, user: str) -> str | None:
        """The password; None also where the keyring cannot be asked, which `trouble` and `state` explain."""
        said = self._said.get(user)
        if said is not None and (said.text is not None or time.monotonic() - said.at < ASK_AGAIN_SECONDS):
            return said.text
        backend = await self._open()
        if backend is None:
            return None
        if user not in self._asked:
            asked = self._worker.start(lambda: backend.get_password(SERVICE, user))
            asked.add_done_callback(lambda done: self._keep(user, done))
            self._asked[user] = asked
        try:
            return await self._worker.wait(self._asked[user])
        except Overdue:
            self.trouble = silent(self._judged, self._seconds)
        except CallFailed as error:
            self.trouble = failing(self._judged, error.error, str(error))
        return None

    async def set(self, user: str, text: str) -> None:
        """Raises Refusal 503 where the keyring does not keep it."""

        def store(backend: Any) -> bool:
            backend.set_password(SERVICE, user, text)
            # Some services say yes and keep nothing.
            return bool(backend.get_password(SERVICE, user) == text)

        if not await self._call(store):
            self.trouble = failing(self._judged, "", "it did not keep what it was given")
            raise self._refusal(self.trouble)
        self._said[user] = _Said(text, time.monotonic())

    async def delete(self, user: str) -> bool:
        """Whether there was one. Raises Refusal 503 where the keyring cannot be asked."""

        def remove(backend: Any) -> bool:
            if backend.get_password(SERVICE, user) is None:
                return False
            backend.delete_password(SERVICE, user)
            return True

        removed = await self._call(remove)
        self._said[user] = _Said(None, time.monotonic())
        return removed

    async def _open(self) -> Any:
        """The backend, None while there is no usable one."""
        if self._backend is not None or self._worker.stuck:
            return self._backend
        if self._opening is None:
            if self._judged_at is not None and time.monotonic() - self._judged_at < ASK_AGAIN_SECONDS:
                return None
            self._opening = self._worker.start(self._choose)
            self._opening.add_done_callback(self._opened)
        try:
            await self._worker.wait(self._opening)
        except Overdue:
            self._judged = silent(self._judged, self._seconds)
        except CallFailed as error:
            self._judged = unopened(str(error))
        return self._backend

    def _opened(self, done: asyncio.Future[Any]) -> None:
        self._opening = None
        self._judged_at = time.monotonic()
        if done.exception() is None:
            self._judged = judge(done.result())
            self._backend = done.result() if self._judged.usable else None

    async def _call(self, call: Callable[[Any], T]) -> T:
        backend = await self._open()
        if backend is None:
            raise self._refusal(self._judged)
        try:
            result = await self._worker.run(lambda: call(backend))
        except Overdue:
            self.trouble = silent(self._judged, self._seconds)
            raise self._refusal(self.trouble) from None
        except CallFailed as error:
            self.trouble = failing(self._judged, error.error, str(error))
            raise self._refusal(self.trouble) from None
        self.trouble = None
        return result

    def _keep(self, user: str, done: asyncio.Future[str | None]) -> None:
        """Remembers what was said, however late. After an error nobody is asked again for a while: the user
        may just have closed the dialogue."""
        self._asked.pop(user, None)
        failed = done.exception() is not None
        if not failed:
            self.trouble = None
        self._said[user] = _Said(None if failed else done.result(), time.monotonic())

    @staticmethod
    def _refusal(state: VaultState) -> Refusal:
        return Refusal(503, "keyring_unusable", f"{state.problem}; {state.mend}")
