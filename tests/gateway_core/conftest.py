"""A ledger on a real file, and its queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.start()
    yield ledger
    ledger.close()


@pytest.fixture
def queries(ledger: Ledger) -> Iterator[Queries]:
    queries = Queries(ledger.path)
    yield queries
    queries.close()
