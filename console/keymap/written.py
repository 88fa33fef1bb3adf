"""The keymap as a page of Markdown: every key, by the place where it is valid. Pure."""

from __future__ import annotations

from console.keymap import KEYS, Key, at, spelled
from console.keymap.mouse import GESTURES

_INTRO = """# Keys

`?` tells those of the page you are on. `keys.toml` in the config folder changes them by the names in the last
column: `preset = "vim"`, or `"default"`, and under `[keys]` lines such as `"app.theme" = "f2"` or
`"app.panic" = "ctrl+x,%"`. What is wrong there is told at the start, and so is every key that would do two
things in one place. The keys of the first table are valid on every page.
"""
_TABLE = "| keys | what they do | name |\n|---|---|---|"
_GESTURES = "| gesture | what it does |\n|---|---|"


def as_markdown() -> str:
    """One table for each place, in the order of the keymap; the mouse at the end."""
    places = dict.fromkeys(key.where for key in KEYS)
    mouse = [f"| {gesture} | {told} |" for gesture, told in GESTURES]
    return "\n".join([_INTRO, *map(_place, places), "\n".join(["## Mouse\n", _GESTURES, *mouse, ""])])


def _place(name: str) -> str:
    rows = [f"| {_keys(key)} | {key.help} | `{key.id}` |" for key in at(name)]
    return "\n".join([f"## {name[0].upper()}{name[1:]}\n", _TABLE, *rows, ""])


def _keys(key: Key) -> str:
    """The usual ones: what this page tells is nobody's own."""
    return " ".join(f"`{spelled(one)}`" for one in key.key.split(","))
