"""What the forms of limits share: fields by name, mistakes told below them, choices by the arrow keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual import on, work
from textual.await_complete import AwaitComplete
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Label

from console.limit_reading import Mistake
from console.screens.overtaken import Kept, Writing, settle
from console.screens.page import Form
from console.trouble import ClientError, GatewayGone
from console.widgets.choice import Choice

Result = TypeVar("Result")
Read = TypeVar("Read")
Thing = TypeVar("Thing")


class LimitForm(Form[Result]):
    """Subclasses compose `field`s and a label `#mistake`, and save in `action_save`."""

    async def action_save(self) -> None:
        """Reads, saves and dismisses, or tells what cannot be read."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Closes it; what it still asks the gateway is not waited for."""
        self.workers.cancel_node(self)
        return super().dismiss(result)

    async def write(self, writing: Writing[Thing, Result]) -> None:
        """Saves, and closes the form with what was saved. Where another console was quicker, asks whose shall
        stand; what was typed stays until that is said."""
        try:
            self.dismiss(await writing.over(writing.before))
        except ClientError as error:
            if error.overtaken:
                self._settle(writing, error)
            else:
                self.notify(str(error), severity="error", markup=False)
        except GatewayGone as gone:
            self.notify(str(gone), severity="error", markup=False)

    @work(exclusive=True, group="settle")
    async def _settle(self, writing: Writing[Thing, Result], error: ClientError) -> None:
        asked = settle(self, writing, error)
        found = await self.ask(asked)
        if isinstance(found, Kept):
            self.notify("theirs stands; nothing of yours was saved")
            self.dismiss(None)
        elif found is not None:
            self.dismiss(found)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def action_choose(self, by: int) -> None:
        if isinstance(self.focused, Choice):
            self.focused.action_step(by)

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        await self.action_save()

    def text(self, id: str) -> str:
        return self.query_one(f"#{id}", Input).value

    def choice(self, id: str) -> str:
        return self.query_one(f"#{id}", Choice).value

    def read_or_tell(self, read: Callable[[], Read]) -> Read | None:
        """What the fields say; None where they cannot be read: the mistake is told and its field waits."""
        try:
            return read()
        except Mistake as mistake:
            self.tell(str(mistake))
            self.query_one(f"#{mistake.field}").focus()
            return None

    def tell(self, mistake: str) -> None:
        self.query_one("#mistake", Label).update(f"‼ {mistake}" if mistake else "")

    def name_field(self, id: str, name: str, placeholder: str) -> None:
        """Shows a field under another name, or with an empty one hides it."""
        row = self.query_one(f"#row-{id}")
        row.display = bool(name)
        row.query_one(".field-name", Label).update(name)
        self.query_one(f"#{id}", Input).placeholder = placeholder


def field(name: str, widget: Widget, classes: str = "field") -> Widget:
    """A row of a form: its name, and what is filled in."""
    return Horizontal(Label(name, classes="field-name"), widget, classes=classes, id=f"row-{widget.id}")
