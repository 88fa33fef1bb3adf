"""Keys of the page of provider keys."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("keys.set", "enter", "set", "set", "add or replace this key", "keys", 85),
    Key("keys.test", "T", "test", "test", "ask the provider for its models; costs nothing", "keys", 80),
    Key("keys.delete", "D", "delete", "delete", "delete this key", "keys", 75),
)
