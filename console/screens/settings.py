"""The settings: how the console looks and what the gateway runs with, changed here where they can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.choices import recall, remember, short_path, user_folder
from console.keymap.own import KEYS_FILE, PRESETS, choose_preset, preset_of
from console.markers import MARKERS
from console.messages import Chosen, Moved
from console.screens.page import Page
from console.screens.rows import Rows
from console.screens.setting_rows import HERE, Own, Row, rows, where_words
from console.screens.sheet import Sheet
from console.shapes.settings import Settings
from console.snapshot import Snapshot
from console.wardrobe import Dressed, markers_of
from console.widgets.grid import Column, Layout
from console.widgets.ink import Line

MOUSE = ("on", "off")


class SettingsPage(Page):
    """Asks the gateway again now and then: another console may have changed something."""

    PLACES: ClassVar[tuple[str, ...]] = ("settings", "list")
    AGAIN = 5.0
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.settings")
    BINDINGS = keymap.bindings("settings")
    AUTO_FOCUS = "#setting-list"

    def body(self) -> Iterator[Widget]:
        self._found: Settings | None = None
        self._rows: dict[str, Row] = {}
        self._snap = self.desk.feed.tick()
        self.list = Rows(self._row, heading=self._heading, id="setting-list")
        self.list.border_title = Content("settings")
        self.below = Sheet("what it is")
        yield Vertical(self.list, self.below, id="settings-page")

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        self._snap = snap
        own = self._own()
        found = {row.id: row for row in rows(own, self._found)}
        if found != self._rows:
            self._rows = found
            self.list.put(tuple(found))
            self._tell()

    @property
    def current(self) -> Row | None:
        return self._rows.get(self.list.current or "")

    async def action_change(self) -> None:
        row = self.current
        if row is None:
            return
        if row.where != HERE:
            self.notify(where_words(row, self._found) or "nothing sets it", markup=False)
        elif row.id == "mode":
            await self.run_action("app.next_mode")
        elif row.id == "theme":
            await self.run_action("app.themes")
        else:
            await self._choose(row)
        self.show(self.desk.feed.tick())

    @on(Chosen)
    async def _chosen(self) -> None:
        await self.action_change()

    @on(Moved)
    def _moved(self) -> None:
        self._tell()

    async def _choose(self, row: Row) -> None:
        """The next one of what may be chosen."""
        if row.id == "preset":
            await self._take_preset(_after(tuple(PRESETS), row.value))
        elif row.id == "markers":
            chosen = _after(MARKERS, row.value)
            remember("marker", chosen)
            if isinstance(self.app, Dressed):
                self.app.draw_with(chosen)
        else:
            remember("mouse", _after(MOUSE, row.value))

    async def _take_preset(self, preset: str) -> None:
        try:
            choose_preset(user_folder() / KEYS_FILE, preset)
        except (OSError, ValueError) as error:
            self.notify(f"{KEYS_FILE}: {error}", severity="error", markup=False)
            return
        await self.run_action("app.take_keys")

    def _own(self) -> Own:
        status = self._snap.status
        return Own(
            mode=status.mode if status else "",
            theme=self.app.theme,
            preset=preset_of(user_folder() / KEYS_FILE),
            markers=markers_of(self.app),
            mouse=recall("mouse", MOUSE, "on"),
            folder=short_path(user_folder()),
        )

    @work(exclusive=True, group="settings")
    async def _fetch(self) -> None:
        found = await self.ask(self.desk.client.settings())
        if found is not None:
            self._found = found
            self.show(self.desk.feed.tick())

    def _tell(self) -> None:
        row = self.current
        if row is None:
            return
        self.below.border_title = Content(row.name)
        where = where_words(row, self._found)
        self.below.put(
            [[(row.value, "bold text")], [(row.told, "muted")], [(where, "key" if where else "text")]]
        )

    def _row(self, row_id: str, width: int) -> Line:
        return Layout.of(SETTING_COLUMNS, width).line(self._rows[row_id])

    def _heading(self, width: int) -> Line:
        return [(" ", "text"), *Layout.of(SETTING_COLUMNS, width - 1).heading()]


SETTING_COLUMNS: tuple[Column[Row], ...] = (
    Column("", 1, 1, lambda row: ("✎", "key") if row.where == HERE else (" ", "text"), gap=0),
    Column("of the", 8, 3, lambda row: (row.group, "faint"), gap=1),
    Column("setting", 14, 1, lambda row: (row.name, "muted")),
    Column("value", 30, 1, lambda row: (row.value, "text"), most=150),
)


def _after(words: Sequence[str], word: str) -> str:
    """The next one, from the last on the first."""
    return words[(words.index(word) + 1) % len(words)] if word in words else words[0]
