"""One call: its receipt, why this model, and what it was tagged with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.screens.afterwards import afterwards
from console.screens.decision_lines import decision_lines
from console.screens.desk import Desk
from console.screens.ending import end_call
from console.screens.kept_words import discarded
from console.screens.labelling import label_call, make_mode_rule
from console.screens.message_lines import message_lines
from console.screens.page import Page
from console.screens.phases import Timeline
from console.screens.receipt import facts, markdown, prompt_cache, reasons, receipt
from console.screens.sheet import Prose, Sheet
from console.screens.what_if import WhatIfForm
from console.shapes import Call, Receipt
from console.shapes.decisions import Explanation
from console.shapes.messages import Messages
from console.snapshot import Snapshot
from console.trouble import ClientError, GatewayGone
from console.widgets.ink import Line


class Inspector(Page):
    """call_id: which call; order: the ids of the list it was opened from, for the way to its neighbours."""

    PLACES: ClassVar[tuple[str, ...]] = ("inspector",)
    BINDINGS = keymap.bindings("inspector")

    def __init__(self, desk: Desk, call_id: str, order: Sequence[str]) -> None:
        super().__init__(desk)
        self._call_id = call_id
        self._order = list(order)
        self._call: Call | None = None
        self._made: Receipt | None = None
        self._explained: Explanation | None = None
        self._said: Messages | None = None
        self._whole = False
        self._masked = False

    def body(self) -> Iterator[Widget]:
        self._receipt, self._why = Sheet("receipt"), Prose("why this model", id="why")
        self._facts, self._time = Sheet("call"), Timeline()
        self._messages = Prose("messages", id="messages", hang=0)
        self._messages.display = False
        self._after = Prose("tries and corrections", id="afterwards")
        self._after.display = False
        above = Container(self._receipt, self._facts, id="inspector-above")
        sheets = (above, self._time, self._after, self._why, self._messages)
        yield VerticalScroll(*sheets, id="inspector-page", can_focus=False)

    def on_mount(self) -> None:
        self._fetch()

    @property
    def call_at_hand(self) -> Call | None:
        return self._call

    @work
    async def action_end(self) -> None:
        if self._call is not None:
            await end_call(self, self._call)

    @work
    async def action_label(self) -> None:
        if self._call is not None and await label_call(self, self._call):
            self._fetch()

    @work
    async def action_mode_rule(self) -> None:
        if self._call is not None:
            await make_mode_rule(self, self._call)

    @work
    async def action_thumb(self, up: bool) -> None:
        """Says whether the answer was good enough, for `routes learn --own` to learn from."""

        async def said() -> str:
            await self.desk.client.thumb(self._call_id, up=up)
            return "good enough" if up else "not good enough"

        if (word := await self.ask(said())) is not None:
            self.notify(f"taken down: this answer was {word}; routes learn --own learns from it")

    @work
    async def action_discard(self) -> None:
        """Discards the kept answer that this call was given, or brought. What a question alike got counts as
        wrong."""
        found = await self.ask(self.desk.client.cache_entries({"call": self._call_id}))
        if found is not None and not found.entries:
            self.notify("no answer is kept that this call was given for its meaning, or brought")
        for entry in found.entries if found is not None else ():
            if (done := await self.ask(self.desk.discard(entry))) is not None:
                self.notify(f"{discarded(done)}; {keymap.glyph('app.undo')} brings it back")

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        if self._masked != self.is_masked:
            self._masked = self.is_masked
            self._show_messages()
        known = next(
            (call for call in (*snap.in_flight, *snap.calls[:2_000]) if call.id == self._call_id), None
        )
        if known is not None:
            self._take(known, snap.now)

    def action_what_if(self) -> None:
        """The same tokens on other models."""
        if self._call is None:
            return
        if self._call.status == "open":
            self.notify("its tokens are known when it has ended")
        else:
            self.app.push_screen(WhatIfForm(self.desk, self._call))

    def action_step(self, by: int) -> None:
        at = self._order.index(self._call_id) + by if self._call_id in self._order else 0
        if 0 <= at < len(self._order):
            self._call_id, self._made, self._explained = self._order[at], None, None
            self._said, self._whole = None, False
            self._show_messages()
            self._fetch()

    def action_scroll(self, by: int) -> None:
        self.query_one("#inspector-page").scroll_relative(y=by, animate=False)

    def action_whole(self) -> None:
        """Every message in full, or its beginning alone."""
        self._whole = not self._whole
        self._show_messages()

    def action_copy(self) -> None:
        if self._call is not None:
            self.copy("receipt as Markdown", markdown(self._call))

    @work(exclusive=True)
    async def _fetch(self) -> None:
        call = await self.ask(self.desk.client.call(self._call_id))
        if call is None:
            return
        with suppress(ClientError, GatewayGone):
            self._explained = await self.desk.client.decision(call.id)
            if call.status != "open":
                self._made = await self.desk.client.receipt(call.id)
        with suppress(ClientError, GatewayGone):
            self._said = await self.desk.client.messages(call.id)
        self._show_messages()
        now = self.desk.feed.tick().now
        lines = afterwards(call, now.tzinfo)
        self._after.put(lines)
        self._after.display = bool(lines)
        # A tick may have shown the same call meanwhile, without what was fetched.
        self._call = None
        self._take(call, now)

    def _show_messages(self) -> None:
        """Only of a call whose messages are kept."""
        self._messages.display = self._said is not None
        if self._said is not None:
            now = self.desk.feed.tick().now
            self._messages.put(message_lines(self._said, now, masked=self._masked, whole=self._whole))

    def _take(self, call: Call, now: datetime) -> None:
        self._time.show(call, now)
        if call == self._call:
            return
        ended = self._call is not None and self._call.status == "open" and call.status != "open"
        self._call = call
        if ended and self._made is None:
            self._fetch()
        self._facts.put(facts(call, now.tzinfo))
        self._receipt.put(receipt(call, self._made))
        self._why.put(why(call, self._explained))
        self._facts.border_title = Content(f"call {call.id}")


def why(call: Call, found: Explanation | None) -> list[Line]:
    """The decision on record, and the provider's cache; before it is there, the call's own reason."""
    lines = reasons(call) if found is None else [*decision_lines(found), *prompt_cache(call)]
    if call.cache == "semantic":
        lines.append(
            [
                (keymap.glyph("call.discard"), "bold key"),
                (" says that this answer was wrong, and discards it", "muted"),
            ]
        )
    return lines
