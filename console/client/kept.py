"""The part of the admin plane that is about kept answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.client.asking import Asking
from console.shapes.cache import CacheEntries, CacheEntry, CacheStats, Discarded
from console.wire import Param, decoded, part


class Kept(Asking):
    """The cache of the gateway at the other end of a wire.

    where: `model`, `provider`, `token`, `scope`, `format`, `call` and tags to wanted values.
    """

    async def cache_entries(
        self,
        where: Mapping[str, str] | None = None,
        *,
        kind: str | None = None,
        pinned: bool | None = None,
        sort: str = "used",
        order: str = "desc",
        limit: int = 100,
        offset: int = 0,
    ) -> CacheEntries:
        """sort: created, used, expires, hits, saved, bytes, cost, model; order: asc, desc."""
        page: list[Param] = [("sort", sort), ("order", order), ("limit", limit), ("offset", offset)]
        return await self._wire.get("/cache/entries", CacheEntries, [*page, *_filter(where, kind, pinned)])

    async def cache_entry(self, key: str) -> CacheEntry:
        """One, by its key or six digits of its beginning, with the beginning of its text."""
        return await self._wire.get(f"/cache/entries/{part(key)}", CacheEntry)

    async def pin_entry(self, key: str, *, pinned: bool = True, over: str | None = None) -> CacheEntry:
        """over: the revision that it has; ClientError 412 where it is another one by now."""
        path = f"/cache/entries/{part(key)}/{'pin' if pinned else 'unpin'}"
        return decoded(await self._wire.send("POST", path, {}, over=over), CacheEntry)

    async def discard_entry(self, key: str, *, over: str | None = None) -> Discarded:
        """If a question alike ever got it, that counts as a wrong answer of the semantic cache."""
        answer = await self._wire.send("DELETE", f"/cache/entries/{part(key)}", over=over)
        return decoded(answer, Discarded)

    async def restore_entry(self, key: str, *, over: str | None = None) -> CacheEntry:
        """Brings a discarded one back as it was. ClientError 404 where that was too long ago."""
        answer = await self._wire.send("POST", f"/cache/entries/{part(key)}/restore", {}, over=over)
        return decoded(answer, CacheEntry)

    async def discard_entries(
        self,
        where: Mapping[str, str] | None = None,
        *,
        kind: str | None = None,
        pinned: bool | None = None,
        all: bool = False,
    ) -> Discarded:
        """All that fit; every one of them only with `all`."""
        params: list[Param] = [*_filter(where, kind, pinned), *([("all", "true")] if all else [])]
        return decoded(await self._wire.send("DELETE", "/cache/entries", params=params), Discarded)

    async def cache_stats(
        self, *, since: str = "24h", by: Sequence[str] = (), where: Mapping[str, str] | None = None
    ) -> CacheStats:
        """Hit rate and savings by tag:KEY, model, provider, token, hour, day or month."""
        params: list[Param] = [("since", since), ("by", ",".join(by)), *_filter(where, None, None)]
        return await self._wire.get("/cache/stats", CacheStats, params)


def _filter(where: Mapping[str, str] | None, kind: str | None, pinned: bool | None) -> list[Param]:
    params: list[Param] = [("where", f"{key}={value}") for key, value in (where or {}).items()]
    if kind is not None:
        params.append(("kind", kind))
    if pinned is not None:
        params.append(("pinned", str(pinned).lower()))
    return params
