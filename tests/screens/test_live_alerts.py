"""Alerts on the screen: a toast with their sentence, and the terminal's bell where the settings want it."""

from __future__ import annotations

import pytest

from tests.screens.live import ask, live
from tests.support.gateway import Gateways

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"

[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "1.00"
window = "total"
at_limit = "block"
alerts = [50]
"""
pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("bell", [True, False])
async def test_an_alert_pops_up_and_rings(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch, bell: bool
) -> None:
    gateway = gateways.start(f"[alerts]\nbell = {str(bell).lower()}\n{POLICY}")
    async with live(gateway) as console:
        rung: list[bool] = []
        monkeypatch.setattr(console.app, "bell", lambda: rung.append(True))
        gateway.admin("POST", "alerts/test", json={})
        await console.sees("this is a test")
        await ask(gateway, "[[sim output=6000]]", tags="project=web", stream=True)
        await console.sees("budget web has reached 50 %")
        assert len(rung) == (2 if bell else 0)
