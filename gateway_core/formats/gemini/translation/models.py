"""What a model's name tells of how it thinks.

Source: ai.google.dev/gemini-api/docs/thinking (budgets up to 2.5, levels from 3 on; 2.5 Pro and the Pro
models of 3 cannot be turned off) and …/docs/thought-signatures (from 3 on the calls of a running tool round
must be signed; calls that another model made carry a fixed text instead).
"""

from __future__ import annotations

import re

_LEVELS = re.compile(r"gemini-(?:[3-9]|\d\d)")
_PRO = re.compile(r"gemini-[\d.]+-pro")
_FIRST_3_PRO = re.compile(r"gemini-3-pro")

FOREIGN_SIGNATURE = "skip_thought_signature_validator"
LEAST_PRO_BUDGET = 128


def has_levels(model: str) -> bool:
    """Whether thinking goes by level, and tool rounds have to be signed."""
    return _LEVELS.search(model) is not None


def is_pro(model: str) -> bool:
    """Whether thinking cannot be turned off."""
    return _PRO.search(model) is not None


def levels(model: str) -> tuple[str, ...]:
    """The levels that it knows, from the weakest on."""
    if _FIRST_3_PRO.search(model):
        return ("low", "high")
    return ("low", "medium", "high") if is_pro(model) else ("minimal", "low", "medium", "high")
