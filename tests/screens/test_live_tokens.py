"""Client tokens on the screen: made with tags and a limit, shown once, used, revoked."""

from __future__ import annotations

import re

import pytest

from console.screens.confirm import Confirm
from console.screens.keys import KeysPage
from console.screens.token_form import TokenForm
from console.screens.token_shown import TokenShown
from tests.screens.live import Live, live
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"
"""
pytestmark = pytest.mark.anyio


async def make(console: Live, *, limit: str) -> str:
    """A token named ci, with tags and a limit; its text, once it is on the screen."""
    await console.press("K")
    await console.until(lambda: isinstance(console.app.screen, KeysPage), "the keys")
    await console.sees("default")
    await console.press("tab", "n")
    await console.until(lambda: isinstance(console.app.screen, TokenForm), "the form")
    await console.type("ci")
    await console.press("down")
    await console.type("app=ci,user=bot")
    await console.press("down")
    await console.type(limit)
    await console.press("ctrl+s")
    await console.until(lambda: isinstance(console.app.screen, TokenShown), "the token")
    await console.sees("kept nowhere", "ANTHROPIC_BASE_URL=", "lc-••••")
    await console.press("c")
    await console.until(lambda: console.app.clipboard.startswith("lc-"), "the token in the clipboard")
    return console.app.clipboard


def call(gateway: RunningGateway, token: str) -> int:
    body = CHAT.ask("[[sim output=500]]", cap=500)
    return gateway.http.post(CHAT.path, headers=CHAT.credential(token), json=body).status_code


async def test_a_token_is_made_used_up_to_its_own_limit_and_revoked(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        token = await make(console, limit="0.07")
        assert token not in console.text and token not in console.app.export_screenshot()
        assert not (gateway.data / "last-copy").exists()
        await console.press("right", "l")
        await console.until(
            lambda: "LLMCONSOLE_TOKEN" in console.app.clipboard, "the lines of the next client"
        )
        assert token in console.app.clipboard and "codex" in console.app.clipboard
        await console.press("v")
        await console.sees(token)
        await console.press("v", "escape")
        await console.until(lambda: isinstance(console.app.screen, KeysPage), "the list")
        await console.sees("app=ci user=bot", "$0.00 of $0.07/month")
        (budget,) = gateway.admin("GET", "budgets")["budgets"]
        assert (budget["name"], budget["match"], budget["at_limit"]) == ("token ci", {"token": "ci"}, "block")
        assert call(gateway, token) == 200
        assert call(gateway, token) == 402
        assert call(gateway, gateway.token) == 200
        tags = {row["token"]: row["tags"] for row in gateway.rows(3)}["ci"]
        assert (tags["app"], tags["user"]) == ("ci", "bot")
        await console.sees("$0.05 of $0.07/month")
        await console.until(lambda: re.search(r"ci .*(now|s ago)", console.text), "when it was used")
        page = console.app.screen
        assert isinstance(page, KeysPage)
        page.tokens.select("1")
        await console.press("D")
        await console.until(lambda: isinstance(console.app.screen, Confirm), "the question")
        await console.press("y")
        await console.sees("revoked")
        assert call(gateway, token) == 401
    assert token not in gateway.child.output


async def test_a_token_that_is_there_gets_a_limit_and_u_takes_it_back(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await console.press("K")
        await console.sees("default")
        await console.press("tab", "enter")
        await console.sees("limit of token default")
        await console.type("nothing")
        await console.press("ctrl+s")
        await console.sees("an amount in dollars")
        await console.type("3")
        await console.press("ctrl+s")
        await console.sees("of $3/month")
        assert gateway.admin("GET", "budgets")["budgets"][0]["match"] == {"token": "default"}
        await console.press("u")
        await console.until(lambda: not gateway.admin("GET", "budgets")["budgets"], "the limit to go")
        await console.misses("of $3/month")


async def test_a_name_in_use_makes_no_token(gateways: Gateways) -> None:
    gateway = gateways.start()
    async with live(gateway) as console:
        await console.press("K")
        await console.sees("default")
        await console.press("tab", "n")
        await console.type("default")
        await console.press("ctrl+s")
        await console.sees("there is a token 'default' already")
        assert len(gateway.admin("GET", "tokens")["tokens"]) == 1
