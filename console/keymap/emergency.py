"""Keys of the brake."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("panic.throw", "enter,ctrl+s", "save", "throw it", "throw the switch", "panic", 95),
    Key("panic.cancel", "escape", "cancel", "leave it", "close and change nothing", "panic", 90),
)
