"""All that is read from the ledger. One query layer: what is asked in one call agrees with itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from gateway_core.model.decision import Decision
from gateway_core.model.money import Nano
from gateway_core.model.past import PastCall
from gateway_core.store.queries import (
    cache,
    cache_entries,
    calls,
    checks,
    export,
    forgone,
    lately,
    overview,
    past,
    prompts,
    quarters,
    report,
    served,
    spend,
    tags,
    usages,
)
from gateway_core.store.queries.cache_entries import Wanted
from gateway_core.store.queries.checks import Check
from gateway_core.store.queries.served import Served
from gateway_core.store.queries.spend import Totals
from gateway_core.store.queries.usages import Used
from gateway_core.store.queries.where import NOBODY
from gateway_core.store.reads import Pinned, Reads, Source

__all__ = ["Check", "Queries", "Totals"]


class Queries:
    """Reads of one ledger, from any thread; on an event loop call them in worker threads.

    Ranges are RFC 3339 instants, `since` inside and `until` (None: for ever) outside of them. A call
    counts where it started. `where` maps tag keys (bare or tag:KEY), model, provider, token, outcome and
    cache to wanted values; a value may end in `*`, and `(untagged)` means the absence of the tag.
    source: the ledger's file, or what else there is to read it by.
    """

    def __init__(self, source: Path | Source) -> None:
        self._reads: Source = Reads(source) if isinstance(source, Path) else source

    def close(self) -> None:
        self._reads.close()

    @contextmanager
    def together(self) -> Iterator[Self]:
        """The same queries, all of one instant; for one thread, as long as the context lasts."""
        with self._reads.snapshot() as connection:
            yield type(self)(Pinned(connection))

    def spent(self, match: Mapping[str, str], since: str, until: str | None = None) -> tuple[Nano, int]:
        """Nano-dollars and tokens that are booked to a match."""
        with self._reads.snapshot() as connection:
            return spend.spent(connection, match, since, until)

    def quarters(self, match: Mapping[str, str], since: str, until: str) -> list[Nano]:
        """Nano-dollars of each quarter of an hour within the range in which a match spent anything."""
        with self._reads.connection() as connection:
            return quarters.quarters(connection, match, since, until)

    def totals(self, since: str, until: str | None = None, where: Mapping[str, str] = NOBODY) -> Totals:
        """All sums of a range."""
        with self._reads.snapshot() as connection:
            return spend.totals(connection, since, until, where)

    def spend_series(
        self, start: str, step_seconds: int, n: int, by: str, where: Mapping[str, str] = NOBODY
    ) -> dict[str, Any]:
        """Cost in `n` steps of time by group, as GET /admin/v1/spend answers it."""
        with self._reads.snapshot() as connection:
            return spend.spend_series(connection, start, step_seconds, n, by, where)

    def calls(
        self, limit: int = 100, before: str | None = None, where: Mapping[str, str] = NOBODY
    ) -> list[dict[str, Any]]:
        """Final calls, the latest start first. `before`: the last id of the page before, or an instant."""
        with self._reads.snapshot() as connection:
            return calls.calls(connection, limit, before, where)

    def call(self, call_id: str) -> dict[str, Any] | None:
        """One call, open or final, with its `earlier` tries and `corrections`; None where there is none."""
        with self._reads.snapshot() as connection:
            return calls.call(connection, call_id)

    def history(self, call_id: str) -> dict[str, list[dict[str, Any]]]:
        """The `earlier` tries and the `corrections` of a call alone."""
        with self._reads.snapshot() as connection:
            return calls.history(connection, call_id)

    def routing(self, limit: int = 100) -> list[dict[str, Any]]:
        """The latest routing decisions with their reasons."""
        with self._reads.snapshot() as connection:
            return calls.routing(connection, limit)

    def open_calls(self) -> set[str]:
        """The ids of the calls that have not ended."""
        with self._reads.connection() as connection:
            return calls.open_calls(connection)

    def began(self) -> str | None:
        """When the ledger's first call started; None while there is none."""
        with self._reads.connection() as connection:
            return calls.began(connection)

    def first_byte_ms(self, since: str, share: float = 0.5) -> float | None:
        """Milliseconds within which that share of the latest answers began; None where there is none."""
        with self._reads.snapshot() as connection:
            return calls.first_byte_ms(connection, since, share)

    def served(self, since: str) -> dict[tuple[str, str], Served]:
        """How each provider's models served since then, of the latest calls."""
        with self._reads.snapshot() as connection:
            return served.served(connection, since)

    def by_route(self, since: str) -> dict[str, int]:
        """How many calls since then each route has led."""
        with self._reads.snapshot() as connection:
            return served.by_route(connection, since)

    def by_class(self, since: str) -> dict[str, int]:
        """How many calls since then fell in each class; those of none as 'unscored'."""
        with self._reads.snapshot() as connection:
            return served.by_class(connection, since)

    def tokens_used(self) -> dict[str, str]:
        """When each token was used last, of the latest calls."""
        with self._reads.snapshot() as connection:
            return lately.used(connection)

    def providers_answered(self) -> dict[str, tuple[str, float | None]]:
        """When each provider last answered well, and how soon (ms), of the latest calls."""
        with self._reads.snapshot() as connection:
            return lately.answered(connection)

    def cache_summary(self, since: str, until: str | None = None) -> dict[str, Any]:
        """Hits, shares and what was saved, as GET /admin/v1/cache answers it."""
        with self._reads.snapshot() as connection:
            return cache.cache_summary(connection, since, until)

    def prompt_cache(
        self, since: str, until: str | None, by: str, where: Mapping[str, str] = NOBODY
    ) -> dict[str, Any]:
        """The provider's own cache by group and what broke it, as GET /admin/v1/prompt-cache answers it.

        Raises Refusal 400 for an unknown grouping.
        """
        with self._reads.snapshot() as connection:
            return prompts.prompt_cache(connection, since, until, by, where)

    def prompt(self, call_id: str, today: str) -> dict[str, Any] | None:
        """What became of the provider's cache in one call; None where nobody looked at it."""
        with self._reads.snapshot() as connection:
            return prompts.prompt(connection, call_id, today)

    def cache_stats(
        self, since: str, until: str | None, by: Sequence[str], where: Mapping[str, str], timezone: str
    ) -> dict[str, Any]:
        """Hit rate and savings by group, and their total, as `report` groups. Raises what that raises."""
        with self._reads.snapshot() as connection:
            return report.report(connection, since, until, by, where, timezone, cache.figures)

    def cache_entries(self, wanted: Wanted, now: str, **page: Any) -> dict[str, Any]:
        """A page of kept answers. Raises Refusal 400 for an unknown order."""
        with self._reads.snapshot() as connection:
            return cache_entries.entries(connection, wanted, now, **page)

    def cache_entry(self, key: str, now: str) -> dict[str, Any] | None:
        """The kept answer whose key begins so."""
        with self._reads.connection() as connection:
            return cache_entries.entry(connection, key, now)

    def cache_keys(self, wanted: Wanted, now: str) -> list[bytes]:
        """The keys of all kept answers that are wanted."""
        with self._reads.connection() as connection:
            return cache_entries.keys(connection, wanted, now)

    def cache_room(self, now: str) -> dict[str, int]:
        """How many answers are kept and how much room they take."""
        with self._reads.connection() as connection:
            return cache_entries.room(connection, now)

    def report(
        self,
        since: str,
        until: str | None,
        by: Sequence[str],
        where: Mapping[str, str] = NOBODY,
        timezone: str = "UTC",
        *,
        would: bool = False,
    ) -> dict[str, Any]:
        """Sums by any mix of tag:KEY, fields and one of hour, day, month in a time zone, and their total.
        would: also what would have been saved.

        Raises Refusal 400 for an unknown grouping, ConfigError for an unknown zone.
        """
        with self._reads.snapshot() as connection:
            found = report.report(connection, since, until, by, where, timezone)
            if would:
                found["forgone"] = forgone.forgone(connection, since, until, by, where, timezone)
            return found

    def overview(
        self,
        since: str,
        until: str,
        by: Sequence[str],
        where: Mapping[str, str] = NOBODY,
        timezone: str = "UTC",
        *,
        rows: bool = True,
        would: bool = False,
    ) -> dict[str, Any]:
        """A period as a whole, as GET /admin/v1/report/overview answers it. would, and what it raises: as
        `report`."""
        with self._reads.snapshot() as connection:
            found = overview.overview(connection, since, until, by, where, timezone, rows=rows)
            if would:
                found["forgone"] = forgone.forgone(connection, since, until, by, where, timezone)
            return found

    def export(
        self, since: str | None = None, until: str | None = None, where: Mapping[str, str] = NOBODY
    ) -> Iterator[dict[str, Any]]:
        """Every row in the export's columns, oldest first; read page by page while it is iterated."""
        return export.export(self._reads, since, until, where)

    def used(
        self, since: str | None, until: str | None, provider: str | None = None, model: str | None = None
    ) -> Iterator[list[Used]]:
        """Pages of the calls that reached a provider, as they can be priced anew, oldest first."""
        return usages.used(self._reads, since, until, provider, model)

    def past(
        self, since: str, until: str | None = None, where: Mapping[str, str] = NOBODY, *, decided: bool = True
    ) -> Iterator[list[PastCall]]:
        """Pages of ended calls, oldest first: what rules are tried on. decided: with their decisions."""
        return past.past(self._reads, since, until, where, decided=decided)

    def decision(self, call_id: str) -> Decision | None:
        """What was decided on a call; None where nothing is on record."""
        with self._reads.connection() as connection:
            return past.decision(connection, call_id)

    def models_seen(self) -> set[tuple[str, str]]:
        """Providers and their models that were ever called."""
        with self._reads.connection() as connection:
            return usages.models_seen(connection)

    def top_tags(
        self, since: str, until: str | None = None, key: str | None = None, limit: int = 20
    ) -> list[dict[str, Any]]:
        """The dearest tags, of one key or of all: {key, value, calls, cost_usd}."""
        with self._reads.snapshot() as connection:
            return tags.top_tags(connection, since, until, key, limit)

    def first_seen(self, keys: Collection[str]) -> dict[str, list[str]]:
        """The values of these tag keys, and of `token`, in the order in which the ledger met them."""
        with self._reads.snapshot() as connection:
            return tags.first_seen(connection, keys)

    def ledger_checks(self, live: Collection[str] = ()) -> list[Check]:
        """The ledger's invariants. `live`: ids of the calls that are running."""
        with self._reads.snapshot() as connection:
            return checks.ledger_checks(connection, live)
