"""One call's page on a real gateway: its phases as they happen, other models, tries, corrections."""

from __future__ import annotations

import re
from functools import partial

import anyio
import pytest

from console.screens.inspector import Inspector
from console.screens.what_if import WhatIfForm
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"

[prices."openai/gpt-5"]
input = "0"
output = "300"
"""
pytestmark = pytest.mark.anyio


async def inspected(console: Live) -> None:
    await console.press("enter")
    await console.until(lambda: isinstance(console.app.screen, Inspector), "the receipt")


def streamed(console: Live) -> float:
    """Seconds of the stream's phase as the screen tells them."""
    found = re.search(r"stream (\d+(?:\.\d+)?)(ms|s)", console.text)
    return float(found[1]) / (1_000 if found[2] == "ms" else 1) if found else 0.0


async def test_the_phases_fill_while_the_call_runs_and_end_with_it(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console, anyio.create_task_group() as tasks:
        prompt = "[[sim output=300 chunks=30 gap=0.25 ttft=5]]"
        tasks.start_soon(partial(ask, gateway, prompt, stream=True))
        await console.sees("1 live", "●")
        await inspected(console)
        await console.sees("to first byte", "…", "stream –")
        await console.until(lambda: streamed(console) > 0, "the stream's phase")
        first = streamed(console)
        await console.until(lambda: streamed(console) > first, "a longer stream")
        await console.press("W")
        await console.sees("its tokens are known when it has ended")
        await console.sees("ok · 200")
        await console.until(lambda: not re.search(r"whole \d.*…", console.text), "the end of the phases")
        (row,) = gateway.rows(1)
        assert abs(streamed(console) * 1_000 - (row["duration_ms"] - row["first_byte_ms"])) < 200


ROUTED = """
[[routes]]
name = "docs"
when = { project = "docs" }
use = ["gpt-5-nano"]
"""


async def test_a_running_call_says_why_it_goes_where_it_goes(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY + ROUTED)
    async with live(gateway, (200, 50)) as console, anyio.create_task_group() as tasks:
        prompt = "[[sim output=60 chunks=30 gap=0.4 ttft=0.5]]"
        tasks.start_soon(partial(ask, gateway, prompt, stream=True, tags="project=docs"))
        await console.sees("1 live", "●")
        await inspected(console)
        await console.sees("#1 MATCH  docs: when project=docs", "under way at openai/gpt-5-nano")
        gateway.admin("POST", f"calls/{gateway.admin('GET', 'calls')['in_flight'][0]['id']}/end")
        await console.sees("#1 MATCH  docs: when project=docs", "ended cancelled")


async def test_what_if_names_other_models_and_what_they_cost(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway, (80, 24)) as console:
        await ask(gateway, "[[sim output=1000]]")
        await console.sees("0.1000")
        await inspected(console)
        await console.press("W")
        await console.until(lambda: isinstance(console.app.screen, WhatIfForm), "the other models")
        await console.sees("openai/gpt-5-mini", "served", "nothing is called")
        before = len(console.app.screen.list._ids)  # type: ignore[attr-defined]
        await console.press("a")
        await console.until(
            lambda: len(console.app.screen.list._ids) > before,  # type: ignore[attr-defined]
            "models without a key",
        )
        await console.press("escape")
        await console.until(lambda: isinstance(console.app.screen, Inspector), "the receipt")
    assert len(gateway.rows(1)) == 1


async def test_tries_and_corrections_are_listed(gateways: Gateways) -> None:
    gateway = gateways.start(
        POLICY
        + '[[routes]]\nname = "pair"\nwhen = { model = "gpt-5" }\n'
        + 'use = ["anthropic/claude-sonnet-4-5", "gpt-5-mini"]\n'
    )
    body = {**CHAT.ask("[[sim output=1000]]", cap=10_000), "model": "gpt-5-mini"}
    assert gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token)).status_code == 200
    (row,) = gateway.rows(1)
    gateway.admin("POST", f"calls/{row['id']}/corrections", json={"cost_usd": "0.07", "why": "by the bill"})
    async with live(gateway) as console:
        await console.sees("0.0700")
        await inspected(console)
        await console.sees("tries and corrections", "corrected", "$0.1000 → $0.0700", "by the bill")


async def test_messages_are_shown_where_they_are_kept_and_never_under_the_mask(gateways: Gateways) -> None:
    gateway = gateways.start('[[capture]]\nmatch = { project = "web" }\n')
    async with live(gateway, (120, 50)) as console:
        await ask(gateway, "What did the peculiar cat say?", tags="project=web")
        await ask(gateway, "and nobody keeps this", tags="project=other")
        await console.until(lambda: gateway.admin("GET", "messages")["calls"] == 1, "the messages")
        rows = {row["tags"]["project"]: row["id"] for row in gateway.rows(2)}
        console.app.push_screen(Inspector(console.app.desk, rows["web"], [rows["web"], rows["other"]]))
        await console.sees("messages", "What did the peculiar cat say?", "answer", "kept for 6d 23h more")
        await console.press("P")
        await console.sees("the mask hides what was said")
        await console.misses("peculiar")
        await console.press("P")
        await console.sees("peculiar")
        await console.press("right")
        await console.misses("peculiar")
        await console.misses("messages ─")


async def answered(gateway: RunningGateway, console: Live) -> None:
    """A call has ended, and its page is open."""
    await ask(gateway, "Which tide is the higher one?")
    await console.sees("1 today")
    await inspected(console)


async def test_a_key_says_whether_the_answer_was_good_enough(gateways: Gateways) -> None:
    gateway = gateways.start(f"[routing]\nlearn = true\n{POLICY}")
    async with live(gateway) as console:
        await answered(gateway, console)
        await console.press("minus")
        await console.sees("taken down: this answer was not good enough")
        await console.press("plus")
        await console.sees("taken down: this answer was good enough")
    forgetful = gateways.start(POLICY)
    async with live(forgetful) as console:
        await answered(forgetful, console)
        await console.press("plus")
        await console.sees("is not remembered")
