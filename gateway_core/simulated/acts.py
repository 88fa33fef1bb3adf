"""The story that the developers play: when something out of the ordinary happens, and for how long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway_core.simulated.pace import Pace


class ActKind(StrEnum):
    BURST = "burst"
    """A hackathon: several people vibe at once, and their project's budget passes 80 % and 100 %."""
    LOOP = "loop"
    """An agent runs away, sending the very same call again and again, until the guard stops it."""
    SLOW = "slow"
    """A provider answers late, then not at all; another one takes its calls."""
    BREAK = "break"
    """Somebody puts the time into the system prompt, and the provider's prompt cache is never read again."""


@dataclass(frozen=True, slots=True)
class Act:
    """Seconds at speed 1 since the story began."""

    kind: ActKind
    at: float
    lasts: float


STORY = (
    Act(ActKind.BURST, at=40, lasts=60),
    Act(ActKind.LOOP, at=130, lasts=70),
    Act(ActKind.SLOW, at=230, lasts=80),
    Act(ActKind.BREAK, at=330, lasts=70),
)
ROUND = 900.0
"""Seconds after which the story begins again: a quarter of an hour, most of it an ordinary one."""

Scene = Callable[[], Awaitable[None]]


async def play(story: Sequence[Act], scenes: Mapping[ActKind, Scene], pace: Pace) -> None:
    """Plays the acts in order and over again, for ever. A scene is cut off when its act is over."""
    while story:
        told = 0.0
        for act in sorted(story, key=lambda one: one.at):
            await pace.pause(act.at - told)
            await pace.cut(scenes[act.kind], act.lasts)
            told = act.at + act.lasts
        await pace.pause(ROUND - told)
