"""Tells when the machine's clock was set: windows of budgets and reports follow it."""

from __future__ import annotations

from gateway_core.bus import Bus
from gateway_core.clock import Jumps

PAUSE = 10.0
"""Seconds between two looks."""


async def look(jumps: Jumps, bus: Bus) -> None:
    """Warns whoever watches, once for each jump."""
    if not (jumped := jumps.look()):
        return
    words = f"the machine's clock was set {'on' if jumped > 0 else 'back'} by {abs(jumped):.0f} s; "
    rule = "a window that has closed stays closed" if jumped > 0 else "no window opens anew"
    bus.say("warning", words + rule)
