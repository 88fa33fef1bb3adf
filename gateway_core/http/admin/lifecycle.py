"""The gateway itself: ended, or kept when the console that started it ends."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.bodies import KeepBody, NothingBody
from gateway_core.http.admin.engine import Gateway
from gateway_core.http.admin.subject import subject

router = subject("lifecycle")


@router.post("/stop")
async def stop(body: NothingBody, gateway: Gateway) -> DoneAnswer:
    """Drains and ends: new calls are refused, running ones may finish."""
    gateway.stop()
    return DoneAnswer()


@router.put("/keep")
async def keep(body: KeepBody, gateway: Gateway) -> DoneAnswer:
    """Whether the gateway goes on when the console that started it ends."""
    gateway.keep = body.keep
    return DoneAnswer()
