"""A small real call, as the first page makes it."""

from __future__ import annotations

import pytest

from console.trial import NOT_FOUND, offered_by, trial
from console.trouble import GatewayGone
from tests.support.gateway import Gateways
from tests.support.simulated import SimulatedProvider

pytestmark = pytest.mark.anyio


async def test_the_first_provider_with_a_key_answers(gateways: Gateways) -> None:
    gateway = gateways.start()
    came = await trial(gateway.url, gateway.token)
    assert (came.status, came.problem) == (200, None)
    (row,) = gateway.rows(1)
    assert row["model"] == came.model and row["output_tokens"] <= 16


async def test_without_any_key_it_says_what_to_do_and_a_local_model_is_found(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    local = f'[providers.ollama]\nbase_url = "{simulated.base_url("openai")}"\n'
    gateway = gateways.start(local, base_urls={})
    came = await trial(gateway.url, gateway.token)
    assert came.status == NOT_FOUND and "llmconsole keys set" in (came.problem or "")
    assert await offered_by(gateway.url, gateway.token, ["nobody"]) is None


async def test_a_wrong_token_and_no_gateway(gateways: Gateways) -> None:
    gateway = gateways.start()
    came = await trial(gateway.url, "lc-wrong")
    assert came.status == 401 and came.problem
    with pytest.raises(GatewayGone):
        await trial("http://127.0.0.1:9", "lc-x")
