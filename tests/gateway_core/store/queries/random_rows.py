"""Random ledgers for hypothesis, and what Python says they add up to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st

from gateway_core.clock import instant_text
from gateway_core.model.rows import Attempt, CacheUse, Certainty, Correction, FinalRow, Outcome
from gateway_core.model.usage import ZERO, Usage
from gateway_core.rules.matching import Facts, matches
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import NOON, correcting, ending, trying

MODELS = (
    ("openai", "gpt-5"),
    ("openai", "gpt-5-mini"),
    ("anthropic", "claude-opus"),
    ("groq", "gpt-5"),
    ("", ""),
)
"""The last one: a call that was refused before it had a target."""
QUARTERS = st.integers(-400, 400).map(lambda quarters: NOON + timedelta(minutes=15 * quarters))
"""Instants on the edges of the rollups, days around."""
INSTANTS = st.one_of(
    QUARTERS,
    st.tuples(QUARTERS, st.integers(-2, 2)).map(lambda pair: pair[0] + timedelta(microseconds=pair[1])),
    st.integers(-4 * 86_400 * 10**6, 4 * 86_400 * 10**6).map(lambda us: NOON + timedelta(microseconds=us)),
)
TOKENS = st.integers(0, 10**6)
TAGS = st.fixed_dictionaries(
    {}, optional={"project": st.sampled_from(["web", "web-2", "api"]), "user": st.sampled_from(["ann", "bo"])}
)
USAGES = st.builds(
    Usage,
    input=TOKENS,
    cached_input=TOKENS,
    cache_write=TOKENS,
    cache_write_1h=TOKENS,
    output=TOKENS,
    reasoning=TOKENS,
)


@dataclass(frozen=True)
class Written:
    """What is written into a ledger: rows that carry their earlier tries, then corrections in their order."""

    rows: tuple[FinalRow, ...]
    corrections: tuple[Correction, ...]

    @property
    def calls(self) -> list[FinalRow]:
        """The calls' own rows as they count at last."""
        last = {word.call_id: word for word in self.corrections}
        return [
            replace(row, cost_nano=last[row.id].cost_nano, certainty=last[row.id].certainty)
            if row.id in last
            else row
            for row in self.rows
        ]

    @property
    def booked(self) -> list[FinalRow]:
        """The same, and every earlier try as a row of its own, which has no id."""
        return [*self.calls, *(each for row in self.rows for each in tries(row))]

    def whole(self, call: FinalRow) -> int:
        """Nano-dollars of one of `calls` with its earlier tries."""
        return call.cost_nano + sum(attempt.cost_nano for attempt in call.earlier)


def tries(row: FinalRow) -> list[FinalRow]:
    """The earlier tries of a row as rows of their own."""
    return [
        replace(
            row,
            id="",
            provider=attempt.provider,
            model=attempt.model,
            usage=attempt.usage,
            cost_nano=attempt.cost_nano,
            certainty=attempt.certainty,
            outcome=Outcome.FAILED,
            cache=CacheUse.BYPASS,
            saved_nano=0,
            provider_cache_saved_nano=0,
            earlier=(),
        )
        for attempt in row.earlier
    ]


@st.composite
def attempts(draw: st.DrawFn, number: int) -> Attempt:
    provider, model = draw(st.sampled_from(MODELS[:-1]))
    return trying(
        number,
        provider=provider,
        model=model,
        usage=draw(st.just(ZERO) | USAGES),
        cost_nano=draw(st.just(0) | st.integers(0, 10**12)),
        certainty=draw(st.sampled_from(Certainty)),
    )


@st.composite
def final_rows(draw: st.DrawFn, call_id: str) -> FinalRow:
    """A final row of that name."""
    provider, model = draw(st.sampled_from(MODELS))
    started = draw(INSTANTS)
    earlier = [draw(attempts(number + 1)) for number in range(draw(st.sampled_from([0, 0, 0, 1, 2])))]
    return ending(
        call_id,
        started_at=instant_text(started),
        finished_at=instant_text(started + timedelta(seconds=1)),
        provider=provider,
        model=model,
        token=draw(st.sampled_from(["default", "ci"])),
        tags=draw(TAGS),
        outcome=draw(st.sampled_from(Outcome)),
        cache=draw(st.sampled_from(CacheUse)),
        certainty=draw(st.sampled_from(Certainty)),
        usage=draw(USAGES),
        cost_nano=draw(st.integers(0, 10**12)),
        saved_nano=draw(st.integers(0, 10**10)),
        provider_cache_saved_nano=draw(st.integers(0, 10**10)),
        earlier=tuple(earlier),
    )


@st.composite
def ledgers(draw: st.DrawFn) -> Written:
    """Up to forty rows, and up to ten corrections of them."""
    rows = [draw(final_rows(f"{number:03}")) for number in range(draw(st.integers(0, 40)))]
    ids = st.sampled_from([row.id for row in rows]) if rows else st.nothing()
    words = st.builds(correcting, ids, cost_nano=st.integers(0, 10**12), certainty=st.sampled_from(Certainty))
    return Written(tuple(rows), tuple(draw(st.lists(words, max_size=10))))


MATCHES = st.fixed_dictionaries(
    {},
    optional={
        "project": st.sampled_from(["web", "web*", "*", "none"]),
        "user": st.sampled_from(["ann", "b*"]),
        "model": st.sampled_from(["gpt-5", "gpt-5*", "groq/gpt-5", "groq/*", "*"]),
        "provider": st.sampled_from(["openai", "o*", "*"]),
        "token": st.sampled_from(["ci", "default"]),
    },
)


@contextmanager
def ledger_of(written: Written) -> Iterator[Queries]:
    """The queries of a real file that holds what was written."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.db")
        ledger.start()
        for row in written.rows:
            ledger.finish(row)
        half = len(written.corrections) // 2
        for some in (written.corrections[:half], written.corrections[half:]):
            ledger.correct(some)
        ledger.close()
        queries = Queries(ledger.path)
        try:
            yield queries
        finally:
            queries.close()


def within(
    rows: Iterable[FinalRow], since: str, until: str | None, match: Mapping[str, str]
) -> list[FinalRow]:
    """The rows that started in a range and match."""
    return [
        row
        for row in rows
        if row.started_at >= since
        and (until is None or row.started_at < until)
        and matches(match, Facts(row.tags, row.token, row.model, row.provider))
    ]
