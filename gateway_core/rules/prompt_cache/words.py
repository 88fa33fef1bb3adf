"""What became of a prompt cache in one sentence that a person checks in a minute."""

from __future__ import annotations

from gateway_core.rules.prompt_cache.blocks import BlockKind, Change
from gateway_core.rules.prompt_cache.verdict import Why

CAUSES = {
    Why.EXPIRED: "the pause was longer than the provider keeps a prompt",
    Why.MOVED: "the call before went to another model or provider",
    Why.OTHER_KEY: "the call before was made with another key",
    Why.UNMARKED: "the prompt carries no cache marks, without which the provider keeps nothing",
    Why.MISSED: "the prompt began as before, and yet the provider read less than it had",
}
"""In general; what changed is told by its block."""
_WITHOUT_A_COST = {
    Why.KEPT: "the provider read what it had kept",
    Why.FIRST: "nothing of its prompt had been sent before",
    Why.SHORT: "the prompt is shorter than what the provider keeps",
}


def in_words(
    why: Why,
    *,
    tokens: int,
    usd: str,
    block: str = "",
    before_target: str | None = None,
    paused: float | None = None,
    life: float = 0.0,
    across: bool = False,
) -> str:
    """The cause, then what it cost. block: the broken block in words; paused, life: seconds."""
    if why in _WITHOUT_A_COST:
        return _WITHOUT_A_COST[why]
    cause = {
        **CAUSES,
        Why.CHANGED: block,
        Why.EXPIRED: f"the call before was {duration(paused)} ago, and kept is {duration(life)}",
        Why.MOVED: f"the call before went to {before_target}",
    }[why]
    beside = "beside another conversation " if across else ""
    could = "could have been read" if why is Why.UNMARKED else "were paid again"
    if not tokens:
        return f"{beside}{cause}"
    return f"{beside}{cause}: {tokens:,} tokens {could}, ${usd} more than from the cache"


def broken_block(
    kind: str | None, at: int | None, change: str | None, byte: int | None, size: int | None
) -> str:
    """'system 0 changed at byte 1,216 of 14,220'; empty where no block is known."""
    if kind is None or change is None:
        return ""
    plain = kind == BlockKind.OPTIONS
    name = kind if plain else f"{kind} {at}" if at is not None else f"a later {kind}"
    if change != Change.CHANGED or byte is None or size is None:
        return f"{name} {_VERBS[Change(change)]}"
    return f"{name} {_VERBS[Change.CHANGED]} at byte {byte:,} of {size:,}"


_VERBS = {Change.CHANGED: "changed", Change.ADDED: "was added", Change.REMOVED: "was removed"}


def duration(seconds: float | None) -> str:
    """'4 min 12 s'."""
    if seconds is None:
        return "long"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"
