"""The form that takes a provider's key: masked, tested if wanted, gone from the screen once stored."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label

from console import keymap
from console.present import counted
from console.screens.desk import Desk
from console.screens.page import Form
from console.shapes import Keyring, KeyState
from console.widgets.choice import Choice
from console.widgets.field import Field
from console.widgets.hints import Hints

YES, NO = "yes", "no"


class KeyForm(Form[KeyState]):
    """Answers the state of the key once it is stored, None where it was not."""

    BINDINGS = keymap.bindings("form", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("form", "field")

    def __init__(self, desk: Desk, key: KeyState, keyring: Keyring) -> None:
        super().__init__()
        self.desk = desk
        self.key = key
        self.keyring = keyring

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = Content(f"{'replace the' if self.key.hint else 'new'} key: {self.key.title}")
            field = Field(password=True, id="key", placeholder="paste it here; it is never shown")
            yield Horizontal(Label("key", classes="field-name"), field, classes="field")
            yield Horizontal(
                Label("test it first", classes="field-name"),
                Choice((YES, NO), YES, id="test"),
                classes="field",
            )
            yield Label(Content(self._before()), classes="hint")
            yield Label(Content(self._keeping()), classes="hint" if self.keyring.usable else "hint warning")
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#key", Input).focus()

    async def action_save(self) -> None:
        field = self.query_one("#key", Input)
        text = field.value.strip()
        if not text or any(letter.isspace() for letter in text):
            self._tell("a key is one word, without blanks")
            return
        if self.query_one("#test", Choice).value == YES and not await self._works(text):
            return
        saved = await self.ask(
            self.desk.client.set_key(self.key.provider, text, session_only=not self.keyring.usable)
        )
        if saved is not None:
            field.value = ""
            self.dismiss(saved)

    def action_cancel(self) -> None:
        self.query_one("#key", Input).value = ""
        self.dismiss(None)

    def action_choose(self, by: int) -> None:
        if isinstance(self.focused, Choice):
            self.focused.action_step(by)

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        await self.action_save()

    async def _works(self, text: str) -> bool:
        self._tell("asking the provider for its models …")
        test = await self.ask(self.desk.client.test_key(self.key.provider, text))
        if test is None or not test.ok:
            reason = test.problem if test is not None else "the gateway could not ask"
            self._tell(f"‼ {reason} · choose 'no' above to save it all the same")
            return False
        self._tell(f"✓ it works · {counted(test.models, 'model')}")
        return True

    def _before(self) -> str:
        if not self.key.hint:
            made_at = f"\nyou get one at {self.key.key_url}" if self.key.key_url else ""
            return f"for {self.key.base_url}{made_at}"
        if self.key.source == "env":
            return f"It goes before {self.key.hint} of the environment, which stays where it is."
        return f"{self.key.hint} stays in use until the new one works and is stored."

    def _keeping(self) -> str:
        if self.keyring.usable:
            return f"It goes to the OS keyring ({self.keyring.backend}); no file of ours holds it."
        mend = f" To keep it for longer, {self.keyring.mend}." if self.keyring.mend else ""
        return f"‼ No usable OS keyring here: the key is kept for this session only.{mend}"

    def _tell(self, text: str) -> None:
        self.query_one("#mistake", Label).update(text)


def no_form_for(key: KeyState) -> str | None:
    """Why a provider's key is not set in a form; None where it is."""
    if not key.needs_key:
        return f"{key.title} needs no key"
    if key.source == "file":
        return f"{key.title}: config.toml names a file; write the new key there"
    return None
