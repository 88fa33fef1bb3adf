"""The first page on a real gateway: a key, a limit, a client pointed here, and the first call that comes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from textual.widgets import Input

from console.app import Console
from console.screens.first_run import FirstRun
from console.screens.key_form import KeyForm
from console.shapes import Keyring, Status
from tests.screens.live import Live, ask, live
from tests.screens.stage import on_stage
from tests.screens.story import Story
from tests.support.gateway import Gateways, RunningGateway
from tests.support.keyring_session import KeyringSession
from tests.support.simulated import SimulatedProvider

SECRET = "a-provider-key-that-nobody-may-see-9f2c"
pytestmark = pytest.mark.anyio


def start(gateways: Gateways, simulated: SimulatedProvider, environment: dict[str, str]) -> RunningGateway:
    """A gateway whose OpenAI has no key yet and is the simulated one, and an Ollama that does not run."""
    top = f'[providers.openai]\nbase_url = "{simulated.base_url("openai")}"\napi_key = "keyring"\n'
    local = '[providers.ollama]\nbase_url = "http://127.0.0.1:9/v1"\n'
    return gateways.start(policy=top + local, base_urls={}, environment=environment)


def page(console: Live) -> FirstRun:
    assert isinstance(console.app.screen, FirstRun), console.text
    return console.app.screen


async def first_page(console: Live) -> FirstRun:
    await console.until(lambda: isinstance(console.app.screen, FirstRun), "the first page")
    await console.sees("1 of 3 · providers", "OpenAI")
    return page(console)


def order_on(console: Live) -> list[tuple[int, str]]:
    """The providers as they stand on the screen: row and title."""
    keys = page(console).providers.keys
    titles = [key.title for key in keys.keys] if keys else []
    return [(at, title) for at, line in enumerate(console.lines) for title in titles if f" {title} " in line]


async def test_the_three_steps_end_with_the_first_call(
    gateways: Gateways, simulated: SimulatedProvider, keyring_session: KeyringSession
) -> None:
    gateway = start(gateways, simulated, keyring_session.environment)
    async with live(gateway) as console:
        steps = await first_page(console)
        await console.sees("no provider can be called yet", "nothing answers at 127.0.0.1:9")
        await console.sees("OS keyring, Secret Service")
        steps.providers.list.select("openai")
        await console.pilot.pause()
        places = order_on(console)
        await console.press("a")
        await console.until(lambda: isinstance(console.app.screen, KeyForm), "the form")
        console.app.screen.query_one("#key", Input).value = SECRET
        await console.press("ctrl+s")
        await console.sees("••••9f2c", "in the OS keyring", "a provider can be called")
        assert order_on(console) == places, "nothing moves under the cursor"
        await console.press("enter")
        await console.sees("2 of 3 · one limit", "You are told at 80 %")
        await console.type("much")
        await console.press("enter")
        await console.sees("‼")
        await console.type("25")
        await console.press("enter")
        await console.sees("3 of 3 · point your client here", "run -- claude", "waiting for the first call")
        (budget,) = gateway.admin("GET", "budgets")["budgets"]
        assert (budget["name"], budget["limit_usd"], budget["window"]) == ("everything", "25.00", "month")
        assert (budget["match"], budget["alerts"]) == ({}, [80, 100])
        assert gateway.token not in console.text and gateway.token[-4:] in console.text
        await ask(gateway, "hello [[sim output=12]]")
        await console.sees("default → openai", "gpt-5-mini", "tok", "It works")
        await console.press("enter")
        await console.sees("spend $/min", "everything")
    assert SECRET not in gateway.child.output


async def test_a_test_request_is_a_real_call(gateways: Gateways) -> None:
    gateway = gateways.start()
    async with live(gateway) as console:
        await console.press("F")
        await console.until(lambda: isinstance(console.app.screen, FirstRun), "the first page")
        await console.press("enter", "enter", "T")
        await console.sees("first-run → ", "It works")
        (row,) = gateway.rows(1)
        assert (row["outcome"], row["tags"]["app"], row["asked_model"]) == ("ok", "first-run", "auto")


async def test_a_limit_that_is_there_is_told_of_in_whole_lines_on_a_small_screen(gateways: Gateways) -> None:
    limit = '[[budgets]]\nname = "everything"\nmatch = {}\nlimit_usd = "7.50"\nwindow = "month"\n'
    async with live(gateways.start(limit), size=(80, 24)) as console:
        await console.press("F")
        await first_page(console)
        await console.press("enter")
        await console.sees("the budget everything is there already; another sum changes it", "7.50")
        await console.sees("b all limits, u takes it back")


async def test_a_provider_of_ones_own_stands_first_and_is_asked_by_name(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    own = f'[providers.mylab]\nformat = "openai"\nbase_url = "{simulated.base_url("openai")}"\n'
    price = '[prices."mylab/gpt-5-nano"]\ninput = "0.10"\noutput = "0.40"\n'
    policy = f'{own}models = ["gpt-5-nano"]\n{price}'
    gateway = gateways.start(policy=policy, base_urls={}, environment={"MYLAB_API_KEY": "sk-own"})
    async with live(gateway) as console:
        await console.press("F")
        first = await first_page(console)
        await console.sees("MYLAB_API_KEY of the environment")
        assert first.providers.list.current == "mylab"
        await console.press("enter", "enter", "T")
        await console.sees("first-run → mylab", "It works")


async def test_a_test_request_that_is_refused_says_why(gateways: Gateways) -> None:
    policy = '[[budgets]]\nname = "none"\nlimit_usd = "0.00"\nwindow = "total"\n'
    gateway = gateways.start(policy)
    async with live(gateway) as console:
        await console.press("F", "enter", "enter", "T")
        await console.sees("✗", "budget none")
        assert "It works" not in console.text


async def test_variables_go_to_envrc_and_what_stands_there_stays(
    gateways: Gateways, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / ".envrc").write_text("export MINE=1", encoding="utf-8")
    monkeypatch.chdir(folder)
    gateway = gateways.start()
    async with live(gateway) as console:
        await console.press("F", "enter", "enter")
        await console.sees("ANTHROPIC_BASE_URL", "lc-••••")
        await console.press("v")
        await console.sees("--tag project=shop", "/@project=shop,mode=vibing")
        await console.press("W")
        await console.sees("added a block to", ".envrc")
        assert gateway.token not in console.text
    text = (folder / ".envrc").read_text(encoding="utf-8")
    assert text.startswith("export MINE=1\n# >>> llmconsole >>>\n")
    assert f"export ANTHROPIC_AUTH_TOKEN={gateway.token}\n" in text
    assert f"ANTHROPIC_BASE_URL={gateway.url}/@project=shop,mode=vibing" in text
    assert (folder / ".envrc").stat().st_mode & 0o777 == 0o600


async def test_the_first_page_can_be_gone_through_backwards_and_left(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    gateway = start(gateways, simulated, {})
    async with live(gateway) as console:
        await first_page(console)
        await console.sees("no usable OS keyring", "llmconsole demo")
        await console.press("enter", "enter")
        await console.sees("3 of 3")
        await console.press("left")
        await console.sees("2 of 3")
        await console.press("left")
        await console.sees("1 of 3")
        await console.press("escape")
        await console.sees("spend $/min")
        await console.press("colon", *"first-run", "enter")
        await console.sees("1 of 3")
        await console.press("c", "d")
        await console.sees("this terminal cannot be")
        assert not console.app.clipboard


class Slow(Story):
    """A gateway just started, whose keyring has not answered yet."""

    answered = False

    async def status(self) -> Status:
        found = await super().status()
        unknown = Keyring(backend="unknown", usable=False)
        return found if self.answered else replace(found, keyring=unknown, any_key=True)


def shown(app: Console) -> bool:
    return isinstance(app.screen, FirstRun)


async def test_the_first_page_waits_for_a_slow_keyring() -> None:
    story = Slow(empty=True, any_key=False)
    async with on_stage(story) as (app, pilot):
        assert not shown(app)
        story.answered = True
        with anyio.fail_after(30):
            while not shown(app):
                await pilot.pause(0.1)
