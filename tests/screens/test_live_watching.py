"""Providers and alerts on a real gateway: what was called, what it costs, what rests, what was told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.screens.alerts import AlertsPage
from console.screens.logs import LogsPage
from console.screens.providers import Providers, below
from gateway_core.http.admin.checkup import STALE_DAYS
from tests.screens.live import ask, live
from tests.screens.story_watching import VITALS
from tests.support.gateway import Gateways

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"
[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "0.10"
window = "month"
at_limit = "alert"
"""
pytestmark = pytest.mark.anyio


async def test_a_provider_shows_what_it_was_asked_and_what_it_costs(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=10]]")
        await console.press("p")
        await console.until(lambda: isinstance(console.app.screen, Providers), "the providers")
        await console.sees(
            "openai", "gpt-5-mini", "100", "● ok", "table last checked", "circuits  all closed"
        )
        await console.press("3")
        await console.sees("providers · last 7d", "gpt-5-mini")


@pytest.mark.parametrize(("days", "old"), [(60, False), (61, True)])
def test_a_table_of_prices_is_old_when_the_doctor_finds_it_old(days: int, old: bool) -> None:
    told = "".join(word for line in below(replace(VITALS, prices_age_days=days)) for word, *_ in line)
    assert (STALE_DAYS, "‼ old" in told) == (60, old)


async def test_a_provider_that_fails_and_fails_is_seen_to_rest(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        for _ in range(6):
            await ask(gateway, "[[sim status=503]]")
        await console.press("p")
        await console.sees("✗ rests", "openai rests after", "faults in a row")


async def test_alerts_are_listed_with_where_they_went(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=900]]", tags="project=web")
        await console.sees("web at 80%")
        await console.press("L")
        await console.until(lambda: isinstance(console.app.screen, AlertsPage), "the alerts")
        await console.sees("80%", "no channel leaves this gateway", "runaway guard")
        await console.press("U")
        await console.sees("the guard holds nothing back")


async def test_the_gateways_log_is_live_narrowed_and_copied(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await console.press("l")
        await console.until(lambda: isinstance(console.app.screen, LogsPage), "the log")
        await console.sees("INFO", "listening on", "gateway.log · from info on")
        await ask(gateway, "of the log [[sim usage=absurd]]")
        await console.sees("WARN", "booked as an estimate", "3 of 3 lines")
        await console.press("3")
        await console.misses("listening on")
        await console.sees("warning and worse", "1 of 3 lines")
        await console.press("1", "slash", *"listening", "enter")
        await console.sees("/listening", "1 of 3 lines", "listening on")
        await console.press("c")
        await console.sees("the line sent to the clipboard")
        assert "INFO gateway_core.server: listening on" in console.app.clipboard
        await console.press("slash", "escape", "y")
        await console.sees("3 lines sent to the clipboard")
        assert console.app.clipboard.splitlines()[-1].endswith("booked as an estimate")
