"""What was asked and answered, of calls whose owner keeps that."""

from __future__ import annotations

from console.client.asking import Asking
from console.shapes.messages import Deleted, KeptMessages, Messages
from console.wire import decoded, part


class MessagesKept(Asking):
    """Messages of calls, as far as they are kept."""

    async def messages(self, id: str) -> Messages:
        """ClientError 404 where nothing is kept of that call."""
        return await self._wire.get(f"/calls/{part(id)}/messages", Messages)

    async def kept_messages(self) -> KeptMessages:
        """Of how many calls they are kept, and by which rules."""
        return await self._wire.get("/messages", KeptMessages)

    async def forget_messages(self, id: str | None = None) -> int:
        """Deletes those of one call, or of all; of how many calls."""
        path = "/messages" if id is None else f"/calls/{part(id)}/messages"
        return decoded(await self._wire.send("DELETE", path), Deleted).deleted
