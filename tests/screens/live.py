"""A console on a real gateway process, in a terminal that nobody sees."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx
from textual.events import Paste
from textual.pilot import Pilot

from console.app import Console
from console.feed import Feed
from console.gateway import GatewayHandle, Place
from console.screens.desk import Desk
from console.theme import shipped
from tests.screens.capture import rows_of, text_of
from tests.support.gateway import RunningGateway
from tests.support.wires import CHAT, Wire

PATIENCE = 15.0


class Live:
    """The console and the hands on it."""

    def __init__(self, app: Console, pilot: Pilot[Any], gateway: RunningGateway) -> None:
        self.app = app
        self.pilot = pilot
        self.gateway = gateway

    @property
    def lines(self) -> list[str]:
        return text_of(rows_of(self.app))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def until(self, found: Callable[[], object], what: str) -> None:
        """Waits until `found` answers something true. Fails with the screen when it takes too long."""
        with anyio.move_on_after(PATIENCE):
            while not found():
                await self.pilot.pause(0.05)
            return
        raise AssertionError(f"waited {PATIENCE:g} s for {what}\n{self.text}")

    async def sees(self, *words: str) -> None:
        await self.until(lambda: all(word in self.text for word in words), f"{words} on the screen")

    async def misses(self, word: str) -> None:
        await self.until(lambda: word not in self.text, f"{word!r} to leave the screen")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause(0.05)

    async def paste(self, text: str) -> None:
        """Pastes into the field in focus, over what stands there, as one does with a path."""
        await self.press("home", "shift+end", "delete")
        self.app.post_message(Paste(text))
        await self.pilot.pause(0.05)

    async def type(self, text: str) -> None:
        """Types into the field in focus, over what stands there."""
        await self.press("home", "shift+end", "delete", *text_keys(text))


def text_keys(text: str) -> list[str]:
    names = {
        " ": "space",
        ".": "full_stop",
        "=": "equals_sign",
        "-": "minus",
        "_": "underscore",
        ",": "comma",
    }
    return [names.get(letter, letter) for letter in text]


@asynccontextmanager
async def live(gateway: RunningGateway, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Live]:
    """The console, once it shows the gateway's numbers."""
    place = Place(gateway.data, gateway.config)
    handle = GatewayHandle(gateway.url, gateway.admin_token, place, gateway.child.pid)
    client = handle.client()
    desk = Desk(handle, client, Feed(client, lambda: datetime.now(UTC)))
    app = Console(desk, themes=(shipped(),))
    app.animation_level = "none"
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            hands = Live(app, pilot, gateway)
            await hands.sees("today $", "budgets")
            yield hands
    finally:
        await desk.client.aclose()
        if handle.process is not None:
            handle.close()


async def ask(
    gateway: RunningGateway, prompt: str, *, wire: Wire = CHAT, tags: str = "", stream: bool = False
) -> int:
    """One call of a client, read to its end; its status."""
    headers = {**wire.credential(gateway.token), **({"x-llmconsole-tags": tags} if tags else {})}
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, verify=False, timeout=60) as client:
        body = wire.ask(prompt, cap=10_000, stream=stream)
        async with client.stream("POST", wire.at(stream), json=body, headers=headers) as answer:
            async for _ in answer.aiter_bytes():
                pass
    return answer.status_code
