"""One key of the console, how keys are spelled, and which of them a person has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.keys import key_to_character

_GLYPHS = {
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "colon": ":",
    "exclamation_mark": "!",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "plus": "+",
    "minus": "-",
    "enter": "⏎",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "◂",
    "right": "▸",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "shift+tab": "shift-tab",
    "full_stop": ".",
    "comma": ",",
}
_taken: dict[str, str] = {}


def take(own: Mapping[str, str]) -> None:
    """Shows these keys from now on, by the ids of keys; the usual ones for all others."""
    _taken.clear()
    _taken.update(own)


def taken() -> frozenset[tuple[str, str]]:
    """What is shown instead of the usual keys: ids, and their keys."""
    return frozenset(_taken.items())


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does. `key` may name several, by comma; `rank` orders the footer, 0 keeps out of it."""

    id: str
    key: str
    action: str
    label: str
    help: str
    where: str
    rank: int = 0
    priority: bool = False
    """Taken before the focused widget sees it."""

    @property
    def glyph(self) -> str:
        """The first of its keys as people write it, a person's own where there are such: '⏎', '?', '^s'."""
        return spelled(_taken.get(self.id, self.key).split(",")[0])

    @property
    def glyphs(self) -> str:
        """All of them: 'j ↓'."""
        return " ".join(map(spelled, _taken.get(self.id, self.key).split(",")))


def spelled(key: str) -> str:
    """'ctrl+s' → '^s', 'enter' → '⏎', 'percent_sign' → '%'."""
    sign = key_to_character(key) or ""
    return _GLYPHS.get(key) or (sign if sign.strip() else key.replace("ctrl+", "^"))
