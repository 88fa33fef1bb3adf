"""Whether a call falls under a budget, a throttle, a route or a cache rule."""

from __future__ import annotations

from gateway_core.model.policy import Match
from gateway_core.model.tags import Tags
from gateway_core.model.value import value


@value
class Facts:
    """What rules look at. `model` and `provider` are those that would serve the call."""

    tags: Tags
    token: str
    model: str = ""
    provider: str = ""


def matches(match: Match, facts: Facts) -> bool:
    """Every key of the match agrees; {} matches everything."""
    for key, wanted in match.items():
        if not _agrees(key, wanted, facts):
            return False
    return True


def _agrees(key: str, wanted: str, facts: Facts) -> bool:
    if key == "model":
        return like(wanted, facts.model) or like(wanted, f"{facts.provider}/{facts.model}")
    if key == "provider":
        return like(wanted, facts.provider)
    if key == "token":
        return like(wanted, facts.token)
    return like(wanted, facts.tags.get(key, ""))


def like(wanted: str, value: str) -> bool:
    """Equal, or beginning alike where the wanted text ends in `*`. An absent value is never like anything."""
    if wanted.endswith("*"):
        return bool(value) and value.startswith(wanted[:-1])
    return value == wanted
