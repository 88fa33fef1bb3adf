"""The event stream: in order, resumable, ended by the gateway, and no burden to it when its reader leaves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway_core.settings.policy import SECTIONS
from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.wires import CHAT

Event = tuple[int, str, dict[str, Any]]


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


def open_stream(gateway: RunningGateway, after: int | None = None) -> Any:
    headers = {"authorization": f"Bearer {gateway.admin_token}"}
    if after is not None:
        headers["last-event-id"] = str(after)
    return gateway.http.stream("GET", "/admin/v1/events", headers=headers, timeout=20)


def events(stream: httpx.Response) -> Iterator[Event]:
    """The events of an open stream as they come."""
    rest = ""
    for piece in stream.iter_text():
        *blocks, rest = (rest + piece).split("\n\n")
        for block in blocks:
            fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
            if fields:
                yield int(fields["id"]), fields["event"], json.loads(fields["data"])


def take(stream: httpx.Response, count: int) -> list[Event]:
    found = events(stream)
    return [next(found) for _ in range(count)]


def set_mode(gateway: RunningGateway, mode: str) -> None:
    gateway.admin("PUT", "mode", json={"mode": mode})


def watchers(gateway: RunningGateway) -> int:
    count: int = gateway.admin("GET", "status")["watchers"]
    return count


def test_a_call_is_told_from_its_opening_to_its_settlement(gateway: RunningGateway) -> None:
    with open_stream(gateway) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        told = events(stream)
        wait_for(lambda: watchers(gateway) == 1, what="the watcher")
        body = CHAT.ask("Tell [[sim output=100 chunks=50 gap=0.02]]", stream=True)
        gateway.http.post(CHAT.path, headers=CHAT.credential(gateway.token), json=body)
        seen = [next(told)]
        while seen[-1][1] != "call.settled":
            seen.append(next(told))
    kinds = [kind for _, kind, _ in seen]
    assert kinds[0] == "call.opened"
    assert set(kinds[1:-1]) == {"call.progress"}
    opened, progress, settled = seen[0][2], seen[1][2], seen[-1][2]
    assert opened["id"] == progress["id"] == settled["id"]
    assert (opened["status"], settled["status"]) == ("open", "settled")
    row = gateway.rows(1)[0]
    assert row.items() <= settled.items()


def test_what_was_missed_is_told_after_last_event_id(gateway: RunningGateway) -> None:
    for mode in ("building", "vibing", "building"):
        set_mode(gateway, mode)
    with open_stream(gateway, after=0) as stream:
        told = take(stream, 5)
    assert [id for id, _, _ in told] == [1, 2, 3, 4, 5]
    assert told[1][1:] == ("gateway", {"state": "ready"})
    assert [(kind, data) for _, kind, data in told[2:]] == [("policy.changed", {"what": "mode"})] * 3
    with open_stream(gateway, after=told[2][0]) as stream:
        assert take(stream, 2) == told[3:]


def test_an_id_of_another_life_begins_with_what_comes(gateway: RunningGateway) -> None:
    with open_stream(gateway, after=10**9) as stream:
        wait_for(lambda: watchers(gateway) == 1, what="the watcher")
        set_mode(gateway, "building")
        assert take(stream, 1)[0][2] == {"what": "mode"}
    for odd in ("x", "9" * 5_000):
        headers = {"authorization": f"Bearer {gateway.admin_token}", "last-event-id": odd}
        refused = gateway.http.get("/admin/v1/events", headers=headers)
        assert (refused.status_code, "is no number of ours" in refused.text) == (400, True)


@pytest.mark.parametrize(
    ("method", "path", "body", "what"),
    [
        ("PUT", "budgets/a", {"limit_usd": "1"}, ["budgets"]),
        ("PUT", "throttles/a", {"concurrent": 3}, ["throttles"]),
        ("PUT", "routes/a", {"use": ["gpt-5-nano"]}, ["routes"]),
        ("PUT", "policy", {"toml": ""}, list(SECTIONS)),
        ("PUT", "keys/groq", {"key": "sk-0123456789", "session_only": True}, ["keys"]),
        ("POST", "tokens", {"name": "a", "tags": {}}, ["tokens"]),
    ],
)
def test_every_edit_is_told(
    gateway: RunningGateway, method: str, path: str, body: dict[str, object], what: list[str]
) -> None:
    with open_stream(gateway) as stream:
        wait_for(lambda: watchers(gateway) == 1, what="the watcher")
        gateway.admin(method, path, json=body)
        told = take(stream, len(what))
    assert [(kind, data["what"]) for _, kind, data in told] == [("policy.changed", each) for each in what]


def test_a_reader_that_leaves_is_forgotten(gateway: RunningGateway) -> None:
    with open_stream(gateway):
        wait_for(lambda: watchers(gateway) == 1, what="the watcher")
    wait_for(lambda: watchers(gateway) == 0, what="the watcher to be gone")


def test_the_stream_ends_properly_with_the_gateway(gateway: RunningGateway) -> None:
    with open_stream(gateway) as stream:
        wait_for(lambda: watchers(gateway) == 1, what="the watcher")
        gateway.admin("POST", "stop", json={})
        told = list(events(stream))
    assert [(kind, data) for _, kind, data in told] == [("gateway", {"state": "draining"})]
    wait_for(lambda: not gateway.child.running, what="the end of the gateway")
    assert gateway.child.popen.returncode == 0
    assert not re.search("Traceback|ERROR", gateway.child.output)
