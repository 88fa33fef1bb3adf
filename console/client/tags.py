"""Tags in use, and their names."""

from __future__ import annotations

from collections.abc import Sequence

from console import shapes
from console.client.asking import Asking, given
from console.shapes import wrapped
from console.wire import decoded, part


class Tags(Asking):
    """Tags in use, and their names."""

    async def tags(self, *, since: str = "30d", key: str | None = None) -> tuple[shapes.Tag, ...]:
        """The tags in use since then, the dearest first."""
        params = [("since", since), *given(key=key)]
        return (await self._wire.get("/tags", wrapped.Tags, params)).tags

    async def tag_names(self) -> tuple[shapes.TagName, ...]:
        """Every renaming in force."""
        return (await self._wire.get("/tags/names", wrapped.TagNames)).names

    async def rename_tags(self, key: str, values: Sequence[str], name: str, *, apply: bool) -> shapes.Renamed:
        """Calls values of a key by another name; without `apply` it only says what that would change."""
        body = {"key": key, "values": list(values), "name": name, "apply": apply}
        return decoded(await self._wire.send("POST", "/tags/rename", body), shapes.Renamed)

    async def restore_tag(self, key: str, value: str) -> shapes.Renamed:
        """Takes a renaming back."""
        path = f"/tags/names/{part(key)}/{part(value)}"
        return decoded(await self._wire.send("DELETE", path), shapes.Renamed)
