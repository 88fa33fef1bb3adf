"""When a call goes through a proxy, and that the way through one works."""

from __future__ import annotations

import pytest

from gateway_core.transport import Transport
from gateway_core.transport.proxies import proxy_for
from tests.support.calling import call
from tests.support.scripted import Peer, scripted

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_straight_where_nothing_is_set() -> None:
    assert proxy_for("https", "api.openai.com", 443) is None


def test_each_protocol_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert proxy_for("https", "api.openai.com", 443) == "http://proxy.example:3128"
    assert proxy_for("http", "api.openai.com", 80) is None


def test_one_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "proxy.example:3128")
    assert proxy_for("http", "10.0.0.5", 8000) == "http://proxy.example:3128"


@pytest.mark.parametrize("exception", ["*", "openai.com", ".openai.com", "api.openai.com:443"])
def test_exceptions(monkeypatch: pytest.MonkeyPatch, exception: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", exception)
    assert proxy_for("https", "api.openai.com", 443) is None
    if exception != "*":
        assert proxy_for("https", "api.anthropic.com", 443) is not None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8", "ollama.localhost"])
def test_this_machine_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    assert proxy_for("http", host, 11434) is None


@pytest.mark.anyio
async def test_a_call_through_a_proxy(monkeypatch: pytest.MonkeyPatch, transport: Transport) -> None:
    lines: list[str] = []

    async def script(peer: Peer) -> None:
        while seen := await peer.request():
            lines.append(seen.line)
            await peer.answer(seen.body)

    async with scripted(script) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        headers = {"host": "models.example", "content-length": "2"}
        _, body = await call(transport, "POST", "http://models.example/v1/chat/completions", b"hi", headers)
    assert (lines, body) == (["POST http://models.example/v1/chat/completions HTTP/1.1"], b"hi")
