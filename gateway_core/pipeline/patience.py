"""A call that waits for a person's word: its client hears that somebody is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from gateway_core.model.call import Ask, DialectName
from gateway_core.pipeline.passage import Passage

QUIET = 10.0
"""Seconds for which a client hears nothing. A refusal within them still has its own status."""

Answer = TypeVar("Answer")


async def kept_alive(call: Passage, ask: Ask, waiting: Awaitable[Answer]) -> Answer:
    """What is waited for. A stream that a budget may ask about gets a comment now and then meanwhile; a call
    for one whole answer waits in silence, since nothing can be said before its status."""
    if not (ask.stream and _in_events(call, ask) and _may_ask(call)):
        return await waiting
    signs = _Signs(call)
    try:
        return await waiting
    finally:
        signs.end()


class _Signs:
    """A sign of life each time that it has been quiet for a while."""

    def __init__(self, call: Passage) -> None:
        self._call = call
        self._next = asyncio.get_running_loop().call_later(QUIET, self._give)

    def end(self) -> None:
        self._next.cancel()

    def _give(self) -> None:
        self._call.client.keep_alive(self._call.our_headers())
        self._next = asyncio.get_running_loop().call_later(QUIET, self._give)


def _in_events(call: Passage, ask: Ask) -> bool:
    """Gemini streams one JSON array, unless it is asked for events."""
    return ask.dialect is not DialectName.GEMINI or "alt=sse" in call.request.query


def _may_ask(call: Passage) -> bool:
    target = call.record.target
    return target is not None and call.parts.admission.may_ask(call.facts(target))
