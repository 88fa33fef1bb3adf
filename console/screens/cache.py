"""Kept answers: each with its age, hits and savings; pinned and discarded; what the cache saves by tag."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from console import keymap
from console.filter import FilterError
from console.filter.kept import Wanted, wanted
from console.messages import Chosen, Moved
from console.panels.words import short_model
from console.present import counted, plain, tokens
from console.screens.confirm import Confirm
from console.screens.inspector import Inspector
from console.screens.kept_words import (
    NAME,
    answer_lines,
    discarded,
    entry_columns,
    entry_lines,
    saving_lines,
)
from console.screens.narrowing import NarrowedPage, Narrowing
from console.screens.rows import MarkedRows
from console.screens.sheet import Framed, Prose
from console.shapes.cache import CacheEntries, CacheEntry, CacheStats
from console.snapshot import RANGES, Snapshot
from console.wardrobe import Dressed
from console.widgets.grid import Layout
from console.widgets.ink import EMPTY, Line

STEP, MOST = 200, 1_000
"""Answers that are asked for at first and once the cursor comes to their end, and at the most; the filter
finds the others."""
SORTS = ("used", "saved", "hits", "created", "expires", "bytes", "cost", "model")
SPLITS = ("tag:project", "tag:user", "tag:mode", "token", "model")
EMPTY_WORDS: tuple[Line, ...] = (
    [("   no answer is kept", "muted")],
    (),
    [("   exact = … under [cache] in the policy, or the header x-llmconsole-cache: on, keeps some", "faint")],
)
NONE_FIT: tuple[Line, ...] = ([("   no kept answer fits the filter", "muted")],)


class KeptAnswers(NarrowedPage):
    """Asks every few seconds while it is looked at. The text of an answer is fetched by ⏎ alone."""

    PLACES: ClassVar[tuple[str, ...]] = ("kept", "marks", "list")
    AGAIN = 3.0
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.cache")
    BINDINGS = keymap.bindings("kept")
    AUTO_FOCUS = "#kept-list"

    def body(self) -> Iterator[Widget]:
        self._since, self._by = "24h", SPLITS[0]
        self._sort, self._descending, self._most = SORTS[0], True, STEP
        self._wanted, self._problem = Wanted(), ""
        self._found: CacheEntries | None = None
        self._entries: dict[str, CacheEntry] = {}
        self._stats: CacheStats | None = None
        self._text: CacheEntry | None = None
        self._now = self.desk.feed.tick().now
        self._masked = False
        self.list = MarkedRows(self._row, heading=self._heading, empty=EMPTY_WORDS, id="kept-list")
        self.facts, self.said = Prose("", hang=NAME), Prose("", hang=0)
        self.facts.add_class("facts")
        self.saved = Prose("")
        with_text = Framed("this answer", self.facts, self.said, id="kept-answer")
        self.sums = Framed("what the cache saves", self.saved, id="kept-saved")
        yield Vertical(self.list, Horizontal(with_text, self.sums, id="kept-below"), id="kept-page")
        yield Narrowing("project:docs  model:opus*  token:ci  is:pinned  is:semantic", id="kept-filter")

    def needless(self) -> tuple[str, ...]:
        """Side by side there is nothing to turn to."""
        return self.NEEDLESS if self.has_class("-narrow") else (*self.NEEDLESS, "kept.beside")

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        self._now = snap.now
        self.list.redraw()
        if self._masked != self.is_masked:
            self._masked = self.is_masked
            self._beside()

    @property
    def current(self) -> CacheEntry | None:
        return self._entries.get(self.list.current or "")

    @property
    def _chosen_entries(self) -> list[CacheEntry]:
        return [self._entries[key] for key in self.list.chosen]

    # What the keys do

    @work(exclusive=True, group="answer")
    async def action_answer(self) -> None:
        """Fetches the text of the answer under the cursor; hides the one that is shown."""
        entry = self.current
        if entry is None or (self._text is not None and self._text.key == entry.key):
            self._text = None
        else:
            self._text = await self.ask(self.desk.client.cache_entry(entry.key))
            self.remove_class("-savings")
        self._beside()

    @work
    async def action_pin(self) -> None:
        """All as the first of them is not."""
        entries = self._chosen_entries
        self.list.unmark()
        for entry in entries:
            if (after := await self.ask(self.desk.pin(entry, not entries[0].pinned))) is not None:
                self._entries[entry.key] = after
                told = "pinned" if after.pinned else "no longer pinned"
                self.notify(f"{_name(entry)} is {told}; {keymap.glyph('app.undo')} undoes", markup=False)
        self._fetch()

    @work
    async def action_discard(self) -> None:
        for entry in self._chosen_entries:
            if (done := await self.ask(self.desk.discard(entry))) is not None:
                self._entries.pop(entry.key, None)
                self.list.put(tuple(self._entries))
                self.notify(
                    f"{_name(entry)} is {discarded(done)}; {keymap.glyph('app.undo')} brings it back",
                    markup=False,
                )
        self._fetch()

    @work
    async def action_clear(self) -> None:
        """Discards all that the list is about, the pinned ones too."""
        found, these = self._found, self._wanted
        if found is None or not found.total or self._problem:
            told = self._problem or "nothing is kept that could be discarded"
            self.notify(told, severity="warning", markup=False)
            return
        which = "EVERY kept answer" if these.everything else f"all that fit {self.narrowing.value.strip()}"
        asked = (
            f"Discard {which}: {counted(found.total, 'answer')}, {tokens(found.bytes)} bytes, pinned too? "
            "It cannot be taken back."
        )
        if await self.app.push_screen_wait(Confirm(asked)) != "yes":
            return
        gone = self.desk.client.discard_entries(
            these.where, kind=these.kind, pinned=these.pinned, all=these.everything
        )
        if (done := await self.ask(gone)) is not None:
            self.notify(f"{counted(done.discarded, 'answer')} discarded")
            self._fetch()

    def action_beside(self) -> None:
        self.toggle_class("-savings")

    def action_sort(self) -> None:
        self._sort, self._descending = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)], True
        self._fetch()

    def action_turn(self) -> None:
        self._descending = not self._descending
        self._fetch()

    def action_split(self) -> None:
        self._by = SPLITS[(SPLITS.index(self._by) + 1) % len(SPLITS)]
        self.add_class("-savings")
        self._fetch()

    def action_since(self, since: str) -> None:
        self._since = since
        self.add_class("-savings")
        self._fetch()

    def action_call(self) -> None:
        if (entry := self.current) is not None:
            self.app.push_screen(Inspector(self.desk, entry.call_id, [entry.call_id]))

    def action_copy_key(self) -> None:
        if (entry := self.current) is not None:
            self.copy("the answer's key", entry.key)

    def action_read(self, by: int) -> None:
        for id in ("#kept-answer", "#kept-saved"):
            if self.query_one(id).display:
                self.query_one(id).scroll_relative(y=by, animate=False)

    # What comes in

    @on(Moved)
    def _moved(self) -> None:
        if self._text is not None and self._text.key != self.list.current:
            self._text = None
        if self._most < MOST and self.list.window.cursor >= self._most - STEP // 4:
            self._most += STEP
            self._fetch()
        self._beside()

    @on(Chosen)
    def _chosen(self) -> None:
        self.action_answer()

    @on(Input.Changed, "#kept-filter")
    def _typed(self, event: Input.Changed) -> None:
        """A wrong word is told, and leaves the list as it was."""
        try:
            self._wanted, self._problem = wanted(event.value), ""
        except FilterError as error:
            self._problem = str(error)
        self._titles()
        if not self._problem:
            self._most = STEP
            self._fetch()

    @work(exclusive=True, group="kept")
    async def _fetch(self) -> None:
        found = await self.ask(self._both())
        if found is None:
            return
        self._found, self._stats = found
        self._entries = {one.key: one for one in found[0].entries}
        if isinstance(self.app, Dressed):
            self.app.hide_tags(one.tags for one in found[0].entries)
        self.list.say_when_empty(EMPTY_WORDS if self._wanted.everything else NONE_FIT)
        self.list.put(tuple(self._entries))
        self.list.redraw()
        self._titles()
        self._beside()

    async def _both(self) -> tuple[CacheEntries, CacheStats]:
        these, client = self._wanted, self.desk.client
        entries = await client.cache_entries(
            these.where,
            kind=these.kind,
            pinned=these.pinned,
            sort=self._sort,
            order="desc" if self._descending else "asc",
            limit=self._most,
        )
        return entries, await client.cache_stats(since=self._since, by=[self._by])

    def _titles(self) -> None:
        text = self.narrowing.value.strip()
        self.list.border_title = Content(f"kept answers{f'   /{text}' if text else ''}")
        if self._problem:
            self.list.border_subtitle = Content.styled(f"‼ {self._problem}", "$alert")
        elif self._found is not None:
            there, all = len(self._entries), self._found.total
            count = f"{all:,}" if there == all else f"{there:,} of {all:,}"
            order = f"by {self._sort}{'' if self._descending else ', turned'}"
            self.list.border_subtitle = Content(f"{count} · {order}")

    def _beside(self) -> None:
        entry = self.current
        facts = [*entry_lines(entry, self._now), EMPTY] if entry else [[("no answer is marked", "faint")]]
        self.facts.put(facts)
        self.said.put(answer_lines(self._text, masked=self._masked))
        self.said.display = entry is not None
        self.set_class(self._text is not None, "-told")
        if self._stats is not None:
            self.sums.border_title = Content(f"what the cache saves · {RANGES[self._since]}")
            self.saved.put(partial(saving_lines, self._stats))

    def _row(self, key: str, width: int) -> Line:
        return Layout.of(entry_columns(self._now), width).line(self._entries[key])

    def _heading(self, width: int) -> Line:
        return [(" ", "text"), *Layout.of(entry_columns(self._now), width - 1).heading()]


def _name(entry: CacheEntry) -> str:
    whose = f" of {plain(entry.project)}" if entry.project else ""
    return f"the answer {entry.short_key} ({short_model(plain(entry.model))}{whose})"
