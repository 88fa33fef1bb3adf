"""Old rows go as the settings say, and their sums stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway_core.rounds import tending
from gateway_core.service import opened
from gateway_core.settings import load_settings
from tests.gateway_core.store.making import ending, eventually

pytestmark = pytest.mark.anyio

LONG_AGO = "2020-01-01T00:00:00.000000Z"


@pytest.mark.parametrize("keep_rows", ["", 'keep_rows = "30d"'])
async def test_rows_as_old_as_the_settings_say_go_and_their_sums_stay(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, keep_rows: str
) -> None:
    monkeypatch.setattr(tending, "PAUSE", 0.05)
    config = tmp_path / "config.toml"
    config.write_text(keep_rows, encoding="utf-8")
    async with opened(load_settings(data=data, config=config)) as gateway:
        now = gateway.started_at
        gateway.ledger.finish(ending("old", started_at=LONG_AGO, finished_at=LONG_AGO, cost_nano=5))
        await gateway.ledger.flush()
        gateway.ledger.finish(ending("new", started_at=now, finished_at=now, cost_nano=7))
        await gateway.ledger.flush()
        if keep_rows:
            await eventually(lambda: gateway.queries.call("old") is None)
        assert [row["id"] for row in gateway.queries.export()] == (["new"] if keep_rows else ["old", "new"])
        assert gateway.queries.spent({}, LONG_AGO)[0] == 12
        assert [check for check in gateway.queries.ledger_checks() if not check.ok] == []
