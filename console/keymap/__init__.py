"""Every key of the console: what it does, how it is called, where it is valid. Nothing is bound elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding, BindingType

from console.keymap import (
    access,
    dashboard,
    emergency,
    everywhere,
    forms,
    handing,
    kept,
    limits,
    lists,
    routes,
    small,
    watching,
)
from console.keymap.key import Key, spelled, take, taken

__all__ = ["KEYS", "Key", "at", "bindings", "footer", "glyph", "spelled", "take", "taken"]

_ROOMS = (
    everywhere,
    emergency,
    dashboard,
    lists,
    limits,
    routes,
    access,
    forms,
    handing,
    kept,
    small,
    watching,
)
KEYS: tuple[Key, ...] = tuple(key for room in _ROOMS for key in room.KEYS)
_BY_ID = {key.id: key for key in KEYS}


def glyph(id: str) -> str:
    """How the key of this id is written now: 'u'. Raises KeyError."""
    return _BY_ID[id].glyph


def at(*where: str) -> Iterator[Key]:
    """The keys that are valid at these places, in the order of the places."""
    return (key for place in where for key in KEYS if key.where == place)


def bindings(*where: str) -> list[BindingType]:
    """The same, as Textual binds them."""
    return [
        Binding(key.key, key.action, key.help, id=key.id, key_display=key.glyph, priority=key.priority)
        for key in at(*where)
    ]


def footer(*where: str) -> list[Key]:
    """The keys that a footer names, the most important first."""
    return sorted((key for key in at(*where) if key.rank), key=lambda key: -key.rank)
