"""Client tokens let in from their first moment to their last; the first one's text is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway_core.clock import Clock
from gateway_core.http.client_tokens import FIRST, ClientTokens
from gateway_core.model.errors import Refusal
from gateway_core.store.ledger import Ledger
from gateway_core.store.policy import PolicyStore

pytestmark = pytest.mark.anyio


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def tokens(ledger: Ledger, tmp_path: Path, told: list[str]) -> ClientTokens:
    return ClientTokens(
        PolicyStore(ledger), tmp_path, Clock(), required=True, changed=lambda: told.append("changed")
    )


def found(tokens: ClientTokens, text: str) -> str:
    return tokens.known.find({"x-llmconsole-token": text})[0].name


async def test_a_token_lets_in_until_it_is_revoked(tokens: ClientTokens, told: list[str]) -> None:
    text = await tokens.create("ci", {"user": "ci"})
    assert found(tokens, text) == "ci"
    await tokens.revoke("ci")
    with pytest.raises(Refusal) as caught:
        found(tokens, text)
    assert caught.value.status == 401
    assert told == ["changed", "changed"]


async def test_a_name_that_is_in_use_or_unknown_is_refused(tokens: ClientTokens, told: list[str]) -> None:
    await tokens.create("ci", {})
    with pytest.raises(Refusal, match="ci") as caught:
        await tokens.create("ci", {})
    assert caught.value.status == 409
    with pytest.raises(Refusal, match="nobody") as caught:
        await tokens.revoke("nobody")
    assert caught.value.status == 404
    assert told == ["changed"]


async def test_the_first_token_is_made_once_and_its_text_kept_for_its_owner(
    tokens: ClientTokens, tmp_path: Path
) -> None:
    assert tokens.first() == ""
    await tokens.make_first()
    text = tokens.first()
    assert found(tokens, text) == FIRST
    await tokens.make_first()
    assert tokens.first() == text
    assert (tmp_path / "client.token").stat().st_mode & 0o077 == 0


async def test_a_text_of_another_ledger_is_written_over(tokens: ClientTokens, tmp_path: Path) -> None:
    (tmp_path / "client.token").write_text("lc-of-a-ledger-that-is-gone\n", encoding="utf-8")
    await tokens.make_first()
    assert found(tokens, tokens.first()) == FIRST


async def test_a_later_start_knows_the_tokens_of_an_earlier_one(
    tokens: ClientTokens, ledger: Ledger, tmp_path: Path
) -> None:
    text = await tokens.create("ci", {})
    later = ClientTokens(PolicyStore(ledger), tmp_path, Clock(), required=True, changed=lambda: None)
    assert found(later, text) == "ci"
