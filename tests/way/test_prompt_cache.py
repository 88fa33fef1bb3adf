"""The provider's own prompt cache, end to end: what it saved, which block broke it, and what that cost."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.money import NANO
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wall_clock import WallClock
from tests.support.wires import CHAT, MESSAGES

RULES = "Every boat in the harbour has a name, a number and a captain, who signs for it. " * 150


@pytest.fixture
def rules(request: pytest.FixtureRequest) -> str:
    """A long system prompt. The provider serves many tests: each has its own."""
    return f"The rules of {request.node.name}. {RULES}"


MARK = {"cache_control": {"type": "ephemeral"}}
SONNET = {"input": Decimal(3), "write": Decimal("3.75"), "read": Decimal("0.3")}
"""Dollars per million tokens of claude-sonnet-4-5."""


def of_call(gateway: RunningGateway, call: str) -> dict[str, Any]:
    """What is known of a call's prompt cache, once somebody has looked."""
    found: dict[str, Any] = {}

    def looked_at() -> bool:
        answer = gateway.admin_response("GET", f"calls/{call}/prompt-cache")
        found.update(answer.json())
        return answer.status_code == 200

    wait_for(looked_at, what="the coach's word", seconds=10)
    return found


def message(
    gateway: RunningGateway, system: str, *turns: str, marked: bool = True, **headers: str
) -> httpx.Response:
    """A call to Claude: its system prompt and its last turn are marked."""
    messages: list[dict[str, Any]] = []
    for turn in turns:
        messages += [{"role": "user", "content": turn}, {"role": "assistant", "content": "ok"}]
    messages = messages[:-1]
    more = MARK if marked else {}
    messages[-1] = {"role": "user", "content": [{"type": "text", "text": turns[-1], **more}]}
    body = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 50,
        "system": [{"type": "text", "text": system, **more}],
        "messages": messages,
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = gateway.http.post(
        MESSAGES.path, json=body, headers={**MESSAGES.credential(gateway.token), **named}
    )
    assert answer.status_code == 200, answer.text
    return answer


def test_a_kept_prefix_is_read(gateways: Gateways, rules: str) -> None:
    gateway = gateways.start()
    for turns in (["How many boats?"], ["How many boats?", "And captains?"]):
        message(
            gateway,
            rules,
            *turns,
            x_llmconsole_tags="project=boats",
            session_id="kept",
        )
    first, second = gateway.rows(2)
    assert of_call(gateway, first["id"])["why"] == "first"
    found = of_call(gateway, second["id"])
    assert (found["why"], found["before"], found["again_usd"]) == ("kept", first["id"], "0.00")
    read, written = second["cached_input_tokens"], second["cache_write_tokens"]
    assert read > 1024
    saved = (read * (SONNET["input"] - SONNET["read"]) / 10**6).quantize(NANO)
    dearer = (written * (SONNET["write"] - SONNET["input"]) / 10**6).quantize(NANO)
    assert (Decimal(found["saved_usd"]), Decimal(found["write_usd"])) == (saved, dearer)
    shown = gateway.admin("GET", "prompt-cache", params={"by": "tag:project"})
    (row,) = shown["rows"]
    assert (row["key"], row["calls"], row["cached_input_tokens"]) == ("boats", 2, read)
    all_written = first["cache_write_tokens"] + written
    assert Decimal(row["write_usd"]) == all_written * (SONNET["write"] - SONNET["input"]) / 10**6
    assert Decimal(row["saved_usd"]) == saved
    assert Decimal(row["net_usd"]) == Decimal(row["saved_usd"]) - Decimal(row["write_usd"])
    assert Decimal(row["cost_usd"]) == Decimal(first["cost_usd"]) + Decimal(second["cost_usd"])
    assert shown["breaks"] == []
    (by_session,) = gateway.admin("GET", "prompt-cache", params={"by": "session"})["rows"]
    assert by_session["key"] == "kept"
    assert {key: value for key, value in by_session.items() if key != "key"} == shown["total"]


def test_the_block_that_broke_the_prefix_is_named_with_its_price(gateways: Gateways, rules: str) -> None:
    """A clock in the middle of the system prompt: all behind it is written anew at each call."""
    gateway = gateways.start()
    half = rules[:6400]
    for at in ("14:02:09", "14:02:41"):
        message(gateway, f"{half} It is {at}. {half}", "How many boats?", session_id="clock")
    first, second = gateway.rows(2)
    found = of_call(gateway, second["id"])
    assert (found["why"], found["kind"], found["index"], found["change"]) == (
        "changed",
        "system",
        0,
        "changed",
    )
    position = len('{"type":"text","text":"') + 6400
    assert position - 64 <= found["byte"] <= position + 10
    assert found["before"] == first["id"]
    assert second["cached_input_tokens"] == 0
    # A quarter of a token a byte: all that the mark stands behind, but for the clock.
    assert 3150 < found["again_tokens"] <= 3250
    dearer = found["again_tokens"] * (SONNET["write"] - SONNET["read"]) / 10**6
    assert Decimal(found["again_usd"]) == dearer
    assert "system 0 changed at byte 6," in found["text"]
    assert f"{found['again_tokens']:,} tokens were paid again" in found["text"]
    assert found["today"] == {
        "calls": 1,
        "again_tokens": found["again_tokens"],
        "again_usd": found["again_usd"],
    }
    (broken,) = gateway.admin("GET", "prompt-cache")["breaks"]
    assert (broken["why"], broken["kind"], broken["calls"]) == ("changed", "system", 1)
    assert (broken["again_usd"], broken["last_call"]) == (found["again_usd"], second["id"])


def test_a_near_miss_across_conversations_is_found(gateways: Gateways, rules: str) -> None:
    gateway = gateways.start()
    for at in ("one", "twenty-two"):
        message(gateway, f"Ticket {at}. {rules}", f"How many boats has {at}?")
    _, second = gateway.rows(2)
    found = of_call(gateway, second["id"])
    assert (found["why"], found["across"], found["kind"], found["byte"]) == ("changed", True, "system", 0)
    assert found["text"].startswith("beside another conversation system 0 changed at byte 0")
    assert Decimal(found["again_usd"]) > 0


def test_what_is_no_break_is_told_apart(gateways: Gateways, rules: str) -> None:
    gateway = gateways.start()
    message(gateway, "Short.", "How many boats?", session_id="short")
    unmarked = [
        message(gateway, rules, *turns, marked=False, session_id="bare") for turns in (["A"], ["A", "B"])
    ]
    message(gateway, rules, "A", session_id="moves")
    body = CHAT.ask(rules + "How many?", model="gpt-4.1")
    headers = {**CHAT.credential(gateway.token), "session-id": "chat"}
    gateway.http.post(CHAT.path, json=body, headers=headers)
    gateway.http.post(CHAT.path, json={**body, "model": "gpt-4o-mini"}, headers=headers)
    rows = gateway.rows(6)
    assert len(unmarked) == 2
    assert [of_call(gateway, row["id"])["why"] for row in rows] == [
        "short",
        "unmarked",
        "unmarked",
        "first",
        "first",
        "moved",
    ]
    again = of_call(gateway, rows[2]["id"])
    assert "carries no cache marks" in again["text"]
    assert Decimal(again["again_usd"]) > 0, "it could have been read"
    moved = of_call(gateway, rows[5]["id"])
    assert "went to openai/gpt-4.1" in moved["text"]


def test_another_key_is_told_apart(gateways: Gateways, simulated: SimulatedProvider, rules: str) -> None:
    """Each key has a cache of its own."""
    section = f'[providers.anthropic]\nbase_url = "{simulated.url}"\napi_key = "client"\n'
    gateway = gateways.start(section, base_urls={})
    for key in ("sk-one", "sk-two"):
        more = {"x_api_key": key, "x_llmconsole_token": gateway.token}
        message(
            gateway,
            rules,
            "How many boats?",
            marked=True,
            session_id="keys",
            **more,
        )
    first, second = gateway.rows(2)
    found = of_call(gateway, second["id"])
    assert (found["why"], found["before"]) == ("other_key", first["id"])
    assert "made with another key" in found["text"]
    dearer = found["again_tokens"] * (SONNET["write"] - SONNET["read"]) / 10**6
    assert Decimal(found["again_usd"]) == dearer > 0


def test_a_pause_and_a_forgetful_provider_are_told_apart(
    gateways: Gateways, tmp_path: Path, rules: str
) -> None:
    """The provider forgets after a second; only the longer pause of the two is what it promises."""
    folder = tmp_path / "forgetful"
    folder.mkdir()
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    clock = WallClock(folder, noon)
    provider = SimulatedProvider(folder, "--speed", "inf", "--cache-life", "1")
    try:
        urls = {"anthropic": provider.base_url("anthropic")}
        gateway = gateways.start(base_urls=urls, environment=clock.environment)
        for minutes in (0, 2, 9):
            clock.set(noon + timedelta(minutes=minutes))
            message(gateway, rules, "How many boats?", session_id="pauses")
            time.sleep(1.2)
        _, second, third = (of_call(gateway, row["id"]) for row in gateway.rows(3))
    finally:
        provider.close()
    assert (second["why"], second["paused_seconds"]) == ("missed", 120)
    assert (third["why"], third["paused_seconds"]) == ("expired", 420)
    assert "the call before was 7 min ago, and kept is 5 min" in third["text"]
    for found in (second, third):
        assert Decimal(found["again_usd"]) == found["again_tokens"] * Decimal("3.45") / 10**6 > 0
    breaks = gateway.admin("GET", "prompt-cache")["breaks"]
    assert {each["why"]: each["calls"] for each in breaks} == {"missed": 1, "expired": 1}


def test_hashes_alone_are_kept(gateways: Gateways, rules: str) -> None:
    gateway = gateways.start()
    message(gateway, rules, "The secret word is xyzzy-plugh.", session_id="private")
    (row,) = gateway.rows(1)
    assert of_call(gateway, row["id"])["blocks"]
    gateway.stop()
    for file in gateway.data.iterdir():
        assert b"xyzzy" not in file.read_bytes(), file.name


def test_what_was_known_outlives_the_gateway(gateways: Gateways, rules: str) -> None:
    gateway = gateways.start()
    message(gateway, rules, "How many boats?", session_id="again")
    gateway.rows(1)
    gateway.stop()
    after = gateways.again(gateway.data, gateway.config)
    message(after, rules, "How many boats?", "And captains?", session_id="again")
    first, second = after.rows(2)
    found = of_call(after, second["id"])
    assert (found["why"], found["before"]) == ("kept", first["id"])
    assert not after.doctor()
