"""One key of the console, and how keys are spelled."""

from __future__ import annotations

from dataclasses import dataclass

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
        """The first of its keys as people write it: '⏎', '?', '^s'."""
        return spelled(self.key.split(",")[0])

    @property
    def glyphs(self) -> str:
        """All of its keys: 'j ↓'."""
        return " ".join(spelled(key) for key in self.key.split(","))


def spelled(key: str) -> str:
    """'ctrl+s' → '^s', 'enter' → '⏎'."""
    return _GLYPHS.get(key) or key.replace("ctrl+", "^")
