"""Ending a call that is under way, by hand."""

from __future__ import annotations

from console.panels.words import short_model, who
from console.present import usd_call
from console.screens.confirm import Confirm
from console.screens.page import Page
from console.shapes import Call


async def end_call(page: Page, call: Call) -> None:
    """Asks once, then ends it; says so where it has ended by itself. Run it in a worker."""
    if call.status != "open":
        page.notify("this call has ended")
        return
    told = f"{short_model(call.model)} for {who(call)}, ~{usd_call(call.cost_usd)} so far."
    question = f"End this call? {told} Its client is told, and what it used is booked."
    if await page.app.push_screen_wait(Confirm(question)) == "yes":
        await page.ask(page.desk.client.end_call(call.id))
