"""What pages and forms share: header and footer, snapshots, and errors as toasts."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from console import keymap
from console.clipboard import hand_over
from console.messages import Copied
from console.panels.header import Header
from console.present import usd
from console.screens.desk import Desk
from console.screens.rows import Rows
from console.shapes import Call
from console.snapshot import Snapshot
from console.trouble import ClientError, GatewayGone
from console.wardrobe import Dressed
from console.widgets.canvas import Canvas
from console.widgets.hints import Hint, Hints
from console.widgets.ink import Line, centred, fitting

Answer = TypeVar("Answer")
Result = TypeVar("Result")
TOO_SMALL = (60, 15)


class TooSmall(Canvas):
    """Stands in for a whole page on a terminal that is too small for it: the one number that matters most."""

    def __init__(self) -> None:
        super().__init__()
        self._today: Decimal | None = None

    def show(self, snap: Snapshot) -> None:
        today = snap.summary.today_usd if snap.summary else None
        if self.display and today != self._today:
            self._today = today
            self.redraw()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        number: Line = (
            [(usd(self._today), "bold spend"), (" today", "muted")] if self._today is not None else ()
        )
        wanted: Line = [("too small, {}×{} needed".format(*TOO_SMALL), "muted")]
        return [centred(fitting([number, wanted], width, (" · ", "muted")), width)]


class Page(Screen[None]):
    """A full screen: header, the body that subclasses compose, footer. PLACES name its keys in the keymap."""

    PLACES: ClassVar[tuple[str, ...]] = ()
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave",)
    """Keys that its footer does not name: the one that leads here, and on pages that `esc` leaves, `q`."""
    AGAIN: ClassVar[float | None] = None
    """Seconds between two askings of what it shows beside the snapshots; None: there is no such thing."""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (160, "-ultra")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (15, "-short"), (28, "-medium"), (42, "-tall")]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._header = Header(demo=desk.demo)
        self._footer = Hints(())
        self._too_small = TooSmall()
        self.ready = False
        """It is composed, and takes snapshots."""

    def compose(self) -> ComposeResult:
        yield self._header
        yield from self.body()
        yield self._footer
        yield self._too_small

    def body(self) -> Iterator[Widget]:
        """What stands between header and footer."""
        yield from ()

    @property
    def is_masked(self) -> bool:
        """The privacy mask is on."""
        return isinstance(self.app, Dressed) and self.app.mask is not None

    @property
    def call_at_hand(self) -> Call | None:
        """The call that the cursor is on, if the page shows calls."""
        return None

    def places(self) -> tuple[str, ...]:
        """The places in the keymap whose keys are valid now."""
        return (*self.PLACES, "everywhere")

    def hints(self) -> list[Hint]:
        return list(_hints(self.places(), self.needless(), keymap.taken()))

    def step_back(self) -> bool:
        """Puts away what is only begun here, before the page itself is left; whether there was any."""
        return any(rows.unmark() for rows in self.query(Rows))

    def needless(self) -> tuple[str, ...]:
        return self.NEEDLESS

    # Textual calls the `on_mount` of a page and then this one: a page's own does not call it again.
    def on_mount(self) -> None:
        self.ready = True
        self.show(self.desk.feed.tick())
        if self.AGAIN is not None:
            self._fetch()
            self.set_interval(self.AGAIN, self._fetch)

    def on_unmount(self) -> None:
        self.ready = False

    def show(self, snap: Snapshot) -> None:
        """Takes a tick's snapshot."""
        self._header.show(snap)
        self._too_small.show(snap)
        self.hint()

    def on_resize(self) -> None:
        # A tick may be a second away; what has a place now is named before.
        self.call_after_refresh(self._show_present)

    def _show_present(self) -> None:
        if self.ready:
            self.show(self.desk.feed.tick())

    def hint(self) -> None:
        """Names the keys that are valid now."""
        self._footer.put(self.hints())

    def _fetch(self) -> object:
        """Asks the gateway for what the page shows beside the snapshots, in a worker."""
        return None

    @on(Copied)
    def _copied(self, event: Copied) -> None:
        self.copy(event.what, event.text)

    @work(group="copy")
    async def copy(self, what: str, text: str) -> None:
        await copied(self, self.desk, what, text)

    async def ask(self, question: Awaitable[Answer]) -> Answer | None:
        """The gateway's answer; None, and a toast with its reason, where it refuses or is gone."""
        return await answered(self, question)


class Form(ModalScreen[Result]):
    """A small screen over a page. PLACES as on a page."""

    PLACES: ClassVar[tuple[str, ...]] = ("form",)
    VERTICAL_BREAKPOINTS = Page.VERTICAL_BREAKPOINTS

    def hints(self) -> list[Hint]:
        return [hint_of(key) for key in keymap.footer(*self.PLACES)]

    async def ask(self, question: Awaitable[Answer]) -> Answer | None:
        return await answered(self, question)


async def copied(screen: Screen[Result], desk: Desk, what: str, text: str, *, secret: bool = False) -> None:
    """Copies by every way there is, and says which; whether it arrived nobody can know. secret: it goes to no
    file, and nothing in it is masked."""
    if not secret and isinstance(screen.app, Dressed):
        what, text = screen.app.masked(what), screen.app.masked(text)
    screen.app.copy_to_clipboard(text)
    place = None if secret else desk.handle.place
    also = await hand_over(text, place.data if place else None)
    screen.notify(f"{what} sent to the clipboard" + (f" · also {also}" if also else ""), markup=False)


async def answered(screen: Screen[Result], question: Awaitable[Answer]) -> Answer | None:
    try:
        return await question
    except (ClientError, GatewayGone) as error:
        screen.notify(str(error), severity="error", markup=False)
        return None


@lru_cache(maxsize=128)
def _hints(places: tuple[str, ...], needless: tuple[str, ...], _: frozenset[object]) -> tuple[Hint, ...]:
    """Asked at each tick, and seldom changed. _: the keys that a person has changed."""
    return tuple(hint_of(key) for key in keymap.footer(*places) if key.id not in needless)


def hint_of(key: keymap.Key) -> Hint:
    return Hint(key.glyph, key.label, click_action(key))


def click_action(key: keymap.Key) -> str:
    """The action of a key, as a click anywhere on the screen runs it."""
    if "." in key.action.partition("(")[0]:
        return key.action
    return f"app.{key.action}" if key.where == "everywhere" else f"screen.{key.action}"
