"""A draft of routes or thresholds tried on past calls, as it is edited: what it would have done to them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from textual import work
from textual.content import Content

from console.keymap import glyph
from console.present import plain
from console.screens.desk import Desk
from console.screens.sheet import Framed, Prose
from console.screens.trial_lines import dry_run_lines, progress_lines
from console.trouble import ClientError, GatewayGone
from console.widgets.ink import EMPTY, Line

PAUSE = 0.5
"""Seconds without another edit before a draft is tried."""
SPANS = {"7d": "the last 7 days", "30d": "the last 30 days"}
NOT_SEEN = "its dry run is not there yet: nothing holds before you have seen it"


class DryRun(Framed):
    """Shows the dry run of the draft that was tried last, or whatever else it is given.

    seen: the body of `routes/test` whose answer is on the screen; None while there is none.
    """

    def __init__(self, desk: Desk, title: str, *, id: str) -> None:
        self._said = Prose("")
        super().__init__(title, self._said, id=id)
        self.seen: Mapping[str, Any] | None = None
        self._desk = desk

    def tell(self, title: str, lines: Sequence[Line]) -> None:
        """Shows these lines instead of any dry run."""
        self.seen = None
        self.workers.cancel_group(self, "dry-run")
        self._put(title, lines)

    def read(self, by: int) -> None:
        """Moves by so many lines."""
        self.scroll_relative(y=by, animate=False)

    @work(exclusive=True, group="dry-run")
    async def attempt(self, draft: Mapping[str, Any], since: str) -> None:
        """Tries it once nothing else was tried for a moment. draft: a body of `routes/test` without since."""
        self.seen = None
        self._put(f"dry run: your edit against {SPANS[since]}", progress_lines(0.0))
        self.scroll_home(animate=False)
        await asyncio.sleep(PAUSE)
        body = {**draft, "since": since}
        try:
            found = await self._desk.client.test_routes(body, self._progress)
        except (ClientError, GatewayGone) as error:
            self._said.put([[("‼ ", "alert"), (plain(str(error)), "text")]])
            return
        self.seen = body
        apply: Line = [
            (glyph("routes.apply"), "bold key"),
            (f" {applied(draft)} from the next call on", "muted"),
        ]
        zone = self._desk.feed.tick().now.tzinfo
        self._said.put(lambda width: [*dry_run_lines(found, zone, width), EMPTY, apply])

    def _progress(self, share: float) -> None:
        self._said.put(progress_lines(share))

    def _put(self, title: str, lines: Sequence[Line]) -> None:
        self.border_title = Content(title)
        self._said.put(lines)


def applied(draft: Mapping[str, Any]) -> str:
    """What saving does: thresholds are saved alone, also where rules were tried with them."""
    if {"routes", "routing"} <= draft.keys():
        return "puts these in force, not your draft of rules,"
    return "puts it in force"
