"""The story that the developers play: when something out of the ordinary happens, and for how long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import anyio


class ActKind(StrEnum):
    BURST = "burst"
    """A merge train: the CI job fires far more calls than it usually does."""
    LOOP = "loop"
    """An agent runs away, repeating a failing command."""


@dataclass(frozen=True, slots=True)
class Act:
    """Seconds at speed 1 since the story began."""

    kind: ActKind
    at: float
    lasts: float


STORY = (Act(ActKind.BURST, at=35, lasts=12), Act(ActKind.LOOP, at=80, lasts=25))
ROUND = 180.0
"""Seconds after which the story begins again."""

Scene = Callable[[], Awaitable[None]]


async def play(story: Sequence[Act], scenes: Mapping[ActKind, Scene], speed: float) -> None:
    """Plays the acts in order and over again, for ever. A scene is cut off when its act is over."""
    while story:
        begun = anyio.current_time()
        for act in sorted(story, key=lambda one: one.at):
            await anyio.sleep_until(begun + act.at / speed)
            with anyio.move_on_after(act.lasts / speed):
                await scenes[act.kind]()
        await anyio.sleep_until(begun + ROUND / speed)
