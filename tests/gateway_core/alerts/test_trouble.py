"""Trouble is told once, and once more when it is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway_core.alerts import Alerts
from gateway_core.alerts.trouble import LedgerTrouble, ProviderTrouble
from gateway_core.model.rows import FinalRow, Outcome
from gateway_core.store.ledger import Ledger
from gateway_core.tally import Tally
from tests.gateway_core.alerts.conftest import MakeAlerts
from tests.gateway_core.store.making import ending

pytestmark = pytest.mark.anyio


async def texts(alerts: Alerts, ledger: Ledger) -> list[str]:
    await ledger.flush()
    return [alert.text for alert, _ in reversed(alerts.store.recent())]


async def test_a_ledger_that_cannot_be_written_is_told_and_its_recovery_too(
    make_alerts: MakeAlerts, ledger: Ledger
) -> None:
    alerts, problems = make_alerts([]), [None, "disk full", "disk full", None, None]
    trouble = LedgerTrouble(alerts, lambda: problems.pop(0))
    for _ in range(5):
        await trouble.look()
    assert await texts(alerts, ledger) == [
        "the ledger cannot be written (disk full); new calls are refused until it can",
        "the ledger can be written again; calls are served",
    ]


async def test_a_provider_that_serves_nobody_is_told_once_until_it_serves(
    make_alerts: MakeAlerts, ledger: Ledger
) -> None:
    alerts, tally = make_alerts([]), Tally()
    trouble = ProviderTrouble(alerts, tally)
    served: FinalRow = ending("a")
    failed = replace(served, outcome=Outcome.FAILED)

    async def pass_by(*rows: FinalRow) -> list[str]:
        for row in rows:
            tally.add(row)
        await trouble.look()
        return await texts(alerts, ledger)

    assert await pass_by(*[failed] * 4) == []
    assert await pass_by(served, *[failed] * 30) == []
    assert await pass_by(*[failed] * 3) == []
    expected = "the last 5 calls to openai failed, and none was served"
    assert await pass_by(*[failed] * 2) == [expected]
    assert await pass_by(*[failed] * 9) == [expected]
    assert await pass_by(served) == [expected]
    assert await pass_by(*[failed] * 5) == [expected, expected]
    refused = [replace(failed, provider="groq", outcome=Outcome.REFUSED)] * 9
    assert len(await pass_by(*refused)) == 2
