"""Who may speak to the gateway."""

from __future__ import annotations

import hmac

import pytest

from gateway_core.http.guard import Tokens, check_host, new_token
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ClientToken

KEY = b"k" * 32


def tokens(*texts: str, required: bool = True) -> Tokens:
    known = [ClientToken(text, hmac.digest(KEY, text.encode(), "sha256"), {}, "") for text in texts]
    return Tokens(KEY, known, required)


@pytest.mark.parametrize("host", ["127.0.0.1:4141", "localhost:4141", "[::1]:4141", "LOCALHOST:4141"])
def test_loopback_names_are_served(host: str) -> None:
    check_host({"host": host}, frozenset(), 4141)


@pytest.mark.parametrize(
    "host",
    ["evil.example:4141", "127.0.0.1.evil.example", "", "10.0.0.5:4141", "::1", "localhost:1", "localhost"],
)
def test_foreign_names_are_not(host: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_host({"host": host}, frozenset(), 4141)
    assert caught.value.status == 403


def test_a_name_that_was_asked_for_is_served() -> None:
    check_host({"host": "10.0.0.5:4141"}, frozenset({"10.0.0.5"}), 4141)


def test_whoever_listens_everywhere_is_reached_at_any_address_but_not_by_any_name() -> None:
    everywhere = frozenset({"0.0.0.0"})
    check_host({"host": "192.168.1.7:4141"}, everywhere, 4141)
    check_host({"host": "[fe80::1]:4141"}, everywhere, 4141)
    with pytest.raises(Refusal):
        check_host({"host": "evil.example:4141"}, everywhere, 4141)


def test_the_usual_port_need_not_be_stated() -> None:
    check_host({"host": "localhost"}, frozenset(), 80)


def test_web_pages_are_not_served() -> None:
    with pytest.raises(Refusal, match="web pages"):
        check_host({"host": "localhost:4141", "origin": "http://localhost:4141"}, frozenset(), 4141)


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer secret"},
        {"authorization": "bearer  secret"},
        {"x-api-key": "secret"},
        {"x-goog-api-key": "secret"},
        {"x-llmconsole-token": "secret", "authorization": "Bearer sk-the-clients-own"},
    ],
)
def test_a_token_may_come_in_any_of_four_headers(headers: dict[str, str]) -> None:
    assert tokens("secret").find(headers)[0].name == "secret"


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": "Basic secret"}]
)
def test_without_a_known_token_nobody_is_served(headers: dict[str, str]) -> None:
    with pytest.raises(Refusal, match="llmconsole env") as caught:
        tokens("secret").find(headers)
    assert caught.value.status == 401


def test_revoked_tokens_are_unknown() -> None:
    revoked = ClientToken(
        "old", hmac.digest(KEY, b"old", "sha256"), {}, "", revoked_at="2026-11-23T00:00:00.000000Z"
    )
    with pytest.raises(Refusal):
        Tokens(KEY, [revoked], required=True).find({"x-api-key": "old"})


def test_an_open_gateway_serves_anybody() -> None:
    assert tokens("secret", required=False).find({})[0].name == "-"
    assert tokens("secret", required=False).find({"x-api-key": "secret"})[0].name == "secret"


def test_tokens_are_long_and_never_alike() -> None:
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    assert all(len(token) >= 45 for token in made)


def test_every_header_that_holds_a_token_of_ours_is_named() -> None:
    headers = {"x-llmconsole-token": "one", "authorization": "Bearer two", "x-api-key": "sk-theirs"}
    token, ours = tokens("one", "two").find(headers)
    assert (token.name, sorted(ours)) == ("one", ["authorization", "x-llmconsole-token"])
