"""Keys of the page that makes reports."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("reports.export", "ctrl+s", "export", "export", "write the report to its file", "reports", 95, True),
    Key(
        "reports.copy",
        "c,ctrl+y",
        "copy_report",
        "copy",
        "copy it (in a field: ctrl-y)",
        "reports",
        92,
    ),
    Key("reports.shell", "y", "copy_command", "shell line", "copy the shell command", "reports", 60),
    Key(
        "reports.weekly",
        "ctrl+g",
        "schedule",
        "each week",
        "let the gateway write it weekly",
        "reports",
        70,
    ),
    Key("reports.down", "pagedown", "scroll(10)", "down", "further down in the preview", "reports", 30),
    Key("reports.up", "pageup", "scroll(-10)", "up", "further up in the preview", "reports"),
)
