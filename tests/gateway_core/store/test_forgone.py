"""What would have been saved: kept beside the rows, follows later words on them, outlives them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest

from gateway_core.model.forgone import Forgone, Kind
from gateway_core.model.money import nano_from_usd
from gateway_core.model.rows import Certainty, Relabel
from gateway_core.rules.proving import How
from gateway_core.store.files import connect
from gateway_core.store.forgone import FACTS, KEYS, SPANS
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.store.retention import compact
from gateway_core.store.trials import Told, TrialStore
from tests.gateway_core.store.making import at, correcting, ending, opening

DAY = 86_400
pytestmark = pytest.mark.anyio


def route(name: str, would: int | None, place: int = 0, target: str = "openai/gpt-5-nano") -> Forgone:
    return Forgone(Kind.ROUTE, name, target, would, place)


def told(queries: Queries, *by: str, **where: str) -> dict[str, Any]:
    found: dict[str, Any] = queries.report(at(), at(40 * DAY), by, where, would=True)["forgone"]
    return found


def nano(found: dict[str, Any], name: str) -> int:
    return nano_from_usd(found["total"][f"{name}_usd"])


async def test_a_route_that_watched_would_have_saved_the_difference(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=1_000, forgone=(route("cheap", 400),)))
    ledger.finish(ending("b", cost_nano=1_000, forgone=(route("cheap", 1_700),)))
    ledger.finish(ending("c", cost_nano=1_000))
    await ledger.flush()
    found = told(queries)
    assert (found["total"]["routed"], nano(found, "routed"), nano(found, "together")) == (2, -100, -100)
    (one,) = found["routes"]
    assert (one["route"], one["target"], one["calls"]) == ("cheap", "openai/gpt-5-nano", 2)
    assert nano_from_usd(one["saved_usd"]) == -100
    report = queries.report(at(), at(DAY), [], {}, would=False)
    assert "forgone" not in report and report["total"]["saved_usd"] == "0.00"


async def test_of_two_routes_the_first_counts_in_the_sum(ledger: Ledger, queries: Queries) -> None:
    both = (route("first", 400), route("second", 100, place=1))
    ledger.finish(ending("a", cost_nano=1_000, forgone=both))
    await ledger.flush()
    found = told(queries)
    assert {each["route"]: nano_from_usd(each["saved_usd"]) for each in found["routes"]} == {
        "first": 600,
        "second": 900,
    }
    assert (found["total"]["routed"], nano(found, "routed"), nano(found, "together")) == (1, 600, 600)


async def test_what_has_no_price_is_counted_and_not_guessed(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=1_000, forgone=(route("cheap", None),)))
    ledger.finish(
        ending("b", cost_nano=0, certainty=Certainty.UNPRICED, forgone=(route("cheap", 500),)),
    )
    ledger.finish(ending("c", cost_nano=1_000, forgone=(route("cheap", 900),)))
    await ledger.flush()
    found = told(queries)
    total = found["total"]
    assert (total["routed"], total["routed_unpriced"], nano(found, "routed")) == (3, 2, 100)
    assert (total["together"], total["together_unpriced"], nano(found, "together")) == (3, 2, 100)
    assert found["routes"][0]["unpriced"] == 2


async def test_a_would_be_hit_saves_the_call_if_it_agreed(ledger: Ledger, queries: Queries) -> None:
    trials = TrialStore(ledger)
    for call, wrong, how in (
        ("right", False, How.SHADOW),
        ("wrong", True, How.SHADOW),
        ("sample", False, How.SAMPLE),
    ):
        ledger.finish(ending(call, cost_nano=1_000, forgone=(route("cheap", 400),)))
        trials.add(Told("rule", how, call, b"k", 0.9, wrong), at(1))
    await ledger.flush()
    found = told(queries)
    total = found["total"]
    assert (total["alike"], total["agreed"], nano(found, "alike"), nano(found, "wrong")) == (
        2,
        1,
        1_000,
        1_000,
    )
    # The cache would have answered the first; the other two would have gone where the route leads.
    assert (total["together"], nano(found, "together")) == (3, 1_000 + 600 + 600)
    assert nano(found, "routed") == 3 * 600


async def test_a_later_word_on_cost_or_mode_moves_it_along(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=1_000, tags={"mode": "vibing"}, forgone=(route("cheap", 400),)))
    await ledger.flush()
    correction = correcting("a", cost_nano=5_000)
    await anyio.to_thread.run_sync(ledger.correct, [correction])
    words = [Relabel("a", at(9), "ann", "building")]
    await anyio.to_thread.run_sync(ledger.relabel, words)
    found = told(queries, "mode")
    assert [(row["keys"]["mode"], row["routed_usd"]) for row in found["modes"]] == [("building", "0.0000046")]
    assert found["rows"] == found["modes"]
    await anyio.to_thread.run_sync(ledger.relabel, [Relabel("a", at(10), "ann", None)])
    assert [row["keys"]["mode"] for row in told(queries)["modes"]] == ["vibing"]


async def test_a_route_to_where_the_call_went_saves_nothing_whatever_that_costs_later(
    ledger: Ledger, queries: Queries
) -> None:
    there = "openai/gpt-5"
    ledger.finish(ending("priced", cost_nano=1_000, forgone=(route("same", 1_000, target=there),)))
    ledger.finish(
        ending("not", cost_nano=0, certainty=Certainty.UNPRICED, forgone=(route("same", None, target=there),))
    )
    await ledger.flush()
    words = [correcting("priced", cost_nano=700), correcting("not", cost_nano=5_000)]
    await anyio.to_thread.run_sync(ledger.correct, words)
    found = told(queries)
    assert (found["total"]["routed_unpriced"], nano(found, "routed"), nano(found, "together")) == (0, 0, 0)


async def test_days_of_a_zone_add_up_once_the_rows_are_gone(ledger: Ledger, queries: Queries) -> None:
    """Half an hour off: its midnights lie inside of an hour, and of that there are only sums."""
    for n in range(60):
        started, ended = at(n * 1_700), at(n * 1_700 + 1)
        call = ending(f"{n}", started_at=started, finished_at=ended, cost_nano=1_000)
        ledger.finish(replace(call, forgone=(route("cheap", 400),)))
        await ledger.flush()
    await anyio.to_thread.run_sync(compact, ledger, at(9 * DAY))
    found = queries.report(at(), at(9 * DAY), ["day"], {}, "Asia/Kolkata", would=True)["forgone"]
    assert found["total"]["routed"] == 60 == sum(row["routed"] for row in found["rows"])


async def test_it_outlives_the_rows_and_the_chain_stays_sound(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=1_000, forgone=(route("cheap", 400),)))
    await ledger.flush()
    before = told(queries, "model")
    assert await anyio.to_thread.run_sync(compact, ledger, at(5 * DAY)) == 1
    connection = connect(ledger.path)
    assert connection.execute("SELECT count(*) FROM forgone").fetchone() == (0,)
    connection.close()
    assert told(queries, "model") == before != told(queries, "model", model="other")
    assert [check for check in queries.ledger_checks() if not check.ok] == []


async def test_an_open_call_and_a_second_ending_add_nothing(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("open"))
    TrialStore(ledger).add(Told("rule", How.SHADOW, "open", b"k", 0.9), at(1))
    ledger.finish(ending("a", cost_nano=1_000, forgone=(route("cheap", 400),)))
    await ledger.flush()
    ledger.finish(ending("a", cost_nano=9_000, forgone=(route("dear", 1),)))
    await ledger.flush()
    assert [each["route"] for each in told(queries)["routes"]] == ["cheap"]
    assert told(queries)["total"]["alike"] == 0


@pytest.fixture
def many(ledger: Ledger) -> Ledger:
    modes, users = ("vibing", "building", ""), ("ana", "ben")
    for n in range(300):
        tags = {"user": users[n % 2], **({"mode": modes[n % 3]} if modes[n % 3] else {})}
        routes = tuple(
            route(f"r{place}", None if (n + place) % 7 == 0 else n * 37 % 900, place)
            for place in range(n % 3)
        )
        same = (Forgone(Kind.SAME),) if n % 5 == 0 else ()
        ledger.finish(
            ending(
                f"c{n}",
                started_at=at(n * 1_000),
                finished_at=at(n * 1_000 + 1),
                cost_nano=n * 13,
                tags=tags,
                forgone=(*same, *routes),
            )
        )
    return ledger


async def test_every_grouping_adds_up_to_the_total(many: Ledger, queries: Queries) -> None:
    await many.flush()
    total = told(queries)["total"]
    assert total["routed"] == 200 and total["same"] == 60 and total["routed_unpriced"] > 0
    for by in ((), ("user",), ("user", "model"), ("day",), ("hour", "user"), ("outcome", "cache"), ("mode",)):
        found = told(queries, *by)
        assert found["total"] == total
        for rows in (found["rows"], found["modes"]):
            for name, whole in total.items():
                if name.endswith("_usd"):
                    assert sum(nano_from_usd(row[name]) for row in rows) == nano_from_usd(whole), (by, name)
                else:
                    assert sum(row[name] for row in rows) == whole, (by, name)
    halves = [told(queries, user=user)["total"]["routed"] for user in ("ana", "ben")]
    assert sum(halves) == 200
    assert sum(row["routed"] for row in told(queries, cache="miss")["rows"]) == 200


async def test_a_period_is_read_from_sums_and_from_rows_at_its_edges(many: Ledger, queries: Queries) -> None:
    await many.flush()
    connection = connect(many.path)
    plans = [
        [row[-1] for row in connection.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {bounds}")]
        for table, bounds in (
            ("forgone", "called_at >= 1 AND called_at < 2"),
            ("forgone_sums", "span = 3600000000 AND start >= 1 AND start < 2"),
        )
    ]
    connection.close()
    assert [plan[0].partition(" (")[0] for plan in plans] == [
        "SEARCH forgone USING PRIMARY KEY",
        "SEARCH forgone_sums USING PRIMARY KEY",
    ]
    first = queries.report(at(), at(1_000), [], {}, would=True)["forgone"]["total"]
    assert (first["same"], first["routed"]) == (1, 0)


def uneven(path: Path) -> list[tuple[object, ...]]:
    """Sums that differ from the rows'."""
    connection, found = connect(path), []
    keys = ", ".join(KEYS)
    for span in SPANS:
        counted = f"SELECT called_at / {span} * {span}, {keys}, sum(calls), sum(unpriced), sum(saved_nano) "
        counted += f"FROM ({FACTS}) GROUP BY 1, {keys}"
        kept = f"SELECT start, {keys}, calls, unpriced, saved_nano FROM forgone_sums WHERE span = {span} "
        kept += "AND calls <> 0"
        for one, other in ((counted, kept), (kept, counted)):
            found += connection.execute(f"SELECT * FROM ({one}) EXCEPT SELECT * FROM ({other})").fetchall()
    connection.close()
    return found


async def test_sums_follow_every_later_word(many: Ledger, queries: Queries) -> None:
    trials = TrialStore(many)
    for n in range(0, 300, 11):
        trials.add(Told("rule", How.SHADOW, f"c{n}", b"k", 0.9, wrong=n % 2 == 0), at(1))
    await many.flush()
    assert uneven(many.path) == []
    corrections = [correcting(f"c{n}", cost_nano=n) for n in range(0, 300, 7)]
    corrections += [correcting(f"c{n}", cost_nano=0, certainty=Certainty.UNPRICED) for n in range(0, 300, 21)]
    await anyio.to_thread.run_sync(many.correct, corrections)
    words = [Relabel(f"c{n}", at(9), "ann", "building") for n in range(0, 300, 5)]
    await anyio.to_thread.run_sync(many.relabel, words)
    assert uneven(many.path) == []
    assert told(queries)["total"]["alike"] == len(range(0, 300, 11))
