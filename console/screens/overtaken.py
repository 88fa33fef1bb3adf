"""Another console has changed what a form was opened on: their edit, one's own, and which shall stand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Label

from console import keymap
from console.present import NOTHING, matched, plain
from console.screens.page import Form
from console.trouble import ClientError
from console.widgets.hints import Hints
from console.widgets.ink import cut

Thing = TypeVar("Thing")
Saved = TypeVar("Saved")
MINE, THEIRS, BACK = "mine", "theirs", "back"
GONE = "It is not there any more."
SAME = "It says the same as yours by now."
LONGEST = 20
"""Characters of a value."""
_UNSAID = frozenset({"revision", "used_tokens_last_minute"})
"""Fields that nobody has written."""


class Kept(Enum):
    """What is said instead of a saved thing."""

    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Writing(Generic[Thing, Saved]):
    """Something that is being saved. over: saves it over the thing as it is given, None where there is none;
    before: the thing as it was seen; now: asks how it is; told: that in words, beside what is being saved."""

    over: Callable[[Thing | None], Awaitable[Saved]]
    before: Thing | None
    now: Callable[[], Awaitable[Thing | None]]
    told: Callable[[Thing], Sequence[str]]


class Overtaken(Form[str]):
    """Answers 'mine', 'theirs' or 'back': to the form, where all that was typed still stands."""

    BINDINGS = keymap.bindings("overtaken")
    PLACES: ClassVar[tuple[str, ...]] = ("overtaken",)

    def __init__(self, why: str, now: Sequence[str]) -> None:
        super().__init__()
        self.why, self.now = why, now

    def compose(self) -> ComposeResult:
        with Vertical(classes="form overtaken") as box:
            box.border_title = Content("another console changed this meanwhile")
            yield Label(Content(plain(self.why)), classes="asked")
            yield Label(Content("\n".join(self.now)), classes="now")
            yield Hints(self.hints())

    def action_choose(self, answer: str) -> None:
        self.dismiss(answer)


async def settle(
    screen: Screen[Any], writing: Writing[Thing, Saved], error: ClientError
) -> Saved | Kept | None:
    """Asks until one of the two stands: what was saved, that theirs stays, or None where one goes back.

    error: that of the overtaken write. Run it in a worker. Raises what the gateway refuses for other reasons.
    """
    while True:
        found = await writing.now()
        lines = [GONE] if found is None else writing.told(found)
        answer = await screen.app.push_screen_wait(Overtaken(str(error), lines))
        if answer != MINE:
            return Kept.THEIRS if answer == THEIRS else None
        try:
            return await writing.over(found)
        except ClientError as again:
            if not again.overtaken:
                raise
            error = again


def differences(theirs: object, mine: object) -> list[str]:
    """Field by field what they say that one's own does not, below a heading: a table."""
    assert is_dataclass(theirs)
    assert is_dataclass(mine)
    names = [each.name for each in fields(mine) if each.name not in _UNSAID]
    rows = [
        (name.replace("_", " "), _word(getattr(theirs, name)), _word(getattr(mine, name)))
        for name in names
        if getattr(theirs, name) != getattr(mine, name)
    ]
    return compared(rows)


def compared(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """What differs, below a heading: its name, theirs, one's own."""
    if not rows:
        return [SAME]
    table = [("", "theirs", "yours"), *rows]
    first, second = (max(len(row[at]) for row in table) + 2 for at in (0, 1))
    return [f"{name:<{first}}{theirs:<{second}}{yours}" for name, theirs, yours in table]


def _word(value: object) -> str:
    if isinstance(value, dict):
        return cut(plain(matched(value)) if value else "everything", LONGEST)
    if isinstance(value, tuple | list):
        return cut(", ".join(map(str, value)) or NOTHING, LONGEST)
    return NOTHING if value is None else cut(plain(str(value)), LONGEST)
