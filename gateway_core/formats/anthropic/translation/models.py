"""What a model's name tells of what it takes in a message.

Sources: platform.claude.com, migration guides and adaptive thinking: from Opus 4.7 on, and with every model
of the fifth generation, sampling parameters and thinking budgets are refused; adaptive thinking
comes with 4.6.
"""

from __future__ import annotations

import re

_ADAPTIVE = re.compile(r"claude-(?:(?:opus|sonnet)-4-[6-9]|[a-z]+-(?:[5-9]|\d\d)(?!\d))")
_PLAIN = re.compile(r"claude-(?:opus-4-[7-9]|[a-z]+-(?:[5-9]|\d\d)(?!\d))")

USUAL_CAP = 8_192
"""Output tokens that are asked for where neither client nor price table says how many."""
LEAST_BUDGET = 1_024


def adaptive(model: str) -> bool:
    """Whether it decides by itself how much to think, by an effort."""
    return _ADAPTIVE.search(model) is not None


def refuses_sampling(model: str) -> bool:
    """Whether temperature, top_p and top_k are refused, in every API version."""
    return _PLAIN.search(model) is not None
