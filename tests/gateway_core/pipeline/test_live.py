"""What watchers see of a call is what the ledger will say of it."""

from __future__ import annotations

import pytest

from gateway_core.model.rows import Certainty
from gateway_core.pipeline.live import settled_view
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import ending, trying

pytestmark = pytest.mark.anyio


async def test_a_settled_call_looks_as_in_the_ledger(tmp_path_factory: pytest.TempPathFactory) -> None:
    tried = trying(1, cost_nano=300, certainty=Certainty.ESTIMATED)
    row = ending("a", cost_nano=1000, certainty=Certainty.REPORTED, attempts=2, earlier=(tried,))
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.db")
    ledger.start()
    ledger.finish(row)
    await ledger.flush()
    queries = Queries(ledger.path)
    stored = queries.calls(1)[0]
    seen = settled_view(row, row.tags)
    assert (seen["cost_usd"], seen["certainty"]) == ("0.0000013", "estimated")
    assert {name: stored[name] for name in seen} == seen
    queries.close()
    ledger.close()
