"""Kept answers as a person handles them: who shares them, how they are looked at, pinned and discarded."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, Json

ON = {"x-llmconsole-cache": "on"}


def send(gateway: RunningGateway, body: Json, token: str | None = None, **headers: str) -> httpx.Response:
    sent = {**CHAT.credential(token or gateway.token), **ON, **headers}
    response = gateway.http.post(CHAT.path, json=body, headers=sent)
    assert response.status_code == 200, response.text
    time.sleep(0.05)
    return response


def use_of(response: httpx.Response) -> str:
    return str(response.headers["x-llmconsole-cache"])


def token(gateway: RunningGateway, name: str) -> str:
    return str(gateway.admin("POST", "tokens", json={"name": name})["token"])


def test_a_declared_group_shares_and_nobody_else(gateways: Gateways) -> None:
    gateway = gateways.start('[cache]\nshare = [["ci", "ann"]]\n')
    ci, ann, bob = (token(gateway, name) for name in ("ci", "ann", "bob"))
    body = CHAT.ask("Shared by some.", cap=2000)
    assert [use_of(send(gateway, body, each)) for each in (ci, ann, bob)] == ["miss", "hit", "miss"]
    assert use_of(send(gateway, body)) == "miss"
    found = gateway.admin("GET", "cache/entries", params={"where": "token=ci"})["entries"]
    assert [each["scope"] for each in found] == ["group ['ann', 'ci']"]


def test_a_token_that_is_made_again_finds_nothing(gateways: Gateways) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Whose is it?")
    assert use_of(send(gateway, body, token(gateway, "ann"))) == "miss"
    gateway.admin("DELETE", "tokens/ann")
    assert use_of(send(gateway, body, token(gateway, "ann"))) == "miss"


def test_the_entries_tell_what_they_are(gateways: Gateways) -> None:
    gateway = gateways.start()
    first = send(gateway, CHAT.ask("Look at me. [[sim output=20]]"), **{"x-llmconsole-tags": "project=web"})
    hit, *_ = [send(gateway, CHAT.ask("Look at me. [[sim output=20]]")) for _ in range(3)]
    send(gateway, CHAT.ask("And me. [[sim output=400]]"), **{"x-llmconsole-tags": "project=app"})
    cost = Decimal(first.headers["x-llmconsole-cost-usd"])
    listed = gateway.admin("GET", "cache/entries", params={"sort": "hits"})
    assert listed["total"] == 2
    one, other = listed["entries"]
    assert (one["hits"], one["kind"], one["project"], one["token"]) == (3, "exact", "web", "default")
    assert Decimal(one["saved_usd"]) == 3 * cost == 3 * Decimal(one["cost_usd"])
    assert one["key"] == hit.headers["x-llmconsole-cache-key"]
    assert hit.headers["x-llmconsole-cache-kind"] == "exact"
    assert "Look at me" not in str(listed)
    assert (other["hits"], other["project"], other["output_tokens"]) == (0, "app", 400)
    detail = gateway.admin("GET", f"cache/entries/{one['key'][:8]}")
    assert detail["answer"]
    assert detail["call_id"] == first.headers["x-llmconsole-request-id"]
    for where, count in (("project=app", 1), ("model=gpt*", 2), ("provider=anthropic", 0), ("user=x", 0)):
        assert gateway.admin("GET", "cache/entries", params={"where": where})["total"] == count
    call = {"where": f"call={first.headers['x-llmconsole-request-id']}"}
    assert gateway.admin("GET", "cache/entries", params=call)["total"] == 1
    page = gateway.admin("GET", "cache/entries", params={"limit": 1, "offset": 1, "sort": "hits"})
    assert [each["key"] for each in page["entries"]] == [other["key"]]
    assert gateway.admin_response("GET", "cache/entries", params={"sort": "x"}).status_code == 400


def test_pin_and_discard(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Pin me.")
    key = _key(gateway, body)
    assert gateway.admin("POST", f"cache/entries/{key}/pin", json={})["pinned"] is True
    assert gateway.admin("GET", "cache/entries", params={"pinned": "true"})["total"] == 1
    assert gateway.admin("POST", f"cache/entries/{key}/unpin", json={})["pinned"] is False
    assert gateway.admin("DELETE", f"cache/entries/{key}")["discarded"] == 1
    assert gateway.admin_response("GET", f"cache/entries/{key}").status_code == 404
    assert use_of(send(gateway, body)) == "miss"
    assert gateway.admin_response("DELETE", "cache/entries").status_code == 400
    assert gateway.admin("DELETE", "cache/entries", params={"where": "model=none"})["discarded"] == 0
    assert gateway.admin("DELETE", "cache/entries", params={"where": "token=default"})["discarded"] == 1
    send(gateway, body)
    assert gateway.admin("DELETE", "cache/entries", params={"all": "true"})["discarded"] == 1


def test_a_discarded_answer_is_served_to_nobody_and_comes_back_as_it_was(gateways: Gateways) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Discard me, then do not. [[sim output=20]]")
    key = _key(gateway, body)
    gateway.admin("POST", f"cache/entries/{key}/pin", json={})
    before = gateway.admin("GET", f"cache/entries/{key}")
    gone = gateway.admin("DELETE", f"cache/entries/{key}")
    assert gone["discarded"] == 1
    assert gone["back_until"] > before["created_at"]
    asked = {**CHAT.credential(gateway.token), "x-llmconsole-cache": "only"}
    assert gateway.http.post(CHAT.path, json=body, headers=asked).status_code == 504
    assert gateway.admin("GET", "cache/stats")["entries"] == 0
    back = gateway.admin("POST", f"cache/entries/{key[:8]}/restore", json={})
    assert back["pinned"] is True
    assert gateway.admin("GET", f"cache/entries/{key}") == before
    assert use_of(send(gateway, body)) == "hit"
    again = gateway.admin_response("POST", f"cache/entries/{key}/restore", json={})
    assert (again.status_code, again.json()["error"]["code"]) == (404, "no_such_entry")


def test_a_newer_answer_in_its_place_stays(gateways: Gateways) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Which one stays? [[sim output=20]]")
    key = _key(gateway, body)
    gateway.admin("DELETE", f"cache/entries/{key}")
    newer = send(gateway, body).headers["x-llmconsole-request-id"]
    refused = gateway.admin_response("POST", f"cache/entries/{key}/restore", json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "newer_answer")
    assert gateway.admin("GET", f"cache/entries/{key}")["call_id"] == newer


def test_what_was_cleared_does_not_come_back(gateways: Gateways) -> None:
    gateway = gateways.start()
    key = _key(gateway, CHAT.ask("Gone for good. [[sim output=20]]"))
    gateway.admin("DELETE", f"cache/entries/{key}")
    gateway.admin("DELETE", "cache/entries", params={"all": "true"})
    assert gateway.admin_response("POST", f"cache/entries/{key}/restore", json={}).status_code == 404


def test_pins_and_discards_are_made_over_what_was_seen(gateways: Gateways) -> None:
    gateway = gateways.start()
    key = _key(gateway, CHAT.ask("Two hands on me. [[sim output=20]]"))
    seen = gateway.admin("GET", f"cache/entries/{key}")["revision"]
    headers = {"authorization": f"Bearer {gateway.admin_token}", "if-match": f'"{seen}"'}
    place = f"/admin/v1/cache/entries/{key}"
    assert gateway.http.post(f"{place}/pin", json={}, headers=headers).is_success
    for answer in (
        gateway.http.post(f"{place}/unpin", json={}, headers=headers),
        gateway.http.delete(place, headers=headers),
    ):
        assert answer.status_code == 412
        assert "was changed meanwhile" in answer.json()["error"]["message"]
    assert gateway.admin("GET", f"cache/entries/{key}")["pinned"] is True


def _key(gateway: RunningGateway, body: Json) -> str:
    send(gateway, body)
    return str(send(gateway, body).headers["x-llmconsole-cache-key"])


def test_hit_rate_and_savings_by_tag(gateways: Gateways) -> None:
    gateway = gateways.start()
    web, app = {"x-llmconsole-tags": "project=web"}, {"x-llmconsole-tags": "project=app"}
    paid = send(gateway, CHAT.ask("By tag. [[sim output=50]]"), **web)
    for _ in range(2):
        send(gateway, CHAT.ask("By tag. [[sim output=50]]"), **web)
    send(gateway, CHAT.ask("Another. [[sim output=50]]"), **app)
    gateway.rows(4)
    stats = gateway.admin("GET", "cache/stats", params={"by": "tag:project", "since": "24h"})
    rows = {row["keys"]["tag:project"]: row for row in stats["rows"]}
    assert (rows["web"]["hits"], rows["web"]["misses"], rows["app"]["hits"]) == (2, 1, 0)
    assert rows["web"]["rate"] == pytest.approx(2 / 3)
    saved = 2 * Decimal(paid.headers["x-llmconsole-cost-usd"])
    assert Decimal(rows["web"]["saved_usd"]) == Decimal(stats["total"]["saved_usd"]) == saved
    assert (stats["entries"], stats["pinned"], stats["semantic"]) == (2, 0, 0)
    report: Any = gateway.admin("GET", "report", params={"since": "24h", "by": "tag:project"})
    assert sum(row["cache_hits"] for row in report["rows"]) == report["total"]["cache_hits"] == 2
    assert Decimal(report["total"]["cache_saved_usd"]) == saved


def test_tools_are_kept_only_where_the_rule_says_so(gateways: Gateways) -> None:
    tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
    body = {**CHAT.ask("With a tool."), "tools": [tool]}
    assert use_of(send(gateways.start(), body)) == "bypass"
    gateway = gateways.start("[cache]\nexact = { when = {}, tools = true }\n")
    assert [use_of(send(gateway, body)) for _ in range(2)] == ["miss", "hit"]


def test_an_answer_is_kept_as_that_of_the_model_that_served(gateways: Gateways) -> None:
    """A fallback served: what the route's first model says is still to be asked for."""
    use = 'use = ["gpt-5-nano", "gpt-5-mini"]\npin = false'
    gateway = gateways.start(f'[[routes]]\nname = "two"\n{use}\n')
    body = CHAT.ask("Who answers? [[sim status=503 times=1 output=20]]")
    first, second = (send(gateway, body) for _ in range(2))
    models = [each.headers["x-llmconsole-model"] for each in (first, second)]
    assert models == ["gpt-5-mini", "gpt-5-nano"]
    assert use_of(second) == "miss"
    asked = send(gateway, body, **{"x-llmconsole-route": "off"})
    assert (use_of(asked), asked.headers["x-llmconsole-model"]) == ("hit", "gpt-5-mini")
    assert asked.content == first.content
    kept = gateway.admin("GET", "cache/entries")["entries"]
    assert sorted(each["model"] for each in kept) == ["gpt-5-mini", "gpt-5-nano"]


@pytest.mark.parametrize("pace", ['"recorded"', "20"])
def test_a_stream_is_replayed_at_its_pace(gateways: Gateways, pace: str) -> None:
    gateway = gateways.start(f"[cache]\nexact = {{ when = {{}}, pace = {pace} }}\n")
    body = CHAT.ask("Slowly. [[sim chunks=6 gap=0.2 output=20]]", stream=True)

    def timed() -> tuple[bytes, float]:
        headers = CHAT.credential(gateway.token)
        began = time.monotonic()
        answer = gateway.http.post(CHAT.path, json=body, headers=headers)
        return answer.content, time.monotonic() - began

    (first, _), _, (again, took) = timed(), gateway.rows(1), timed()
    assert first == again
    # Six pieces with 0.2 s between them, or twenty tokens at twenty a second.
    assert took > 0.7
