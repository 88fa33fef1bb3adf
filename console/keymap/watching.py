"""Keys of the pages that watch: providers and alerts."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("providers.1h", "1", "since('1h')", "1h", "the last hour", "providers", 80),
    Key("providers.24h", "2", "since('24h')", "24h", "the last 24 hours", "providers", 79),
    Key("providers.7d", "3", "since('7d')", "7d", "the last 7 days", "providers", 78),
    Key("providers.month", "4", "since('month')", "month", "this month", "providers", 77),
    Key("alerts.test", "T", "test", "test", "send a test through every channel", "alerts", 80),
    Key("alerts.lift", "U", "lift", "lift", "let through what the guard has stopped", "alerts", 78),
)
