"""What has become of a policy, or of a part of it, in words."""

from __future__ import annotations

import difflib

from gateway_core.http.admin.policy_parts import EMPTY
from gateway_core.model.policy import Policy
from gateway_core.settings.policy import write_policy


def fate(was: Policy, now: Policy) -> str:
    """removed, made or changed."""
    return "removed" if now == EMPTY else "made" if was == EMPTY else "changed"


def changes(was: Policy, now: Policy, unsaid: str) -> list[str]:
    """What changed, in the words of TOML: of one entry 'limit_usd "10.00" → "25.00"', else its lines.
    unsaid: what a key means that is not there."""
    texts = [write_policy(each).splitlines() for each in (was, now)]
    if any(len([line for line in text if line.startswith("[")]) > 1 for text in texts):
        return [line for line in changed_lines(was, now) if " = " in line]
    old, new = (dict(line.split(" = ", 1) for line in text if " = " in line) for text in texts)
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return [f"{key} {old.get(key, unsaid)} → {new.get(key, unsaid)}" for key in keys]


def changed_lines(before: Policy, after: Policy) -> list[str]:
    """What changed, as lines of TOML: '-' before, '+' after."""
    old, new = write_policy(before).splitlines(), write_policy(after).splitlines()
    lines = difflib.unified_diff(old, new, n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]
