"""The first page: which providers can be called, one limit on everything, and where to point the clients."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import SuspendNotSupported
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from console import envrc, keymap
from console.limit_reading import Mistake
from console.messages import Chosen, Moved
from console.pointing import own_command
from console.screens.draft import Draft
from console.screens.first_steps import Amount, ClientStep, LimitStep, ProviderStep, Step
from console.screens.first_words import unknown_to_auto
from console.screens.key_form import KeyForm, no_form_for
from console.screens.page import Page
from console.shapes import Budget, KeyState, KeyTest
from console.snapshot import Snapshot
from console.trial import NOT_FOUND, offered_by, trial
from console.trouble import Trouble
from console.widgets.hints import Hint

EVERYTHING = "everything"
ALERTS = (80, 100)


class FirstRun(Page):
    """Shows no secret. Nothing that it asks for must be given: `esc` leaves it at any time."""

    PLACES: ClassVar[tuple[str, ...]] = ("first run", "first providers", "first client", "list")
    AGAIN = 5.0
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave",)
    BINDINGS = keymap.bindings("first run", "first providers", "first client")
    AUTO_FOCUS = "#provider-choice"

    def body(self) -> Iterator[Widget]:
        self._at = 0
        self._asked: dict[str, KeyTest] = {}
        self.providers = ProviderStep()
        self.limit = LimitStep()
        self.client = ClientStep(self.desk.handle.url, own_command(sys.argv[0], Path.home()))
        self.steps: tuple[Step, ...] = (self.providers, self.limit, self.client)
        yield Vertical(*self.steps, id="first-run-page")

    def on_mount(self) -> None:
        self._go(0)
        self._fetch_token()

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        self.limit.take(on_everything(snap.budgets or ()))
        self.client.show(snap)

    @property
    def step(self) -> Step:
        return self.steps[self._at]

    def places(self) -> tuple[str, ...]:
        return ("first run", *self.step.PLACES, "everywhere")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each step has keys of its own."""
        own = {"add": 0, "copy_line": 2, "write": 2, "try": 2, "tags": 2}
        return own.get(action, self._at) == self._at and not (action == "step_back" and self._at == 0)

    def hints(self) -> list[Hint]:
        words = {"next": "dashboard" if self._at == 2 else "next", "back": "skip"}
        told = [hint for hint in super().hints() if not (hint.label == "step back" and self._at == 0)]
        if self.step is self.limit:
            # Letters and signs are typed into the field there.
            told = [hint for hint in told if len(hint.glyph) > 1 or hint.glyph in "⏎◂"]
        return [replace(hint, label=words.get(hint.label, hint.label)) for hint in told]

    # The steps

    async def action_next(self) -> None:
        if self.step is self.limit and not await self._save_limit():
            return
        if self._at == len(self.steps) - 1:
            self.dismiss()
        else:
            self._go(self._at + 1)

    @on(Amount.Back)
    def action_step_back(self) -> None:
        self._go(max(0, self._at - 1))

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        await self.action_next()

    @on(Chosen)
    async def _chosen(self) -> None:
        if self.step is self.providers:
            await self.action_add()
        else:
            self.action_copy_line()

    def _go(self, at: int) -> None:
        self._at = at
        for number, step in enumerate(self.steps):
            step.display = number == at
        self.step.titled.border_title = Content(f"welcome to llmconsole · {at + 1} of 3 · {self.step.CALLED}")
        self.step.entry.focus()
        self._footer.put(self.hints())

    # Providers

    async def action_add(self) -> None:
        key, keys = self.providers.current, self.providers.keys
        if key is None or keys is None:
            return
        if why := no_form_for(key):
            self.notify(why, markup=False)
        else:
            self.app.push_screen(KeyForm(self.desk, key, keys.keyring), self._added)

    def _added(self, saved: KeyState | None) -> None:
        if saved is not None:
            self.notify(f"{saved.title}: key {saved.hint or ''} saved", markup=False)
            self.desk.feed.refresh()
            self._fetch()

    @work(exclusive=True, group="keys")
    async def _fetch(self) -> None:
        keys = await self.ask(self.desk.client.keys())
        if keys is None:
            return
        self.providers.put(keys, self._asked)
        for key in keys.keys:
            if key.source == "none" and (test := await self.ask(self.desk.client.test_key(key.provider))):
                self._asked[key.provider] = test
                self.providers.put(keys, self._asked)

    # The limit

    async def _save_limit(self) -> bool:
        """Saves it where it is another than before; whether one may go on."""
        try:
            wanted = self.limit.read()
        except Mistake as mistake:
            self.limit.tell(mistake)
            return False
        self.limit.tell(None)
        before = self.limit.before
        if wanted is None or (before is not None and before.limit_usd == wanted):
            return True
        draft = replace(Draft.of(before), limit_usd=wanted) if before else monthly(wanted)
        return await self.ask(self.desk.save_budget(draft, before)) is not None

    # The client

    @on(Moved)
    def _moved(self) -> None:
        self.client.redraw()

    def action_tags(self) -> None:
        self.client.tagged = not self.client.tagged
        self.client.redraw()

    def action_copy_line(self) -> None:
        self.copy(self.client.line, self.client.line)

    @work(group="write")
    async def action_write(self) -> None:
        """Writes the marked client's variables to .envrc where the console was started."""
        if not self.client.ready:
            self.notify("the gateway gives no client token; see K", severity="warning")
            return
        try:
            done = await asyncio.to_thread(envrc.write, Path.cwd(), self.client.written())
        except Trouble as trouble:
            self.notify(trouble.message, severity="error", markup=False)
            return
        told = f"{done.how} {done.path}, for you alone to read; now: direnv allow, or: . ./{envrc.NAME}"
        self.notify(told, markup=False)
        if done.exposed:
            self.notify(
                f"git does not ignore {envrc.NAME}, and a token is in it: add it to .gitignore",
                severity="warning",
                markup=False,
            )

    @work(exclusive=True, group="try")
    async def action_try(self) -> None:
        """Sends one small call as any client would."""
        made = await self.ask(self.desk.client.client_token())
        if made is None:
            return
        self.client.sending = True
        came = await self.ask(trial(self.desk.handle.url, made.token))
        known = unknown_to_auto(self.providers.keys, self._asked)
        if came is not None and came.status == NOT_FOUND and known:
            # What they offer is asked for by name.
            model = await self.ask(offered_by(self.desk.handle.url, made.token, known))
            came = await self.ask(trial(self.desk.handle.url, made.token, model)) if model else came
        self.client.sending = False
        if came is not None and came.problem:
            self.notify(came.problem, severity="error", markup=False)

    def action_demo(self) -> None:
        """The demo in this terminal; leaving it comes back here."""
        try:
            with self.app.suspend():
                # Nothing of ours may draw meanwhile, so this waits on purpose.
                self.desk.host(subprocess.Popen([sys.executable, "-P", "-m", "console", "demo"]))
        except SuspendNotSupported:
            self.notify("this terminal cannot be handed over; run: llmconsole demo", markup=False)

    @work(group="token")
    async def _fetch_token(self) -> None:
        made = await self.ask(self.desk.client.client_token())
        if made is not None:
            self.client.take_token(made.token)


def on_everything(budgets: Sequence[Budget]) -> Budget | None:
    """The monthly limit in dollars on everything, if there is one."""
    return next(
        (one for one in budgets if not one.match and one.window == "month" and one.limit_usd is not None),
        None,
    )


def monthly(limit: Decimal) -> Draft:
    """The first limit of a new gateway."""
    return Draft(
        name=EVERYTHING,
        match={},
        limit_usd=limit,
        limit_tokens=None,
        window="month",
        at_limit="block",
        alerts=ALERTS,
    )
