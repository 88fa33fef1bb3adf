"""Themes: TOML files of colours and their meanings, checked before Textual sees them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.css.constants import VALID_STYLE_FLAGS
from textual.theme import BUILTIN_THEMES, Theme

DEFAULT = "ember"

MEANINGS: Mapping[str, str] = {
    "ground": "background",
    "raised": "surface",
    "line": "panel",
    "line-focus": "primary",
    "cursor": "panel",
    "bar": "surface",
    "text": "foreground",
    "muted": "foreground",
    "faint": "foreground",
    "brand": "primary",
    "key": "accent",
    "spend": "foreground",
    "saved": "success",
    "live": "success",
    "held": "accent",
    "warn": "warning",
    "alert": "error",
    "blocked": "error",
    "routed": "warning",
    "fill-ok": "success",
    "fill-warn": "warning",
    "fill-over": "error",
    "vibing": "accent",
    "building": "secondary",
    "chart-1": "primary",
    "chart-2": "success",
    "chart-3": "accent",
    "chart-4": "warning",
    "chart-5": "secondary",
    "chart-6": "error",
    "chart-7": "foreground",
    "chart-8": "panel",
}
"""What a colour is for → the base colour that stands in where a theme does not say."""

_FLAGS = {"dark": bool, "ansi": bool, "luminosity_spread": float, "text_alpha": float}


@dataclass
class Look(Theme):
    """A theme with a word on whom it is for, which stands beside its name."""

    about: str = ""


_FIELDS = frozenset(item.name for item in fields(Look))


class ThemeError(ValueError):
    """A theme file cannot be used; the message names the file, the key and why."""


@dataclass(slots=True)
class Shelf:
    """The themes found in the folders, the later folder's winning where two have one name."""

    folders: tuple[Path, ...]
    themes: dict[str, Look] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    _seen: dict[Path, int] = field(default_factory=dict)

    def read(self) -> list[str]:
        """Reads what is new or changed since the last time; answers what is wrong, in sentences. A file that
        cannot be used leaves the theme as it was."""
        problems = []
        for path in self._changed():
            try:
                theme = load_theme(path)
            except ThemeError as error:
                problems.append(str(error))
            else:
                self.themes[theme.name] = theme
                self.files[theme.name] = path
        return problems

    def _changed(self) -> Iterator[Path]:
        for folder in self.folders:
            for path in sorted(folder.glob("*.toml")):
                try:
                    stamp = path.stat().st_mtime_ns
                except OSError:
                    continue
                if self._seen.get(path) != stamp:
                    self._seen[path] = stamp
                    yield path


def shipped() -> Path:
    """The folder of our own themes: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def load_theme(path: Path) -> Look:
    """The theme of a file: the fields of Look and a table [variables] of meanings.

    Raises ThemeError for a file that Textual would accept now and die of later.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ThemeError(f"{path.name}: {error}") from None
    _check_keys(path.name, table)
    for key, value in table.items():
        _check_field(path.name, key, value)
    for key, value in table.get("variables", {}).items():
        _check_variable(path.name, key, value)
    theme = Theme(**{key: value for key, value in table.items() if key != "about"})
    return Look(**{**table, "variables": {**_needed(theme), **meanings(theme), **theme.variables}})


def meanings(theme: Theme) -> dict[str, str]:
    """A colour for every meaning: the theme's own, else its stand-in."""
    base = {**theme.to_color_system().generate(), **theme.variables}
    return {name: theme.variables.get(name, base[stand_in]) for name, stand_in in MEANINGS.items()}


def _needed(theme: Theme) -> Mapping[str, str]:
    """What Textual's own style sheets ask of a theme in the terminal's colours, and die without."""
    if not theme.ansi:
        return {}
    return BUILTIN_THEMES["ansi-dark" if theme.dark else "ansi-light"].variables


def _check_keys(name: str, table: Mapping[str, Any]) -> None:
    for key in table:
        if key not in _FIELDS:
            raise ThemeError(f"{name}: unknown key {key!r}{_nearest(key)}")
    for key in ("name", "primary"):
        if not isinstance(table.get(key), str):
            raise ThemeError(f"{name}: {key!r} is missing")
    if not table["name"].strip() or not table["name"].isprintable():
        raise ThemeError(f"{name}: 'name' must be letters that can be shown")
    if not isinstance(table.get("variables", {}), dict):
        raise ThemeError(f"{name}: 'variables' must be a table of colours")


def _check_field(name: str, key: str, value: object) -> None:
    if key in ("name", "variables"):
        return
    if key == "about":
        if not isinstance(value, str):
            raise ThemeError(f"{name}: {key!r} must be words")
    elif kind := _FLAGS.get(key):
        if not isinstance(value, kind):
            raise ThemeError(f"{name}: {key!r} must be a {kind.__name__}")
        if not 0 <= value <= 1:
            raise ThemeError(f"{name}: {key!r} must be between 0.0 and 1.0")
    else:
        _check_variable(name, key, value)


def _check_variable(name: str, key: str, value: object) -> None:
    if not isinstance(value, str):
        raise ThemeError(f"{name}: {key!r} must be a colour, as text")
    if key.endswith("-style"):
        # Nothing at all is none either.
        if unknown := sorted(set(value.split() or [value]) - VALID_STYLE_FLAGS):
            raise ThemeError(f"{name}: {key!r}: {unknown[0]!r} is no style of text")
        return
    try:
        Color.parse(value)
    except ColorParseError as error:
        raise ThemeError(f"{name}: {key!r}: {error}") from None


def _nearest(key: str) -> str:
    near = get_close_matches(key, _FIELDS, 1)
    return f"; did you mean {near[0]!r}?" if near else ""
