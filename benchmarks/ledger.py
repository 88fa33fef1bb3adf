"""python -m benchmarks.ledger: what the dashboard's queries take on a small ledger and on a large one.

Both hold thirty days of ten hours of work in 480 series of tags and models, a hundredth of the calls in the
last hour. The times are medians, each query alone, of a file that was opened anew.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from statistics import median

from gateway_core.clock import instant_text
from gateway_core.model.ids import request_id
from gateway_core.model.rows import CacheUse, Certainty, FinalRow, Outcome
from gateway_core.model.usage import Usage
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries

BAR, GOAL = 100, 50
"""Milliseconds, with ten million rows."""
SMALL = 10_000
DAYS = 30
WORK = timedelta(hours=10)
"""Of a day."""
IN_THE_LAST_HOUR = 100
"""One call of so many."""
AT_ONCE = 2_000
ROUNDS = 9

SERIES = [
    {"user": user, "project": project, "mode": mode, "model": model}
    for user, project, mode, model in product(
        ("ann", "ben", "cyd", "dan", "eve", "fay", "gil", "hal"),
        ("web", "search", "docs", "billing", "mobile", "infra"),
        ("vibing", "building"),
        ("gpt-5", "gpt-5-mini", "claude-sonnet-4-5", "claude-haiku-4-5", "gemini-2.5-pro"),
    )
]
PROVIDERS = {"gpt": "openai", "claude": "anthropic", "gemini": "gemini"}

Query = Callable[[Queries, str, str, str], object]
"""Asked with the present, the beginning of the last hour, and that of the thirty days."""

QUERIES: dict[str, Query] = {
    "totals of the month": lambda queries, now, hour, month: queries.totals(month),
    "a budget's window": lambda queries, now, hour, month: queries.spent({"project": "web"}, month),
    "spend of an hour, by minute and model": lambda queries, now, hour, month: queries.spend_series(
        hour[:16] + ":00Z", 60, 60, "model"
    ),
    "spend of a month, by user": lambda queries, now, hour, month: queries.spend_series(
        month[:10] + "T00:00:00Z", 21_600, 4 * DAYS, "user"
    ),
    "the cache's part": lambda queries, now, hour, month: queries.cache_summary(month),
    "the latest 200 calls": lambda queries, now, hour, month: queries.calls(200),
    "… of one user and model": lambda queries, now, hour, month: queries.calls(
        200, None, {"user": "ann", "model": "gpt-5"}
    ),
    "the latest 100 decisions": lambda queries, now, hour, month: queries.routing(100),
    "time to the first byte": lambda queries, now, hour, month: queries.first_byte_ms(month),
    "how providers serve": lambda queries, now, hour, month: queries.served(hour),
    "a report by project and mode": lambda queries, now, hour, month: queries.report(
        month, now, ["project", "mode"]
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the large ledger (1,000,000)")
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_times(Path(folder), count) for count in (SMALL, rows))
    width = max(map(len, QUERIES))
    print(f"{'':<{width}}{f'{SMALL:,} rows':>16}{f'{rows:,} rows':>18}    ms")
    for name in QUERIES:
        over = "  over" if large[name] > GOAL else ""
        print(f"{name:<{width}}{small[name]:>16.1f}{large[name]:>18.1f}{over}")
    print(f"the goal is {GOAL} ms with ten million rows, the bar {BAR}")


def _times(folder: Path, count: int) -> dict[str, float]:
    path = folder / f"{count}.db"
    now = datetime.now(UTC)
    _fill(path, count, now)
    instants = [instant_text(now - ago) for ago in (timedelta(0), timedelta(hours=1), timedelta(days=DAYS))]
    queries = Queries(path)
    try:
        return {name: _median(query, queries, instants) for name, query in QUERIES.items()}
    finally:
        queries.close()


def _median(query: Query, queries: Queries, instants: list[str]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        query(queries, *instants)
        times.append((time.perf_counter() - begun) * 1000)
    return median(times)


def _fill(path: Path, count: int, now: datetime) -> None:
    ledger = Ledger(path)
    ledger.start()
    for number, row in enumerate(_rows(count, now)):
        ledger.finish(row)
        if number % AT_ONCE == 0:
            ledger.writer.call(lambda connection: None)
    ledger.close()


def _rows(count: int, now: datetime) -> Iterator[FinalRow]:
    """Ended calls in the order of time, the same for the same count."""
    chance, lately = random.Random(count), count // IN_THE_LAST_HOUR
    earlier, hour = count - lately, timedelta(hours=1)
    for number in range(earlier):
        days, part = divmod(number / earlier * DAYS, 1)
        yield _row(now - timedelta(days=DAYS - days) + WORK * part, chance)
    for number in range(lately):
        yield _row(now - hour + hour * (number / lately), chance)


def _row(at: datetime, chance: random.Random) -> FinalRow:
    labels = chance.choice(SERIES)
    model = labels["model"]
    usage = Usage(
        input=chance.randrange(4000), cached_input=chance.randrange(4000), output=chance.randrange(900)
    )
    return FinalRow(
        id=request_id(int(at.timestamp() * 1000), chance.getrandbits(80)),
        started_at=instant_text(at),
        finished_at=instant_text(at + timedelta(seconds=1)),
        outcome=Outcome.OK,
        format="openai",
        path="/v1/chat/completions",
        asked_model=model,
        model=model,
        provider=PROVIDERS[model.partition("-")[0]],
        token="default",
        stream=True,
        usage=usage,
        cost_nano=chance.randrange(20_000_000),
        certainty=Certainty.COMPUTED,
        cache=chance.choice((CacheUse.HIT, CacheUse.MISS, CacheUse.BYPASS)),
        attempts=1,
        first_byte_ms=chance.random() * 900,
        duration_ms=1000.0,
        overhead_ms=0.4,
        tags={key: value for key, value in labels.items() if key != "model"},
        price_id="openai:gpt-5:2025-08-07",
    )


if __name__ == "__main__":
    main()
