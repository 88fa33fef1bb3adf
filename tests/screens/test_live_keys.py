"""Provider keys entered on the screen: stored, tested, deleted, and never to be seen anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import Input

from console.screens.confirm import Confirm
from console.screens.first_run import FirstRun
from console.screens.key_form import KeyForm
from console.screens.keys import KeysPage
from tests.screens.capture import rows_of
from tests.screens.live import Live, ask, live
from tests.screens.svg import picture
from tests.support.gateway import Gateways, RunningGateway
from tests.support.keyring_session import KeyringSession
from tests.support.simulated import SimulatedProvider

SECOND = "another-provider-key-that-nobody-may-see-7b1d"
SECRET = "a-provider-key-that-nobody-may-see-9f2c"
pytestmark = pytest.mark.anyio


def start(gateways: Gateways, simulated: SimulatedProvider, environment: dict[str, str]) -> RunningGateway:
    """A gateway whose OpenAI has no key yet and is the simulated one; nothing else is configured."""
    top = f'[providers.openai]\nbase_url = "{simulated.base_url("openai")}"\napi_key = "keyring"\n'
    return gateways.start(policy=top, base_urls={}, environment=environment)


def state(gateway: RunningGateway) -> dict[str, Any]:
    return next(key for key in gateway.admin("GET", "keys")["keys"] if key["provider"] == "openai")


async def open_form(console: Live) -> None:
    await console.press("K")
    await console.until(lambda: isinstance(console.app.screen, KeysPage), "the keys")
    await console.sees("OpenAI")
    page = console.app.screen
    assert isinstance(page, KeysPage)
    page.list.select("openai")
    await console.press("enter")
    await console.until(lambda: isinstance(console.app.screen, KeyForm), "the form")


def field(console: Live) -> Input:
    return console.app.screen.query_one("#key", Input)


async def replace_key(console: Live, gateway: RunningGateway) -> None:
    """Another key in its place; until that is stored the first one stays."""
    await console.press("enter")
    await console.sees("replace the key", "••••9f2c stays in use until the new one works")
    field(console).value = SECOND
    assert state(gateway)["hint"] == "••••9f2c"
    await console.press("ctrl+s")
    await console.sees("••••7b1d saved, in the place of ••••9f2c")
    assert (state(gateway)["source"], state(gateway)["hint"]) == ("keyring", "••••7b1d")
    assert SECOND not in console.text and SECOND not in console.app.export_screenshot()


async def test_a_key_goes_to_the_keyring_and_is_never_seen(
    gateways: Gateways, simulated: SimulatedProvider, keyring_session: KeyringSession
) -> None:
    gateway = start(gateways, simulated, keyring_session.environment)
    async with live(gateway) as console:
        await console.until(lambda: isinstance(console.app.screen, FirstRun), "the first page")
        await open_form(console)
        field(console).value = SECRET
        await console.sees("••••••••")
        assert SECRET not in console.text
        assert SECRET not in picture(rows_of(console.app), "keys", "black")
        assert SECRET not in console.app.export_screenshot()
        await console.press("ctrl+s")
        await console.until(lambda: isinstance(console.app.screen, KeysPage), "the list again")
        await console.sees("••••9f2c", "in the OS keyring")
        assert SECRET not in console.text
        assert state(gateway)["source"] == "keyring"
        assert SECRET in keyring_session.search("service", "llmconsole") or "9f2c" in str(state(gateway))
        await console.press("T")
        await console.sees("✓ works")
        await ask(gateway, "hello [[sim output=12]]")
        await console.sees("last ok", "s ago")
        await replace_key(console, gateway)
        await console.press("D")
        await console.until(lambda: isinstance(console.app.screen, Confirm), "the question")
        await console.press("y")
        await console.until(lambda: state(gateway)["source"] == "missing", "the end of the key")
        await console.sees("no key · ⏎ adds it")
    log = gateway.data / "console.log"
    written = log.read_text(encoding="utf-8") if log.exists() else ""
    for secret in (SECRET, SECOND):
        assert secret not in gateway.child.output + written


async def test_without_a_keyring_it_says_so_and_keeps_the_key_for_the_session(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    gateway = start(gateways, simulated, {})
    async with live(gateway) as console:
        await console.until(lambda: isinstance(console.app.screen, FirstRun), "the first page")
        await console.sees("no usable OS keyring", "llmconsole demo")
        await open_form(console)
        await console.sees("No usable OS keyring here", "session only")
        field(console).value = SECRET
        await console.press("enter")
        await console.until(lambda: isinstance(console.app.screen, KeysPage), "the list again")
        await console.sees("this session only", "••••9f2c")
        assert state(gateway)["source"] == "session"


async def test_a_key_that_the_provider_refuses_is_not_stored(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    dead = f'[providers.openai]\nbase_url = "{simulated.url}/nowhere"\napi_key = "keyring"\n'
    gateway = gateways.start(policy=dead, base_urls={})
    async with live(gateway) as console:
        await console.until(lambda: isinstance(console.app.screen, FirstRun), "the first page")
        await open_form(console)
        field(console).value = SECRET
        await console.press("ctrl+s")
        await console.sees("‼", "choose 'no' above")
        assert isinstance(console.app.screen, KeyForm)
        assert state(gateway)["source"] == "missing"
        await console.press("escape")
        assert SECRET not in console.text


async def test_two_words_are_no_key(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = start(gateways, simulated, {})
    async with live(gateway) as console:
        await console.until(lambda: isinstance(console.app.screen, FirstRun), "the first page")
        await open_form(console)
        field(console).value = "export KEY=x"
        await console.press("ctrl+s")
        await console.sees("a key is one word")
        assert state(gateway)["source"] == "missing"
