"""The story's kept answers. Only data."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

from console.shapes.cache import CacheEntries, CacheEntry, CacheRow, CacheStats, SemanticRule
from tests.screens.story_calls import PEOPLE, PRICES, money
from tests.screens.story_clock import NOW, stamp

SAID = """The ranking test fails on CI only because its runner sorts with another locale.

    LC_ALL=C pytest tests/ranking

shows the same failure here. Sort by the key itself, not by how a locale would print it."""


def _entry(n: int) -> CacheEntry:
    dice = random.Random(7_000 + n)
    user, project, mode, client = dice.choice(PEOPLE)
    model = dice.choice(list(PRICES))
    cost, hits = dice.uniform(0.001, 0.09), dice.choice((0, 0, 1, 2, 7, 41))
    born = NOW - timedelta(minutes=2 + n * 17)
    return CacheEntry(
        key=sha256(str(n).encode()).hexdigest(),
        kind="semantic" if project == "docs" else "exact",
        model=model,
        provider=PRICES[model][2],
        format="openai",
        stream=n % 3 == 0,
        token="default" if n % 4 else "ci",
        scope="group ['ci', 'default']" if n % 4 else "token 9f2c0a",
        created_at=stamp(born),
        expires_at=stamp(born + timedelta(hours=24)),
        used_at=stamp(NOW - timedelta(minutes=n)),
        hits=hits,
        saved_usd=money(cost * hits),
        cost_usd=money(cost),
        bytes=dice.randrange(400, 90_000),
        pinned=n in (1, 6),
        tags={"user": user, "project": project, "mode": mode, "client": client},
        project=project,
        prompt_hash=sha256(f"p{n}".encode()).hexdigest()[:16],
        call_id=f"c{n:05d}",
        status=200,
        input_tokens=dice.randrange(300, 20_000),
        output_tokens=dice.randrange(40, 900),
    )


ENTRIES = tuple(map(_entry, range(40)))


def _row(keys: Mapping[str, str], hits: int, misses: int, saved: str, cost: str) -> CacheRow:
    rate = hits / (hits + misses)
    return CacheRow(
        keys=keys,
        calls=hits + misses,
        hits=hits,
        misses=misses,
        rate=rate,
        saved_usd=Decimal(saved),
        cost_usd=Decimal(cost),
    )


def _rule(project: str, state: str, trials: int, wrong: int, bound: float, needed: int) -> SemanticRule:
    return SemanticRule(
        name=f"project={project}",
        when={"project": project},
        endpoint="",
        threshold=0.9,
        rate=0.02,
        sample=0.05,
        state=state,
        serves_from=0.9,
        trials=trials,
        wrong=wrong,
        bound=bound,
        needed=needed,
        served=0 if needed else 61,
    )


STATS = CacheStats(
    since=stamp(NOW - timedelta(hours=24)),
    until=stamp(NOW),
    by=("tag:project",),
    rows=(
        _row({"tag:project": "docs"}, 121, 204, "4.42", "3.81"),
        _row({"tag:project": "search"}, 74, 151, "6.70", "9.12"),
        _row({"tag:project": "infra"}, 17, 97, "0.98", "4.02"),
        _row({"tag:project": ""}, 0, 19, "0", "0.31"),
    ),
    total=_row({}, 212, 471, "12.10", "17.26"),
    entries=40,
    bytes=1_742_000,
    most_bytes=268_435_456,
    pinned=2,
    semantic=11,
    rules=(_rule("docs", "open", 412, 1, 0.0181, 0), _rule("search", "shadow", 96, 0, 0.0466, 128)),
)


class CacheStory:
    """What the admin plane says of kept answers."""

    empty: bool

    async def cache_entries(
        self,
        where: Mapping[str, str] | None = None,
        *,
        kind: str | None = None,
        pinned: bool | None = None,
        **_: object,
    ) -> CacheEntries:
        fits = [
            one
            for one in ((), ENTRIES)[not self.empty]
            if all(one.tags.get(key) == value for key, value in (where or {}).items())
            and kind in (None, one.kind)
            and pinned in (None, one.pinned)
        ]
        return CacheEntries(entries=tuple(fits), total=len(fits), bytes=sum(one.bytes for one in fits))

    async def cache_entry(self, key: str) -> CacheEntry:
        return replace(next(one for one in ENTRIES if one.key == key), answer=SAID)

    async def cache_stats(self, *, by: Sequence[str] = (), **_: object) -> CacheStats:
        if self.empty:
            nothing = replace(_row({}, 0, 1, "0", "0"), calls=0, misses=0, rate=0.0)
            return replace(STATS, rows=(), total=nothing, entries=0, bytes=0, pinned=0, semantic=0, rules=())
        return replace(STATS, by=tuple(by))
