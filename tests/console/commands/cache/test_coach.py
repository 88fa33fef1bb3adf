"""`llmconsole cache coach`: what prompt caches saved, and which block is paid for again."""

from __future__ import annotations

import json
from typing import Any

from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.wires import MESSAGES

RULES = "Every boat in the harbour has a name, a number and a captain, who signs for it. " * 100


def call(gateway: RunningGateway, at: str) -> None:
    """A system prompt with the time in its midst, marked; the question is the same."""
    mark = {"cache_control": {"type": "ephemeral"}}
    body = {
        **MESSAGES.ask("How many boats?"),
        "system": [{"type": "text", "text": f"{RULES} It is {at}. {RULES}", **mark}],
    }
    headers = {**MESSAGES.credential(gateway.token), "session-id": "s", "x-llmconsole-tags": "project=boats"}
    assert gateway.http.post(MESSAGES.path, json=body, headers=headers).is_success


def test_the_dearest_break_is_told_in_words(gateways: Gateways, llmconsole: CommandLine) -> None:
    gateway = gateways.start()
    llmconsole.data = gateway.data
    assert llmconsole.done("cache", "coach") == "nothing was called in that time\n"
    for at in ("14:02", "14:03", "14:05"):
        call(gateway, at)
    rows = gateway.rows(3)

    def looked_at() -> bool:
        path = f"calls/{rows[-1]['id']}/prompt-cache"
        return gateway.admin_response("GET", path).status_code == 200

    wait_for(looked_at, what="the coach's word", seconds=10)
    told = llmconsole.done("cache", "coach", "--since", "1h")
    assert told.startswith("project")
    assert "system 0 changed at byte 8," in told
    assert "tokens in 2 calls (anthropic/claude-sonnet-4-5, project boats)" in told
    found: dict[str, Any] = json.loads(llmconsole.done("cache", "coach", "--by", "session", "--json"))
    (row,) = found["rows"]
    assert (row["key"], row["calls"], row["again_calls"]) == ("s", 3, 2)
    (broken,) = found["breaks"]
    assert broken["again_usd"] == row["again_usd"]
    wrong = llmconsole("cache", "coach", "--by", "colour")
    assert (wrong.returncode, "cannot group by 'colour'" in wrong.stderr) == (2, True), wrong.stderr
