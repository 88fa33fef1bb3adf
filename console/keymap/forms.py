"""Keys of forms, their fields, and of yes or no."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("form.save", "ctrl+s", "save", "save", "save (also ⏎ in a field)", "form", 85, True),
    Key("form.cancel", "escape", "cancel", "cancel", "close without saving", "form", 80),
    Key("field.next", "down,tab", "app.focus_next", "next field", "next field", "field", 50),
    Key("field.previous", "up,shift+tab", "app.focus_previous", "field before", "the field before", "field"),
    Key("field.right", "right,space", "choose(1)", "choose", "the next of a field's words", "field", 40),
    Key("field.left", "left", "choose(-1)", "choose", "the word before", "field"),
    Key("choice.yes", "y", "choose('yes')", "yes", "do it", "confirm", 90),
    Key("choice.no", "n,escape", "choose('no')", "no", "leave it", "confirm", 85),
    Key("overtaken.theirs", "t", "choose('theirs')", "keep theirs", "their edit stands", "overtaken", 90),
    Key("overtaken.mine", "m", "choose('mine')", "save mine anyway", "yours replaces it", "overtaken", 88),
    Key("overtaken.back", "escape", "choose('back')", "back", "back to what you typed", "overtaken", 85),
    Key(
        "quit.drain",
        "enter,y",
        "choose('quit')",
        "quit",
        "let the calls end, then stop the gateway",
        "quitting",
        90,
    ),
    Key(
        "quit.keep",
        "k",
        "choose('keep')",
        "keep running",
        "quit, and keep the gateway running",
        "quitting",
        85,
    ),
    Key("quit.stay", "n,escape", "choose('stay')", "stay", "do not quit", "quitting", 80),
)
