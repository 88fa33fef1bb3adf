"""Random ledgers for hypothesis, and what Python says they add up to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st

from gateway_core.clock import instant_text
from gateway_core.model.rows import CacheUse, Certainty, FinalRow, Outcome
from gateway_core.model.usage import Usage
from gateway_core.rules.matching import Facts, matches
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import NOON, ending

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


@st.composite
def final_rows(draw: st.DrawFn, call_id: str) -> FinalRow:
    """A final row of that name."""
    provider, model = draw(st.sampled_from(MODELS))
    started = draw(INSTANTS)
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
    )


@st.composite
def ledgers(draw: st.DrawFn) -> list[FinalRow]:
    """Up to forty rows."""
    return [draw(final_rows(f"{number:03}")) for number in range(draw(st.integers(0, 40)))]


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
def ledger_of(rows: Sequence[FinalRow]) -> Iterator[Queries]:
    """The queries of a real file that holds the rows, named by their place."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.db")
        ledger.start()
        for row in rows:
            ledger.finish(row)
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
