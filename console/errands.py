"""What a key does from any page: go to another one, run a command, throw the brake, mask, time a task."""

from __future__ import annotations

from pathlib import Path

from textual import work

from console import keymap
from console.attention import Attentive
from console.choices import user_folder
from console.keymap.own import KEYS_FILE, own_keys
from console.screens import saved_filters
from console.screens.command_line import CommandLine
from console.screens.dashboard import Dashboard
from console.screens.desk import Desk
from console.screens.output import Output, as_masked, cannot_run
from console.screens.page import Page
from console.screens.pages import PAGES, page_type
from console.screens.panic import PanicForm, thrown_words
from console.screens.task import TaskReceipt


class Errands(Attentive):
    """verbs: the subcommands that the command line offers."""

    def __init__(self, desk: Desk, themes: tuple[Path, ...], verbs: tuple[str, ...]) -> None:
        super().__init__(desk, themes)
        self._verbs = verbs
        self._said: list[str] = []

    def action_page(self, name: str) -> None:
        """One page of a kind on the way back is enough: one that is there already is gone back to."""
        page = page_type(name)
        if isinstance(self.screen, Page) and not any(isinstance(each, page) for each in self.screen_stack):
            self.push_screen(page(self.desk))
        self._back_to(page)

    def _back_to(self, page: type[Page]) -> None:
        while isinstance(self.screen, Page) and not isinstance(self.screen, page):
            self.pop_screen()

    @work
    async def action_panic(self) -> None:
        """Throws the brake; where it is thrown, lifts it."""
        if not isinstance(self.screen, Page):
            return
        if panics := self.desk.feed.tick().panics:
            if await self.screen.ask(self.desk.lift(panics)) is not None:
                # It may still stand there that the brake was thrown.
                self.clear_notifications()
                self.notify(f"lifted; {keymap.glyph('app.undo')} throws it again")
        elif thrown := await self.push_screen_wait(PanicForm(self.desk, self.screen.call_at_hand)):
            self.notify(thrown_words(thrown), severity="error", markup=False)

    @work(exclusive=True, group="command")
    async def action_command(self) -> None:
        """Asks for a command: a page's name, or a verb of the shell."""
        if not isinstance(self.screen, Page):
            return
        offers = (*PAGES, *self._verbs, *saved_filters.words())
        said = await self.push_screen_wait(CommandLine(offers, self._said))
        if not said:
            return
        self._said.append(said)
        if said in PAGES:
            self.action_page(said)
        elif (text := saved_filters.named(said)) is not None:
            self.action_narrow(text)
        elif told := saved_filters.forgotten(said):
            self.notify(told, markup=False)
        elif problem := cannot_run(said, self.desk, masked=self.mask is not None):
            self.notify(problem, severity="warning", markup=False)
        else:
            self.push_screen(Output(self.desk, as_masked(said) if self.mask is not None else said))

    def action_take_keys(self) -> None:
        """Takes the user's own keys from their file, and tells what is wrong there."""
        own = own_keys(user_folder() / KEYS_FILE)
        self.set_keymap(dict(own.keys))
        keymap.take(own.keys)
        for problem in own.problems:
            self.notify(problem, severity="warning", markup=False)

    def action_narrow(self, text: str) -> None:
        """Puts a filter on the dashboard's calls, and goes there."""
        self._back_to(Dashboard)
        if isinstance(self.screen, Dashboard):
            self.screen.narrow(text)

    def action_mask(self) -> None:
        self.turn_mask(self.desk.feed.tick())

    def action_hasten(self, factor: float) -> None:
        if self.desk.hasten is None:
            self.notify("only a demo has a speed")
        else:
            self.notify(f"the demo runs {self.desk.hasten(factor):g}× as fast as life")

    def action_task(self) -> None:
        """Starts the stopwatch; the next time, shows what was spent meanwhile."""
        if not isinstance(self.screen, Page):
            return
        now = self.desk.feed.tick().now
        if self.desk.task_began is None:
            self.desk.task_began = now
            self.notify(f"this task began now; {keymap.glyph('app.task')} again says what it cost")
        else:
            began, self.desk.task_began = self.desk.task_began, None
            self.push_screen(TaskReceipt(self.desk, began, now))
