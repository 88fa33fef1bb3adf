"""In which order the targets of a route are tried: as written, by weight, price, latency or load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from zlib import crc32

from gateway_core.model.call import Target
from gateway_core.model.policy import Pick, Price

PriceOf = Callable[[Target], Price | None]
Found = tuple[Sequence[Target], str]
"""Targets in order, and how that was found, in words."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is known of targets just now."""

    price: PriceOf
    latency_ms: Callable[[Target], float | None] = lambda target: None
    """Until the first byte; None where the target was not called lately."""
    running: Callable[[Target], int] = lambda target: 0
    draw: float = 0.0
    """Evenly from 0 to 1, one for each conversation."""
    weights: Mapping[Target, int] = field(default_factory=dict)


def draw_of(text: str) -> float:
    """Evenly from 0 to 1, the same for the same text."""
    return crc32(text.encode()) / 2**32


def ordered(targets: Sequence[Target], pick: Pick, by: Measures) -> tuple[tuple[Target, ...], str]:
    """The targets as a route wants them tried, and how that was found, in words."""
    if len(targets) < 2 or pick is Pick.ORDER:
        return tuple(targets), ""
    found, how = _PICKS[pick](targets, by)
    return tuple(found), f"; {how}"


def by_price(targets: Sequence[Target], price_of: PriceOf) -> list[Target]:
    """The cheapest first, those without a price last."""
    return sorted(targets, key=lambda each: usual_price(price_of(each)) or Decimal("Infinity"))


def usual_price(price: Price | None) -> Decimal | None:
    """Dollars of a million tokens, three read for each one written; None where they are not known."""
    if price is None or price.rates.input is None:
        return None
    return (3 * price.rates.input + (price.rates.output or price.rates.input)) / 4


def _cheapest(targets: Sequence[Target], by: Measures) -> Found:
    found = by_price(targets, by.price)
    dollars = usual_price(by.price(found[0]))
    return found, "no price is known" if dollars is None else f"cheapest, ${dollars:.2f} per million tokens"


def _fastest(targets: Sequence[Target], by: Measures) -> Found:
    """Those that were not called lately come first, one after the other: else nobody would ever know."""
    known = {each: by.latency_ms(each) for each in targets}
    found = sorted(targets, key=lambda each: known[each] or 0.0)
    latency = known[found[0]]
    return found, "not measured yet" if latency is None else f"fastest, first byte after {latency:.0f} ms"


def _idlest(targets: Sequence[Target], by: Measures) -> Found:
    found = sorted(targets, key=by.running)
    return found, f"least busy, {by.running(found[0])} running"


def _weighted(targets: Sequence[Target], by: Measures) -> Found:
    """The drawn one first, the others by their weight."""
    shares = {each: by.weights.get(each, 1) for each in targets}
    left = by.draw * sum(shares.values())
    drawn = targets[-1]
    for target, share in shares.items():
        if left < share:
            drawn = target
            break
        left -= share
    others = sorted((each for each in targets if each != drawn), key=lambda each: -shares[each])
    return [drawn, *others], f"drawn with {shares[drawn]} of {sum(shares.values())}"


_PICKS: dict[Pick, Callable[[Sequence[Target], Measures], Found]] = {
    Pick.PRICE: _cheapest,
    Pick.LATENCY: _fastest,
    Pick.LEAST_BUSY: _idlest,
    Pick.WEIGHTED: _weighted,
}
