"""Words on the mode of ended calls: every sum moves with them, rows stay, and the ledger proves itself."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
import pytest

from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd
from gateway_core.model.rows import Certainty, Relabel
from gateway_core.store.files import connect
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.store.retention import compact
from tests.gateway_core.store.making import at, correcting, ending, opening, trying

DAY = 86_400
pytestmark = pytest.mark.anyio


async def label(ledger: Ledger, *words: tuple[str, str | None]) -> None:
    said = [Relabel(call, at(3_600), "ann", mode) for call, mode in words]
    await anyio.to_thread.run_sync(ledger.relabel, said)


def by_mode(queries: Queries) -> dict[str, tuple[int, int]]:
    """Calls and nano-dollars by mode, as reports have them."""
    rows = queries.report(at(), at(40 * DAY), ["tag:mode"])["rows"]
    return {row["keys"]["tag:mode"]: (row["calls"], nano_from_usd(row["cost_usd"])) for row in rows}


def sound(queries: Queries, *live: str) -> bool:
    return [check for check in queries.ledger_checks(live) if not check.ok] == []


def modes(queries: Queries) -> dict[str, Any]:
    return {call["id"]: call["tags"].get("mode") for call in queries.calls(50, None, {})}


async def test_every_sum_follows_and_the_row_stays(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=100, tags={"project": "web"}))
    ledger.finish(ending("b", cost_nano=40, tags={"project": "web", "mode": "building"}))
    await label(ledger, ("a", "vibing"))
    assert by_mode(queries) == {"building": (1, 40), "vibing": (1, 100)}
    assert modes(queries) == {"a": "vibing", "b": "building"}
    assert queries.spent({"mode": "vibing", "project": "web"}, at())[0] == 100
    assert [call["id"] for call in queries.calls(9, None, {"mode": "vibing"})] == ["a"]
    assert sound(queries)
    connection = connect(ledger.path, read_only=True)
    written = connection.execute(
        "SELECT tags FROM calls JOIN series ON series.id = series_id "
        "JOIN tag_sets ON tag_sets.id = tag_set_id WHERE calls.id = 'a'"
    )
    assert written.fetchone()[0] == '{"project":"web"}'
    connection.close()


async def test_the_last_word_counts_and_can_be_taken_back(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=100, tags={"mode": "building"}))
    await label(ledger, ("a", "vibing"), ("a", "building"))
    await label(ledger, ("a", "vibing"))
    assert by_mode(queries) == {"vibing": (1, 100)}
    await label(ledger, ("a", None))
    assert by_mode(queries) == {"building": (1, 100)}
    found = queries.call("a")
    assert found is not None
    assert [(each["before"], each["mode"]) for each in found["relabels"]] == [
        (None, "vibing"),
        ("vibing", "building"),
        ("building", "vibing"),
        ("vibing", None),
    ]
    assert sound(queries)


async def test_tries_and_corrections_go_along_before_and_after(ledger: Ledger, queries: Queries) -> None:
    tried = trying(1, cost_nano=5, certainty=Certainty.ESTIMATED)
    ledger.finish(ending("a", cost_nano=100, earlier=(tried,)))
    await anyio.to_thread.run_sync(ledger.correct, [correcting("a", cost_nano=70)])
    await label(ledger, ("a", "vibing"))
    assert by_mode(queries)["vibing"] == (1, 75)
    await anyio.to_thread.run_sync(ledger.correct, [correcting("a", cost_nano=30)])
    assert by_mode(queries)["vibing"] == (1, 35)
    assert sum(cost for _, cost in by_mode(queries).values()) == 35
    assert sound(queries)
    await label(ledger, ("a", None))
    assert "vibing" not in by_mode(queries)
    assert sound(queries)


@pytest.mark.parametrize("call_id", ["open", "nowhere"])
async def test_only_an_ended_call_has_a_mode_to_speak_of(
    ledger: Ledger, queries: Queries, call_id: str
) -> None:
    ledger.finish(ending("a", cost_nano=100))
    await ledger.open_row(opening("open"))
    with pytest.raises(Refusal) as raised:
        await label(ledger, ("a", "vibing"), (call_id, "vibing"))
    assert raised.value.status == 404
    assert "vibing" not in by_mode(queries), "all of them or none"
    assert sound(queries, "open")


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE relabels SET mode = 'building'",
        "DELETE FROM relabels",
        "DELETE FROM labels",
        "UPDATE labels SET series_id = (SELECT series_id FROM calls WHERE id = 'a')",
    ],
)
async def test_a_word_that_was_changed_is_found(ledger: Ledger, queries: Queries, harm: str) -> None:
    ledger.finish(ending("a", cost_nano=100))
    await label(ledger, ("a", "vibing"))
    assert sound(queries)
    connection = connect(ledger.path)
    connection.execute(harm)
    connection.close()
    assert not sound(queries)


async def test_old_words_go_with_their_calls_and_the_sums_stay(ledger: Ledger, queries: Queries) -> None:
    for call in ("a", "b"):
        ledger.finish(ending(call, cost_nano=100))
    await label(ledger, ("a", "vibing"))
    await anyio.to_thread.run_sync(compact, ledger, at(40 * DAY))
    assert queries.calls(9, None, {}) == []
    assert by_mode(queries)["vibing"] == (1, 100)
    assert sound(queries)
