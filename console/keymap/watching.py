"""Keys of the pages that watch: providers, alerts and the log."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("providers.1h", "1", "since('1h')", "1h", "the last hour", "providers", 80),
    Key("providers.24h", "2", "since('24h')", "24h", "the last 24 hours", "providers", 79),
    Key("providers.7d", "3", "since('7d')", "7d", "the last 7 days", "providers", 78),
    Key("providers.month", "4", "since('month')", "month", "this month", "providers", 77),
    Key("alerts.test", "T", "test", "test", "send a test through every channel", "alerts", 80),
    Key("alerts.lift", "U", "lift", "lift", "let through what the guard has stopped", "alerts", 78),
    Key("logs.search", "slash", "filter", "search", "lines with these words, -word: without", "logs", 87),
    Key("logs.all", "1", "least('debug')", "all", "lines of every level", "logs", 86),
    Key("logs.info", "2", "least('info')", "info", "information and worse", "logs", 85),
    Key("logs.warning", "3", "least('warning')", "warnings", "warnings and errors", "logs", 84),
    Key("logs.error", "4", "least('error')", "errors", "errors alone", "logs", 81),
    Key("logs.copy", "c", "copy_line", "copy", "copy this line, with its traceback", "logs", 80),
    Key("logs.copy_all", "y", "copy_all", "copy all", "copy all lines that are shown", "logs", 79),
    Key("logs.on", "right_curly_bracket", "read(6)", "read on", "on in this line", "logs"),
    Key("logs.back", "left_curly_bracket", "read(-6)", "read back", "back in this line", "logs"),
)
