"""Edits that can be taken back and made again, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Edit:
    """undone, done: what a person is told once it is taken back, or made (again)."""

    undone: str
    undo: Step
    done: str
    redo: Step


@dataclass(slots=True)
class Edits:
    """What was edited in this session. Both ways raise what their step raises, and then nothing has moved."""

    _made: list[Edit] = field(default_factory=list)
    _taken_back: list[Edit] = field(default_factory=list)

    def made(self, edit: Edit) -> None:
        """An edit that stands. What was taken back before it can not be made again."""
        self._made.append(edit)
        self._taken_back.clear()

    async def undo(self) -> str:
        """Takes the last edit back; what is so again."""
        if not self._made:
            return "nothing to undo in this session"
        edit = self._made[-1]
        await edit.undo()
        self._taken_back.append(self._made.pop())
        return edit.undone

    async def redo(self) -> str:
        """Makes the edit again that was taken back last; what is so again."""
        if not self._taken_back:
            return "nothing to do again"
        edit = self._taken_back[-1]
        await edit.redo()
        self._made.append(self._taken_back.pop())
        return edit.done
