"""The ledger proves itself, and each kind of damage is found by the check that is for it."""

from __future__ import annotations

import anyio.to_thread
import pytest

from gateway_core.model.policy import Policy
from gateway_core.store.files import connect
from gateway_core.store.ledger import Ledger
from gateway_core.store.policy import PolicyStore
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, correcting, ending, opening, trying

pytestmark = pytest.mark.anyio


async def fill(ledger: Ledger) -> None:
    for number in range(50):
        started, earlier = at(number * 400), (trying(1, cost_nano=2),) if number % 5 == 0 else ()
        ended = at(number * 400 + 1)
        ledger.finish(ending(f"{number}", started_at=started, finished_at=ended, earlier=earlier))
    await ledger.flush()
    words = (correcting("3"), correcting("3", cost_nano=1))
    await anyio.to_thread.run_sync(ledger.correct, words)
    store = PolicyStore(ledger)
    for _ in range(2):
        await anyio.to_thread.run_sync(lambda: store.save(Policy(), who="ann", what="policy"))


def failing(queries: Queries, *live: str) -> list[str]:
    return [check.name for check in queries.ledger_checks(live) if not check.ok]


async def test_a_sound_ledger_passes_every_check(ledger: Ledger, queries: Queries) -> None:
    await fill(ledger)
    checks = queries.ledger_checks()
    assert [check.name for check in checks] == [
        "pages",
        "rollups, minutes",
        "rollups, quarters",
        "rollups, hours",
        "rollups, days",
        "rollups by outcome, hours",
        "rollups by outcome, days",
        "open rows",
        "amounts",
        "endings",
        "attempts",
        "corrections",
        "modes",
        "compactions",
        "numbers",
        "seals",
        "references",
        "tags",
    ]
    assert all(check.ok and check.detail for check in checks)


async def test_an_open_row_needs_a_running_call(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("a"))
    assert failing(queries, "a") == []
    assert failing(queries, "b") == ["open rows"]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE calls SET cost_nano = cost_nano + 1 WHERE id = '7'", "rollups, hours"),
        ("DELETE FROM calls WHERE id = '7'", "rollups, days"),
        ("UPDATE rollups SET calls = calls + 1 WHERE span = 900000000", "rollups, quarters"),
        ("DELETE FROM rollups WHERE span = 60000000", "rollups, minutes"),
        ("DELETE FROM rollups WHERE span = 3600000000", "rollups, hours"),
        ("UPDATE rollups_by_outcome SET outcome = 'failed'", "rollups by outcome, hours"),
        ("UPDATE calls SET held_nano = -1 WHERE id = '7'", "amounts"),
        ("UPDATE calls SET finished_at = NULL WHERE id = '7'", "endings"),
        ("UPDATE calls SET finished_at = started_at - 1 WHERE id = '7'", "endings"),
        ("DELETE FROM tag_sets", "references"),
        ("UPDATE attempts SET call_n = 999 WHERE call_n = 1", "attempts"),
        ("UPDATE attempts SET called_at = called_at + 1", "attempts"),
        ("UPDATE attempts SET cost_nano = -1", "amounts"),
        ("UPDATE corrections SET call_n = 999 WHERE n = 1", "corrections"),
        ("UPDATE corrections SET before_cost_nano = before_cost_nano + 1 WHERE n = 2", "corrections"),
        ("DELETE FROM corrections WHERE n = 1", "corrections"),
        ("UPDATE corrections SET cost_nano = -1 WHERE n = 2", "amounts"),
        ("UPDATE calls SET excess_nano = -1 WHERE id = '7'", "amounts"),
        ("UPDATE rollups SET cost_nano = -cost_nano", "amounts"),
        ("UPDATE policy_edits SET n = 3 WHERE n = 2", "numbers"),
        ("UPDATE calls SET n = -7 WHERE id = '7'", "numbers"),
        ("UPDATE calls SET seal = 2 WHERE id = '7'", "seals"),
    ],
)
async def test_damage_is_found(ledger: Ledger, queries: Queries, damage: str, found: str) -> None:
    await fill(ledger)
    connection = connect(ledger.path)
    connection.execute(damage)
    connection.close()
    assert found in failing(queries)
