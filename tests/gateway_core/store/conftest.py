"""A ledger on a real file, and its queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    ledger = Ledger(path)
    ledger.start()
    yield ledger
    ledger.close()


@pytest.fixture
def queries(ledger: Ledger) -> Iterator[Queries]:
    queries = Queries(ledger.path)
    yield queries
    queries.close()
