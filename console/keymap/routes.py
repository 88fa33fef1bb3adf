"""Keys of the routing rules: a draft of them, its dry run, and one prompt."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key(
        "routes.apply",
        "ctrl+s",
        "apply",
        "apply",
        "put the draft in force, its dry run seen",
        "routes",
        89,
    ),
    Key("routes.edit", "enter", "edit", "edit", "edit this rule", "routes", 85),
    Key("routes.new", "n", "new", "new", "a new rule, tried first", "routes", 82),
    Key("routes.switch", "o", "switch", "on/off", "switch this rule on or off", "routes", 80),
    Key("routes.earlier", "plus", "move_rule(-1)", "earlier", "try this rule earlier", "routes", 77),
    Key("routes.later", "minus,J", "move_rule(1)", "later", "try this rule later", "routes", 76),
    Key("routes.delete", "D", "delete", "delete", "delete this rule", "routes", 72),
    Key(
        "routes.prompt",
        "T",
        "prompt",
        "try a prompt",
        "where one prompt would go, unsent",
        "routes",
        79,
    ),
    Key("routes.classes", "c", "classes", "classes", "what is simple, medium, hard: move it", "routes", 78),
    Key("routes.week", "3", "since('7d')", "7d", "the dry run over the last 7 days", "routes", 62),
    Key("routes.month", "4", "since('30d')", "30d", "the dry run over the last 30 days", "routes", 61),
    Key(
        "routes.read_on",
        "right_curly_bracket",
        "read(8)",
        "read on",
        "on, beside the list",
        "routes",
    ),
    Key("draft.try", "ctrl+s", "save", "dry run", "try it on past calls (also ⏎)", "draft", 85, True),
    Key("draft.cancel", "escape", "cancel", "cancel", "close, and leave the rule as it is", "draft", 80),
    Key(
        "classes.save",
        "ctrl+s",
        "save",
        "save",
        "put it in force, its dry run seen (also ⏎)",
        "classes",
        85,
        True,
    ),
    Key("classes.cancel", "escape", "cancel", "cancel", "close without saving", "classes", 80),
    Key("classes.since", "ctrl+t", "since", "7d/30d", "over the last 7 or 30 days", "classes", 62),
    Key("classes.down", "pagedown", "read(6)", "read on", "further down in the dry run", "classes", 60),
    Key("classes.up", "pageup", "read(-6)", "read back", "back up in the dry run", "classes"),
    Key("prompt.close", "escape", "cancel", "close", "close it", "prompt", 85),
    Key("prompt.down", "pagedown", "read(6)", "read on", "further down in the answer", "prompt", 60),
    Key("prompt.up", "pageup", "read(-6)", "read back", "back up in the answer", "prompt"),
    Key("routes.read_back", "left_curly_bracket", "read(-8)", "read back", "back, beside the list", "routes"),
)
