"""All sums agree: with the rows, with each other, for random ledgers, ranges, filters and groupings."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_core.clock import instant_text
from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd, usd_string
from gateway_core.model.rows import WEAKEST, CacheUse, Certainty, FinalRow
from gateway_core.model.usage import ZERO
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.store.queries.where import UNTAGGED
from tests.gateway_core.store.making import at, ending
from tests.gateway_core.store.queries.random_rows import (
    INSTANTS,
    MATCHES,
    Written,
    ledger_of,
    ledgers,
    within,
)

ROWS = ledgers()
GROUPINGS = st.lists(
    st.sampled_from(["project", "tag:user", "model", "provider", "token", "outcome", "cache", "team"]),
    unique=True,
    max_size=3,
)


def value_of(row: FinalRow, grouping: str) -> str:
    if grouping in ("model", "provider", "token", "outcome", "cache"):
        return str(getattr(row, grouping))
    return row.tags.get(grouping.removeprefix("tag:"), UNTAGGED)


@settings(max_examples=60)
@given(ROWS, INSTANTS, st.none() | INSTANTS, MATCHES)
def test_spent_is_the_sum_of_the_rows(
    written: Written, since: datetime, until: datetime | None, match: dict[str, str]
) -> None:
    first, last = instant_text(since), None if until is None else instant_text(until)
    mine = within(written.booked, first, last, match)
    with ledger_of(written) as queries:
        found = queries.spent(match, first, last)
    assert found == (sum(row.cost_nano for row in mine), sum(row.usage.total for row in mine))


@settings(max_examples=60)
@given(ROWS, INSTANTS, INSTANTS, MATCHES, GROUPINGS)
def test_parts_sum_to_the_whole(
    written: Written, one: datetime, other: datetime, match: dict[str, str], by: list[str]
) -> None:
    since, until = instant_text(min(one, other)), instant_text(max(one, other))
    mine = within(written.booked, since, until, match)
    calls = [row for row in mine if row.id]
    cost, saved = sum(row.cost_nano for row in mine), sum(row.saved_nano for row in mine)
    with ledger_of(written) as queries:
        totals = queries.totals(since, until, match)
        report = queries.report(since, until, by, match)
        exported = list(queries.export(since, until, match))
        listed = queries.calls(1000, before=until, where=match)
        checks = queries.ledger_checks()
    assert (totals.all.calls, totals.all.cost_nano, totals.all.saved_nano) == (len(calls), cost, saved)
    assert report["total"]["cost_usd"] == usd_string(cost)
    assert sum(nano_from_usd(row["cost_usd"]) for row in report["rows"]) == cost
    assert sum(row["calls"] for row in report["rows"]) == len(calls)
    assert sorted(row["id"] for row in exported) == sorted(row.id for row in calls)
    assert sum(nano_from_usd(row["cost_usd"]) for row in exported) == sum(map(written.whole, calls))
    assert {row.id for row in calls} <= {row["id"] for row in listed}
    assert [check for check in checks if not check.ok] == []
    groups: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for row in mine:
        if row.id or row.cost_nano or row.usage != ZERO or row.certainty is Certainty.UNPRICED:
            groups[tuple(value_of(row, name) for name in by)] += bool(row.id)
    if by:
        assert {tuple(row["keys"].values()): row["calls"] for row in report["rows"]} == dict(groups)


@settings(max_examples=40)
@given(ROWS)
def test_all_exported_rows_are_all_that_is_booked(written: Written) -> None:
    with ledger_of(written) as queries:
        exported = {row["id"]: row for row in queries.export()}
        total, _ = queries.spent({}, "2026-01-01T00:00:00Z")
    assert sum(nano_from_usd(row["cost_usd"]) for row in exported.values()) == total
    for call in written.calls:
        words = [call.certainty, *(attempt.certainty for attempt in call.earlier)]
        assert exported[call.id]["certainty"] == max(words, key=WEAKEST.index)


@settings(max_examples=40)
@given(ROWS, INSTANTS, st.sampled_from([60, 900, 1800, 3600, 21_600]), st.integers(1, 24))
def test_a_series_sums_to_the_total_and_each_step_to_its_rows(
    written: Written, start: datetime, step: int, n: int
) -> None:
    first, last = instant_text(start), instant_text(start + timedelta(seconds=step * n))
    with ledger_of(written) as queries:
        series = queries.spend_series(first, step, n, "project")
        total, _ = queries.spent({}, first, last)
    assert series["total_usd"] == usd_string(total)
    assert sum(nano_from_usd(each["total_usd"]) for each in series["series"]) == total
    for number in range(n):
        since, until = (instant_text(start + timedelta(seconds=step * each)) for each in (number, number + 1))
        step_total = sum(nano_from_usd(each["cost_usd"][number]) for each in series["series"])
        assert step_total == sum(row.cost_nano for row in within(written.booked, since, until, {}))


@settings(max_examples=40)
@given(ROWS)
def test_what_was_saved_is_told_apart(written: Written) -> None:
    rows = written.booked
    with ledger_of(written) as queries:
        found = queries.cache_summary("2026-01-01T00:00:00Z")
    hits = [row for row in rows if row.cache is CacheUse.HIT]
    others = [row for row in rows if row.cache not in (CacheUse.HIT, CacheUse.SEMANTIC)]
    own, routing = sum(row.saved_nano for row in hits), sum(row.saved_nano for row in others)
    alike = sum(row.saved_nano for row in rows if row.cache is CacheUse.SEMANTIC)
    provider = sum(row.provider_cache_saved_nano for row in rows)
    assert found["exact"]["saved_usd"] == usd_string(own)
    assert found["routing_saved_usd"] == usd_string(routing)
    assert found["provider"]["saved_usd"] == usd_string(provider)
    assert found["saved_total_usd"] == usd_string(own + alike + routing + provider)
    counts = Counter(str(row.cache) for row in rows if row.id)
    assert found["exact"]["hits"] == counts["hit"]
    assert (found["exact"]["misses"], found["exact"]["bypass"]) == (counts["miss"], counts["bypass"])
    assert found["provider"]["cached_tokens"] == sum(row.usage.cached_input for row in rows)
    assert found["provider"]["input_tokens"] == sum(row.usage.total_input for row in rows)


@settings(max_examples=30)
@given(ROWS)
def test_estimates_and_unpriced_calls_are_counted_apart(written: Written) -> None:
    rows = written.booked
    with ledger_of(written) as queries:
        total = queries.report("2026-01-01T00:00:00Z", None, [])["total"]
    estimated = sum(row.cost_nano for row in rows if row.certainty is Certainty.ESTIMATED)
    assert total["estimated_usd"] == usd_string(estimated)
    assert total["unpriced"] == sum(row.certainty is Certainty.UNPRICED for row in rows)


@pytest.mark.anyio
async def test_above_eight_groups_the_rest_is_other(ledger: Ledger, queries: Queries) -> None:
    for number in range(12):
        ledger.finish(ending(f"{number}", model=f"m{number:02}", cost_nano=100 - number))
    await ledger.flush()
    found = queries.spend_series(at(), 60, 2, "model")
    assert [each["name"] for each in found["series"]] == [*(f"m{number:02}" for number in range(7)), "other"]
    assert found["series"][-1]["cost_usd"] == [usd_string(93 + 92 + 91 + 90 + 89), "0.00"]
    assert found["total_usd"] == usd_string(sum(range(89, 101)))


@pytest.mark.anyio
async def test_untagged_calls_are_shown_and_can_be_asked_for(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", tags={}, cost_nano=3))
    ledger.finish(ending("b", tags={"project": "web"}, cost_nano=5))
    await ledger.flush()
    rows = queries.report(at(), None, ["project"])["rows"]
    assert [(row["keys"]["project"], row["cost_usd"]) for row in rows] == [
        (UNTAGGED, "0.000000003"),
        ("web", "0.000000005"),
    ]
    assert queries.spent({"project": UNTAGGED}, at()) == (3, 150)


@pytest.mark.anyio
async def test_a_star_asks_for_any_value_and_an_absent_one_is_none(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", provider="", model="", tags={}, cost_nano=3))
    ledger.finish(ending("b", cost_nano=5))
    await ledger.flush()
    for match in ({"provider": "*"}, {"project": "*"}, {"provider": "open*", "project": "w*"}):
        assert queries.spent(match, at())[0] == 5
    assert queries.spent({}, at())[0] == 8


@pytest.mark.anyio
async def test_the_dearest_tags(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", tags={"project": "web", "user": "ann"}, cost_nano=30))
    ledger.finish(ending("b", tags={"project": "web", "user": "bo"}, cost_nano=50))
    await ledger.flush()
    found = [(tag["key"], tag["value"], tag["cost_usd"]) for tag in queries.top_tags(at(), limit=2)]
    assert found == [("project", "web", "0.00000008"), ("user", "bo", "0.00000005")]


@pytest.mark.parametrize("by", [["colour"], ["tag:"], ["hour", "day"]])
def test_an_unknown_grouping_is_refused(queries: Queries, ledger: Ledger, by: list[str]) -> None:
    with pytest.raises(Refusal) as raised:
        queries.report(at(), None, by)
    assert raised.value.status == 400


@pytest.mark.parametrize("value", ["web' OR 1=1 --", "%", "_", "we*b", '"'])
def test_values_are_bound_never_spliced(queries: Queries, ledger: Ledger, value: str) -> None:
    ledger.finish(ending("a"))
    assert ledger.writer.call(lambda _: queries.spent({"project": value, value: "x"}, at())) == (0, 0)
    assert queries.spent({"project": value}, at()) == (0, 0)
