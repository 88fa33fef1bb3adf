"""Try a prompt: where it would go by the rules in force or a draft, as one types; nothing is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label

from console import keymap
from console.limit_reading import Mistake, read_match
from console.screens.decision_lines import prompt_lines
from console.screens.desk import Desk
from console.screens.limit_form import LimitForm, field
from console.screens.sheet import Prose
from console.trouble import ClientError, GatewayGone
from console.widgets.field import Field
from console.widgets.hints import Hints

PAUSE = 0.3
"""Seconds that one must not type before the gateway is asked."""


class PromptForm(LimitForm[None]):
    """draft: the part of the question that says other rules than those in force."""

    BINDINGS = keymap.bindings("prompt", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("prompt", "field")

    def __init__(self, desk: Desk, draft: Mapping[str, Any]) -> None:
        super().__init__()
        self.desk = desk
        self._draft = draft

    def compose(self) -> ComposeResult:
        with Vertical(classes="form try-prompt") as box:
            box.border_title = Content(f"try a prompt · {'your draft' if self._draft else 'rules in force'}")
            yield field("prompt", Field(id="prompt", placeholder="rename foo to bar in this function"))
            yield field("tags", Field(id="match", placeholder="mode=vibing project=docs"))
            yield field("asked model", Field("auto", id="model"))
            self.found = Prose("where it would go")
            yield VerticalScroll(self.found, id="prompt-found", can_focus=False)
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#prompt", Input).focus()

    def action_read(self, by: int) -> None:
        self.query_one("#prompt-found").scroll_relative(y=by, animate=False)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._ask()

    @work(exclusive=True, group="prompt")
    async def _ask(self) -> None:
        await asyncio.sleep(PAUSE)
        prompt = self.text("prompt").strip()
        if not prompt:
            self.found.put(())
            return
        try:
            tags = read_match(self.text("match"))
            model = self.text("model").strip() or "auto"
            body = {**self._draft, "prompt": prompt, "tags": tags, "model": model}
            self.found.put(prompt_lines(await self.desk.client.try_prompt(body)))
        except (Mistake, ClientError, GatewayGone) as error:
            self.tell(str(error))
        else:
            self.tell("")
