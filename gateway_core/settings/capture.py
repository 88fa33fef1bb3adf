"""Whose messages are kept: read from TOML and written back.

[[capture]]
match = { project = "web" }     # as that of a budget; never empty
days = 7                        # then they are deleted
"""

from __future__ import annotations

from typing import Any

from gateway_core.model.policy import CaptureRule
from gateway_core.settings.fields import match_of
from gateway_core.settings.table import Table

MOST_DAYS = 90
"""For which messages may be kept."""


def read_capture(table: Table) -> CaptureRule:
    """One [[capture]] entry. Raises ConfigError."""
    rule = CaptureRule(match=match_of(table, "match"), days=table.get("days", int, CaptureRule({}).days))
    table.done()
    if not rule.match:
        table.wrong("match", 'capture needs a match: it is opted into by project, { project = "web" } say')
    if not 1 <= rule.days <= MOST_DAYS:
        table.wrong("days", f"days = {rule.days}; messages are kept for 1 to {MOST_DAYS} days")
    return rule


def capture_fields(rule: CaptureRule) -> dict[str, Any]:
    """A capture rule in the words of the configuration file."""
    return {"match": dict(rule.match), "days": rule.days}
