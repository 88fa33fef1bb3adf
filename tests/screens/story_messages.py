"""What one call of the story asked and was answered. Only data."""

from __future__ import annotations

from console.shapes.messages import Messages, Turn

KEPT_CALL = "7ffffb"
MESSAGES = Messages(
    at="2026-11-23T13:02:00Z",
    until="2026-11-30T13:02:00Z",
    cut=False,
    asked=(
        Turn(role="system", text="You are a senior engineer working in the repository search-api. " * 14),
        Turn(
            role="user",
            text="Why does the ranking test fail on CI only?\nHere is the log:\n  E  assert a < b",
        ),
        Turn(role="assistant", text='[calls read_file]\n{"path":"tests/ranking.py"}'),
        Turn(role="tool", text="assert first < second"),
    ),
    answer="The failure comes from the locale of the runner: `sort()` there follows it.",
)
