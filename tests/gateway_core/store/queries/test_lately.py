"""When tokens were used last, and when providers last answered well."""

from __future__ import annotations

import pytest

from gateway_core.model.rows import Outcome
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, ending

pytestmark = pytest.mark.anyio


async def test_the_latest_call_of_a_token_and_the_latest_good_answer(
    ledger: Ledger, queries: Queries
) -> None:
    assert queries.tokens_used() == {} and queries.providers_answered() == {}
    first = ending("good", first_byte_ms=40.0)
    ledger.finish(first)
    ledger.finish(ending("bad", started_at=at(60), outcome=Outcome.FAILED, first_byte_ms=None))
    await ledger.flush()
    assert queries.tokens_used() == {first.token: at(60)}
    assert queries.providers_answered() == {first.provider: (first.started_at, 40.0)}
