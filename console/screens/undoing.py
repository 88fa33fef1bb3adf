"""Edits that can be taken back and made again, in the order in which they were made.

Each step is made over the revision that the step before has left behind: where somebody else has edited the
thing since, it is refused, their edit stands, and this one can be taken back no more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from console.trouble import ClientError

State = TypeVar("State")
Put = Callable[[State, str], Awaitable[str]]
"""Makes a thing so where it has this revision; answers the one that it has then. ClientError 412: another."""


@dataclass(slots=True)
class Edit(Generic[State]):
    """put: makes the thing so; before, after: how it was and is; left: its revision once that was done.
    undone, done: what a person is told once it is taken back, or made (again)."""

    put: Put[State]
    before: State
    after: State
    left: str
    undone: str
    done: str

    async def undo(self) -> None:
        self.left = await self.put(self.before, self.left)

    async def redo(self) -> None:
        self.left = await self.put(self.after, self.left)


@dataclass(slots=True)
class Edits:
    """What was edited in this session. Both ways raise what their step raises, and then nothing has moved:
    only an edit that somebody else has written over, or of what is gone, is out of the way from then on."""

    _made: list[Edit[Any]] = field(default_factory=list)
    _taken_back: list[Edit[Any]] = field(default_factory=list)

    def made(self, edit: Edit[Any]) -> None:
        """An edit that stands. What was taken back before it can not be made again."""
        self._made.append(edit)
        self._taken_back.clear()

    async def undo(self) -> str:
        """Takes the last edit back; what is so again."""
        if not self._made:
            return "nothing to undo in this session"
        edit = await _moved(self._made, self._taken_back, Edit.undo, "taken back")
        return edit.undone

    async def redo(self) -> str:
        """Makes the edit again that was taken back last; what is so again."""
        if not self._taken_back:
            return "nothing to do again"
        edit = await _moved(self._taken_back, self._made, Edit.redo, "made again")
        return edit.done


async def _moved(
    source: list[Edit[Any]], target: list[Edit[Any]], step: Callable[[Edit[Any]], Awaitable[None]], how: str
) -> Edit[Any]:
    edit = source[-1]
    try:
        await step(edit)
    except ClientError as error:
        if not (error.overtaken or error.gone):
            raise
        source.pop()
        why = "that edit stands" if error.overtaken else f"that cannot be {how} any more"
        raise ClientError(error.code, f"{error.message}; {why}", error.status) from None
    target.append(source.pop())
    return edit
