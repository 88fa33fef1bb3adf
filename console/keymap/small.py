"""Keys of the first page, of themes and of the help."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("first.open", "enter", "open", "dashboard", "open the dashboard", "first run", 90),
    Key("first.keys", "a", "add", "add a key", "add a provider key", "first run", 85),
    Key("first.copy", "c", "copy", "copy", "copy the marked line", "first run", 80),
    Key("themes.use", "enter", "use", "use", "use this theme from now on", "themes", 85),
    Key("help.close", "escape,q,question_mark", "close", "close", "close the help", "help", 90),
    Key("help.search", "slash", "search", "search", "show only the keys whose words match", "help", 85),
)
