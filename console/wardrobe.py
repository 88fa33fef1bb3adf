"""Where the user's own themes are, which one was chosen last, and an app that wears it."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.app import App
from textual.filter import LineFilter

from console.choices import recall
from console.markers import MARKERS, Plain
from console.masking import Mask, names_of, private_names
from console.snapshot import Snapshot
from console.theme import DEFAULT, Shelf, meanings

FEW_COLORS, NO_COLORS = "terminal", "mono"
"""The themes for terminals with sixteen colours, and for people who want none."""


class Dressed(App[int]):
    """An app in the themes of some folders, the last chosen first; it follows their files as they change."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.shelf = Shelf(folders)
        self._problems = self.shelf.read()
        self._mask: Mask | None = None
        self._beyond: frozenset[str] = frozenset()
        self._plain: Plain | None = None
        super().__init__()
        for theme in self.shelf.themes.values():
            self.register_theme(theme)
        self._dress()
        self._take_markers(chosen_markers())

    def _dress(self) -> None:
        """Puts the theme on before the styles are read, so that they are read once."""
        before, few = self.theme, self.console.color_system == "standard"
        self.theme = chosen_theme(self.available_themes, DEFAULT, few_colors=few)
        self.stylesheet.set_variables(self.get_css_variables())
        # Textual answers each change of the theme with a refresh, this first one too.
        self._dressing = self.theme != before

    def refresh_css(self, animate: bool = True) -> None:
        if self._dressing:
            self._dressing = False
        else:
            super().refresh_css(animate)
            # Where no rule is another one nothing would be painted, and the filters may be others.
            self.paint_anew()

    def paint_anew(self) -> None:
        """Paints all of the screen, whatever has changed."""
        for screen in self.screen_stack:
            screen.refresh()

    def get_css_variables(self) -> dict[str, str]:
        # A theme of Textual's own has no meanings of ours; they are made from its colours. `text` is both
        # ours and Textual's, who would have it adapt to its ground; ours must be a colour.
        self.theme_variables = {**super().get_css_variables(), **meanings(self.current_theme)}
        return self.theme_variables

    def tell_problems(self) -> None:
        """Tells of theme files that cannot be used."""
        for problem in self._problems:
            self.notify(problem, severity="warning", markup=False)

    @property
    def mask(self) -> Mask | None:
        """What hides private names on the screen and in what is copied; None while it is off."""
        return self._mask

    def masked(self, text: str) -> str:
        """A text that leaves the screen, without the names that the mask hides."""
        return text if self._mask is None else self._mask.text(text)

    def get_line_filters(self) -> Sequence[LineFilter]:
        # Names are found before their letters are replaced, and a mask is drawn with the markers too.
        own = [each for each in (self._mask, self._plain) if each is not None]
        return [*super().get_line_filters(), *own]

    def draw_with(self, markers: str) -> None:
        """Draws with one of the marker sets from now on."""
        self._take_markers(markers)
        self.refresh_css(animate=False)

    def _take_markers(self, markers: str) -> None:
        self.markers = markers
        self._plain = None if markers == MARKERS[0] else Plain(markers)

    def turn_mask(self, snap: Snapshot) -> None:
        """Puts the privacy mask on, or takes it off."""
        self._put_on(Mask(names_of(snap) | self._beyond) if self._mask is None else None)

    def keep_masked(self, snap: Snapshot) -> None:
        """Masks names that have come since. What was masked once stays so."""
        if self._mask is not None and not (names := names_of(snap)) <= self._mask.names:
            self._put_on(Mask(names | self._mask.names))

    def hide_tags(self, tags: Iterable[Mapping[str, str]]) -> None:
        """The mask hides the private names among these too, from now on: they are on a page, and in no call
        of the snapshot."""
        self._beyond |= private_names(tags)
        if self._mask is not None and not self._beyond <= self._mask.names:
            self._put_on(Mask(self._beyond | self._mask.names))

    def _put_on(self, mask: Mask | None) -> None:
        self._mask = mask
        self.refresh_css(animate=False)

    def follow_themes(self) -> None:
        """Takes over what has changed in the files; a broken one is told, and the look stays."""
        for problem in self.shelf.read():
            self.notify(problem, severity="error", markup=False)
        for name, theme in self.shelf.themes.items():
            if self.available_themes.get(name) is not theme:
                self.register_theme(theme)
                if name == self.theme:
                    self.refresh_css(animate=False)


def markers_of(app: App[Any]) -> str:
    """The marker set that an app draws with; that of a terminal with a good font where it has no say."""
    return app.markers if isinstance(app, Dressed) else MARKERS[0]


def chosen_theme(known: Container[str], default: str, *, few_colors: bool = False) -> str:
    """The theme of TEXTUAL_THEME, else the last choice, else the default; unknown names are passed over.

    few_colors: the terminal has sixteen, in which a row under the cursor looks like any other. It then gets
    the theme made of these, and with NO_COLOR the one that has none, whatever was chosen elsewhere.
    """
    named = os.environ.get("TEXTUAL_THEME", "")
    if named and named in known:
        return named
    if os.environ.get("NO_COLOR"):
        return NO_COLORS
    return FEW_COLORS if few_colors else recall("theme", known, default)


def chosen_markers() -> str:
    """The last choice of markers, else what the terminal is likely to have a font for."""
    return recall("marker", MARKERS, "ascii" if os.environ.get("TERM") == "linux" else MARKERS[0])
