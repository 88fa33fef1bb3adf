"""The gateway goes away under the console, and comes back; the console leaves while calls are under way."""

from __future__ import annotations

from functools import partial

import anyio
import pytest

from console.gateway import Place, start
from console.screens.confirm import Quitting
from tests.screens.live import ask, live
from tests.support.gateway import Gateways

POLICY = '[prices."openai/gpt-5-mini"]\ninput = "0"\noutput = "100"\n'
pytestmark = pytest.mark.anyio


async def test_a_killed_gateway_is_said_and_one_key_starts_it_again(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=1000]]")
        await console.sees("today $0.10", "0.1000")
        gateway.kill()
        await console.sees("the gateway has not answered for", "starts it again")
        await console.sees("today $0.10")
        await console.press("R")
        await console.misses("has not answered")
        await console.sees("the gateway runs again", "today $0.10")
        handle = console.app.desk.handle
        assert handle.owned
        assert handle.url == (await console.app.desk.client.status()).url
        gateway.url, gateway.token = handle.url, (gateway.data / "client.token").read_text().strip()
        await ask(gateway, "again [[sim output=1000]]")
        await console.sees("today $0.20")
    await anyio.to_thread.run_sync(handle.close)


async def test_a_gateway_that_somebody_else_starts_again_is_found(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    port = gateway.url.rsplit(":", 1)[1]
    async with live(gateway, (80, 24)) as console:
        gateway.kill()
        await console.sees("has not answered")
        assert console.lines[1].rstrip().endswith("R starts it again"), "what does not fit whole is left out"
        gateways.again(gateway.data, gateway.config, options=["--port", port])
        await console.misses("has not answered")
        await console.sees("today $")


async def test_the_start_key_does_nothing_while_the_gateway_runs(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await console.press("R")
        await console.sees("the gateway runs")
        assert not console.app.desk.handle.owned


async def test_quitting_under_way_asks_and_can_keep_the_gateway(gateways: Gateways) -> None:
    first = gateways.start(POLICY)
    first.stop()
    handle = start(Place(first.data, first.config))
    first.url, first.token = handle.url, (first.data / "client.token").read_text().strip()
    async with live(first) as console, anyio.create_task_group() as tasks:
        console.app.desk.handle.process = handle.process
        tasks.start_soon(partial(ask, first, "[[sim output=100 chunks=40 gap=0.2]]", stream=True))
        await console.sees("1 live")
        await console.press("q")
        await console.until(lambda: isinstance(console.app.screen, Quitting), "the question")
        await console.sees("1 call is under way")
        await console.press("escape")
        assert not isinstance(console.app.screen, Quitting)
        await console.press("q")
        await console.until(lambda: isinstance(console.app.screen, Quitting), "the question")
        await console.press("k")
        await console.until(lambda: console.app.desk.handle.kept, "the kept gateway")
        tasks.cancel_scope.cancel()
    assert handle.process is not None
    assert handle.process.poll() is None
    handle.process.terminate()
    handle.process.wait(20)


async def test_quitting_at_rest_asks_nothing(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await console.press("q")
        await console.until(
            lambda: console.app.return_code is not None or not console.app.is_running, "the end"
        )
    assert gateway.child.running
