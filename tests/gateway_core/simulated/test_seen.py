"""The record of what arrived: complete, with what a call truly used and who left early."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES


def test_an_arrival_is_described(simulated: SimulatedProvider) -> None:
    before = simulated.mark()
    body = MESSAGES.ask("[[sim id=mark-1 input=50 cached=20 output=5 usage=absurd]]")
    headers = {**MESSAGES.credential("sk-simulated-abcd"), "user-agent": "tests", "x-other": "secret"}
    simulated.http.post("/v1/messages?beta=true", json=body, headers=headers)
    (arrived,) = simulated.seen(before, bodies=True)
    assert arrived["id"] == "mark-1"
    assert (arrived["method"], arrived["path"], arrived["query"]) == ("POST", "/v1/messages", "beta=true")
    assert (arrived["model"], arrived["stream"], arrived["status"]) == (MESSAGES.model, False, 200)
    assert (arrived["key"], arrived["finished"], arrived["client_left"]) == ("abcd", True, False)
    assert arrived["headers"]["user-agent"] == "tests"
    assert "x-other" in arrived["header_names"] and "secret" not in str(arrived)
    assert json.loads(arrived["body"]) == body
    assert arrived["usage"] == {
        "input": 30, "cached_input": 20, "cache_write": 0, "cache_write_1h": 0, "output": 5, "reasoning": 0,
    }  # fmt: skip


def test_refused_calls_arrive_too(simulated: SimulatedProvider) -> None:
    before = simulated.mark()
    assert simulated.http.post(CHAT.path, json=CHAT.ask("?")).status_code == 401
    assert simulated.http.get("/v1/nothing").status_code == 404
    assert [arrived["status"] for arrived in simulated.seen(before)] == [401, 404]


@pytest.mark.parametrize("words", ["chunks=50 gap=0.05 output=200", "hang=20", "hang=after:1:20 chunks=5"])
def test_a_client_that_leaves_is_noticed(simulated: SimulatedProvider, words: str) -> None:
    before = simulated.mark()
    body = CHAT.ask(f"[[sim {words}]]", stream=True)
    with pytest.raises(httpx.ReadTimeout):
        simulated.http.post(
            CHAT.path, json=body, headers=CHAT.credential("sk-simulated"), timeout=httpx.Timeout(5, read=0.04)
        )

    def left() -> bool:
        return bool(simulated.seen(before)[0]["client_left"])

    assert wait_for(left, what="the provider to notice", seconds=2)
    assert simulated.seen(before)[0]["finished"] is False


def test_reset_forgets(fresh_simulated: SimulatedProvider) -> None:
    fresh_simulated.http.get("/v1/models", headers=CHAT.credential("k"))
    assert fresh_simulated.http.get("/_seen").json()["total"] == 1
    report = fresh_simulated.http.post("/_seen/reset").json()
    assert report == {"total": 0, "plain": {}, "requests": []}
