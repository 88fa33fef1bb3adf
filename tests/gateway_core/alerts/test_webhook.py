"""The webhook: what it sends can be checked by its receiver, and nothing else is trusted on either side."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway_core.alerts.webhook import Webhook, secret_holder
from gateway_core.clock import Clock
from gateway_core.model.alerts import Alert
from gateway_core.model.errors import Fault
from gateway_core.upstream.posting import Poster
from gateway_core.vault import Vault
from tests.support.receiver import Receiver
from tests.support.scripted import Peer, scripted

pytestmark = pytest.mark.anyio

SECRET = "a-secret-that-is-long-enough"
ALERT = Alert("01j", "2026-11-26T15:00:00.000000Z", "budget.alert", "budget wéb reached 80 %", {"mark": 80})


@asynccontextmanager
async def webhook(url: str, tmp_path: Path, secret: str = SECRET) -> AsyncIterator[Webhook]:
    path = tmp_path / "webhook.secret"
    path.write_text(secret, encoding="utf-8")
    path.chmod(0o600)
    made = Webhook(url, secret_holder(f"file:{path}"), Vault(), Clock())
    yield made
    await made.aclose()


async def problem_of(hook: Webhook) -> str:
    with pytest.raises(Fault) as caught:
        await hook.send(ALERT)
    return caught.value.message


async def test_the_post_is_signed_so_that_its_receiver_can_tell(receiver: Receiver, tmp_path: Path) -> None:
    async with webhook(f"{receiver.url}/hooks/llm?channel=ops", tmp_path) as hook:
        await hook.send(ALERT)
    (got,) = receiver.received
    assert got.path == "/hooks/llm?channel=ops"
    assert got.headers["content-type"] == "application/json"
    assert got.json == {
        "id": "01j",
        "at": "2026-11-26T15:00:00.000000Z",
        "kind": "budget.alert",
        "text": "budget wéb reached 80 %",
        "data": {"mark": 80},
    }
    timestamp = got.headers["x-llmconsole-timestamp"]
    assert abs(int(timestamp) - time.time()) < 30
    digest = hmac.new(SECRET.encode(), timestamp.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    assert got.headers["x-llmconsole-signature"] == f"v1={digest}"


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500])
async def test_what_is_not_200_is_a_failure_and_redirects_are_not_followed(
    receiver: Receiver, tmp_path: Path, status: int
) -> None:
    receiver.answers = [status]
    async with webhook(receiver.url, tmp_path) as hook:
        problem = await problem_of(hook)
    assert problem.startswith(f"127.0.0.1 answered {status}")
    assert len(receiver.received) == 1


async def test_an_address_may_be_a_secret_and_is_not_repeated(tmp_path: Path) -> None:
    async with webhook("http://127.0.0.1:9/hooks/T0/B0/very-secret?key=more", tmp_path) as hook:
        problem = await problem_of(hook)
    assert problem == "127.0.0.1 could not be reached (ConnectError)"


async def test_a_silent_receiver_costs_its_time_limit(tmp_path: Path) -> None:
    async def silent(peer: Peer) -> None:
        await peer.request()
        await peer.client_closes()

    async with scripted(silent) as server:
        poster = Poster(seconds=0.2)
        with pytest.raises(Fault, match=r"127\.0\.0\.1 did not answer within 0\.2 s"):
            await poster.post(server.url, {}, b"{}")
        await poster.aclose()


async def test_nothing_is_sent_unsigned(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_SECRET", raising=False)
    hook = Webhook(receiver.url, secret_holder("env:SOME_SECRET"), Vault(), Clock())
    assert "no signing secret; store one with: llmconsole alerts secret" in await problem_of(hook)
    monkeypatch.setenv("SOME_SECRET", "short")
    assert "shorter than 16 characters" in await problem_of(hook)
    assert receiver.received == []
    await hook.aclose()


async def test_a_secret_that_others_may_read_is_refused(receiver: Receiver, tmp_path: Path) -> None:
    async with webhook(receiver.url, tmp_path) as hook:
        (tmp_path / "webhook.secret").chmod(0o644)
        assert "others may read the key file" in await problem_of(hook)
    assert receiver.received == []
