"""Why a provider read less of a prompt from its cache than it could have, and what that cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from gateway_core.model.call import DialectName, Target
from gateway_core.model.money import Nano
from gateway_core.model.policy import Price
from gateway_core.model.usage import Usage
from gateway_core.model.value import value
from gateway_core.rules.pricing import cost
from gateway_core.rules.prompt_cache.blocks import Block, Break, first_break
from gateway_core.rules.prompt_cache.habits import has_to_be_marked, least_tokens

SLACK = 256
"""Tokens that a provider may read less than it has, and nobody has to know why: they count in steps."""
SLACK_SHARE = 0.05
"""The same as a share of what it has."""


class Why(StrEnum):
    KEPT = "kept"
    """What the provider had, it read."""
    FIRST = "first"
    """Nothing like it was called before."""
    SHORT = "short"
    """Below the length from which the provider keeps a prompt."""
    UNMARKED = "unmarked"
    """The provider keeps a prompt only where it is marked, and it was not."""
    CHANGED = "changed"
    """A block before the end was changed, added or removed."""
    EXPIRED = "expired"
    """The pause was longer than the provider keeps a prompt."""
    MOVED = "moved"
    """The last call went to another model or provider."""
    OTHER_KEY = "other_key"
    """The last call was made with another key."""
    MISSED = "missed"
    """Nothing speaks against it, and yet the provider did not read it."""


PAID_AGAIN = (Why.UNMARKED, Why.CHANGED, Why.EXPIRED, Why.MOVED, Why.OTHER_KEY, Why.MISSED)
"""Those that cost something."""


@value
class Traced:
    """A call whose prompt is known by its hashes. at: seconds since 1970 when it ended."""

    call_id: str
    at: float
    target: Target
    place: str | None
    """Which key it was called with; None where that is no longer known."""
    blocks: tuple[Block, ...]
    warm: int
    """Tokens that the provider has kept since."""
    life: float
    """Seconds for which it keeps them."""


@value
class Verdict:
    """What became of the provider's cache. again: tokens that were paid once more, and what more they cost
    than if they had been read."""

    why: Why
    before: str | None = None
    """The call that it is compared with."""
    paused: float | None = None
    """Seconds since that."""
    broken: Break | None = None
    again: int = 0
    again_nano: Nano = 0
    across: bool = False
    """That was a call of another conversation."""


def judge(
    now: Traced, before: Traced | None, dialect: DialectName, usage: Usage, price: Price | None,
    *, across: bool = False, service_tier: str | None = None, region: str | None = None,
) -> Verdict:  # fmt: skip
    """Compares a call with the last one that its prompt could have been read from."""
    reads_nothing = not (usage.cached_input or usage.cache_write or usage.cache_write_1h)
    if reads_nothing and usage.total_input < least_tokens(dialect, now.target.model):
        return Verdict(Why.SHORT)
    if before is None:
        return Verdict(Why.UNMARKED if reads_nothing and has_to_be_marked(dialect) else Why.FIRST)
    broken = first_break(before.blocks, now.blocks)
    paused = max(0.0, now.at - before.at)
    unmarked = reads_nothing and has_to_be_marked(dialect)
    again = _again(now, before, broken, usage, unmarked=unmarked)
    had = usage.total_input if unmarked else min(before.warm, usage.total_input)
    if had - usage.cached_input <= max(SLACK, SLACK_SHARE * had):
        return Verdict(Why.KEPT, before.call_id, paused)
    if again <= SLACK:
        return Verdict(Why.FIRST, None if across else before.call_id, None if across else paused)
    return Verdict(
        Why.UNMARKED if unmarked else _why(now, before, broken, paused),
        before.call_id,
        paused,
        broken,
        again,
        dearer(usage, price, again, service_tier=service_tier, region=region),
        across,
    )


def _why(now: Traced, before: Traced, broken: Break | None, paused: float) -> Why:
    if now.target != before.target:
        return Why.MOVED
    if now.place is not None and before.place is not None and now.place != before.place:
        return Why.OTHER_KEY
    if paused > before.life:
        return Why.EXPIRED
    return Why.CHANGED if broken is not None else Why.MISSED


def _again(now: Traced, before: Traced, broken: Break | None, usage: Usage, *, unmarked: bool) -> int:
    """Tokens of the prompt that stood in the earlier one as well and were not read from the cache."""
    size = sum(block.size for block in now.blocks)
    if not size:
        return 0
    sizes = min(size, sum(block.size for block in before.blocks))
    known = sizes if broken is None else broken.same + broken.again
    tokens = round(min(known, size) / size * usage.total_input)
    most = tokens if unmarked else min(tokens, before.warm)
    return max(0, most - usage.cached_input)


def dearer(
    usage: Usage, price: Price | None, tokens: int, *, service_tier: str | None, region: str | None
) -> Nano:
    """What a call cost more since so many tokens were not read from the cache: written ones first."""
    if price is None or tokens <= 0:
        return 0
    left, moved = tokens, {}
    for name in ("cache_write_1h", "cache_write", "input"):
        taken = min(left, getattr(usage, name))
        moved[name] = getattr(usage, name) - taken
        left -= taken
    flat = replace(usage, steps=())
    better = replace(flat, **moved, cached_input=usage.cached_input + tokens - left)
    return _difference(flat, better, price, service_tier, region)


def read_saving(usage: Usage, price: Price | None, *, service_tier: str | None, region: str | None) -> Nano:
    """What the tokens that were read from the cache would have cost more as plain input."""
    flat = replace(usage, steps=())
    plain = replace(flat, input=usage.input + usage.cached_input, cached_input=0)
    return 0 if price is None else _difference(plain, flat, price, service_tier, region)


def write_surcharge(
    usage: Usage, price: Price | None, *, service_tier: str | None, region: str | None
) -> Nano:
    """What the tokens that were written to the cache cost more than plain input."""
    flat = replace(usage, steps=())
    written = usage.cache_write + usage.cache_write_1h
    plain = replace(flat, input=usage.input + written, cache_write=0, cache_write_1h=0)
    return 0 if price is None else _difference(flat, plain, price, service_tier, region)


def _difference(one: Usage, other: Usage, price: Price, tier: str | None, region: str | None) -> Nano:
    first = cost(one, price, service_tier=tier, region=region)
    second = cost(other, price, service_tier=tier, region=region)
    return 0 if first is None or second is None else max(0, first - second)


def nearest(now: Traced, known: Sequence[Traced], shared_with: Sequence[int]) -> Traced | None:
    """The call that the provider could have read most from: of those at the same model and key that are
    still kept, else of all. shared_with: bytes that each has in common with `now`."""
    pairs = [(share, at) for at, share in enumerate(shared_with) if share > 0]
    here = [
        (share, at)
        for share, at in pairs
        if known[at].target == now.target
        and known[at].place in (None, now.place)
        and now.at - known[at].at <= known[at].life
    ]
    best = max(here or pairs, default=None)
    return None if best is None else known[best[1]]
