"""How each kind of thing is made so: over the revision that it is known to have, and nothing else.

Every method takes how the thing shall be and the revision that it has, and answers the one that it has then.
All raise what the client raises; ClientError 412 where somebody else has edited it meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from console.client import AdminClient
from console.feed import Feed
from console.screens.draft import Draft
from console.screens.route_draft import Routes, fields_of
from console.shapes import Budget, ModeRule, Panic, Thresholds, Throttle
from console.shapes.cache import CacheEntry
from console.shapes.weekly import WeeklyReport
from console.threshold_words import fields_said
from console.wire import NOTHING


@dataclass(frozen=True, slots=True)
class Putting:
    """Puts things at one gateway, and shows what came of it."""

    client: AdminClient
    feed: Feed

    async def budget(self, name: str, draft: Draft | None, over: str) -> str:
        """None: there shall be none of that name."""
        if draft is not None:
            return (await self.saved(draft, over)).revision
        await self.client.delete_budget(name, over=over)
        self.feed.take_budget(name, None)
        return NOTHING

    async def saved(self, draft: Draft, over: str) -> Budget:
        """The budget as it stands then."""
        saved = await self.client.put_budget(**draft.words(), over=over)
        self.feed.take_budget(saved.name, saved)
        return saved

    async def throttle(self, name: str, throttle: Throttle | None, over: str) -> str:
        if throttle is not None:
            return (await self.limited(throttle, over)).revision
        await self.client.delete_throttle(name, over=over)
        return NOTHING

    async def limited(self, throttle: Throttle, over: str) -> Throttle:
        """The throttle as it stands then."""
        return await self.client.put_throttle(
            throttle.name,
            match=throttle.match,
            tokens_per_minute=throttle.tokens_per_minute,
            requests_per_minute=throttle.requests_per_minute,
            usd_per_hour=throttle.usd_per_hour,
            concurrent=throttle.concurrent,
            over=over,
        )

    async def routes(self, routes: Routes, over: str) -> str:
        return (await self.client.put_routes([fields_of(each) for each in routes], over=over)).revision

    async def thresholds(self, wanted: Thresholds, over: str) -> str:
        return (await self.moved(wanted, over)).revision

    async def moved(self, wanted: Thresholds, over: str) -> Thresholds:
        """The thresholds as they stand then."""
        return await self.client.put_thresholds(fields_said(wanted), over=over)

    async def mode(self, mode: str, over: str) -> str:
        put = await self.client.set_mode(mode, over=over)
        self.feed.take_mode(put.mode, put.revision)
        return put.revision

    async def mode_rules(self, rules: tuple[ModeRule, ...], over: str) -> str:
        return (await self.client.put_mode_rules(rules, over=over)).revision

    async def panics(self, panics: tuple[Panic, ...], over: str) -> str:
        return (await self.client.put_panics(panics, over=over)).revision

    async def label(self, call_id: str, mode: str | None, over: str) -> str:
        labelled = await self.client.label(call_id, mode, over=over)
        self.feed.take_call(labelled)
        return labelled.mode_revision or NOTHING

    async def pin(self, key: str, pinned: bool, over: str) -> str:
        return (await self.client.pin_entry(key, pinned=pinned, over=over)).revision

    async def weekly(self, report: WeeklyReport | None, over: str) -> str:
        """None: there shall be none."""
        return (await self.client.schedule(report, over=over)).revision

    async def entry(self, key: str, entry: CacheEntry | None, over: str) -> str:
        """None: it is discarded; else it is brought back."""
        if entry is not None:
            return (await self.client.restore_entry(key, over=over)).revision
        await self.client.discard_entry(key, over=over)
        return NOTHING
