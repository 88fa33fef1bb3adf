"""What a call cost, what it may cost at the most, and what it would have cost without the provider's cache.

The rules, for each token class that a price may leave out:

- cached input without a price costs as input, written input too, one-hour writes as other writes;
- audio, image and video have prices for fresh input and for output; without one they cost as other tokens;
- the size tier is chosen by the total input, strictly above its mark, and holds for all tokens of the call;
- a tool without a fee costs nothing by the use; `request` is a fee for the call itself;
- a step that another model ran costs that model's prices;
- a service tier multiplies the whole sum, or has a whole price of its own;
- a region may multiply what tokens cost, fees left out, on top of a service tier;
- tokens for which no price can be found make the call unpriced: None, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from gateway_core.model.money import NANO_PER_USD, Nano
from gateway_core.model.policy import Price, Rates
from gateway_core.model.usage import Usage

PriceOf = Callable[[str], Price | None]
"""What another model of the same provider costs, by its name; None where nobody knows."""

_RATES = tuple(each.name for each in fields(Rates))
_TOKENS = 1_000_000
_INPUT_MEDIA = ("audio_input", "image_input", "video_input")
_FALLBACKS = {
    "input": (),
    "cached_input": ("input",),
    "cache_write": ("input",),
    "cache_write_1h": ("cache_write", "input"),
    "output": (),
}
_OUTPUT_MEDIA = ("audio_output", "image_output", "video_output")


@dataclass(frozen=True, slots=True)
class _Rung:
    """The rates of one size tier with every fallback applied, in whole units for a token."""

    above: int
    input: int
    cached: int
    write: int
    write_1h: int
    output: int
    media: tuple[tuple[str, int], ...]
    """Usage fields in a modality with a rate of its own, and what each token costs more (or less)."""
    dear_input: int
    dear_text: int
    dear_output: int
    """The dearest rates of this tier and of all below it: a bound on the input says what it may reach."""
    gaps: tuple[str, ...]
    """Usage fields whose tokens have no price, neither of their own nor one to fall back to."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A price in whole units, small enough that nothing is lost: `unit` of them make a nano-dollar."""

    unit: int
    rungs: tuple[_Rung, ...]
    """From the smallest calls to the largest."""
    fees: Mapping[str, int]

    def rung(self, total_input: int) -> _Rung:
        found = self.rungs[0]
        if len(self.rungs) == 1:
            return found
        for rung in self.rungs[1:]:
            if total_input <= rung.above:
                break
            found = rung
        return found


def cost(
    usage: Usage,
    price: Price,
    *,
    service_tier: str | None = None,
    region: str | None = None,
    price_of: PriceOf | None = None,
) -> Nano | None:
    """Nano-dollars of a call, exact and rounded up once; None where a token used has no price.

    service_tier, region: those asked for; those that were served, if the usage tells them, count instead.
    Steps are priced as calls of their own, those of another model by what `price_of` says of it; fees by
    the use are counted on the whole call.
    """
    tier, region = usage.service_tier or service_tier, usage.region or region
    if not usage.steps and usage.model is None:
        total = _exact((usage,), usage, price, tier, region)
        return None if total is None else _rounded_up(*total)
    steps = usage.steps or (usage,)
    own = tuple(step for step in steps if step.model is None)
    total = _exact(own, usage, price, tier, region)
    if len(own) == len(steps) or total is None:
        return None if total is None else _rounded_up(*total)
    return _with_others(Fraction(*total), [step for step in steps if step.model], tier, region, price_of)


def worst_case(
    price: Price,
    *,
    input_tokens: int,
    output_tokens: int,
    service_tier: str | None = None,
    region: str | None = None,
    media: bool = True,
) -> Nano:
    """The most that a call within these bounds can cost: every token of its dearest class and size tier.

    Covers the service tier and the region asked for and the standard ones. media: the input may hold audio,
    images or video. Fees by the use of a tool are not bounded by tokens and not in it; nor are tokens that
    the price does not cover, see `covers`.
    """
    worst = _most(price, input_tokens, output_tokens, media)
    if service_tier is None and region is None:
        return worst
    asked, numerator, denominator = _served(price, service_tier)
    more, per = _regional(price, region)
    dearer = -(-_most(asked, input_tokens, output_tokens, media) * numerator * more // (denominator * per))
    return max(worst, dearer)


def uncached_cost(
    usage: Usage,
    price: Price,
    *,
    service_tier: str | None = None,
    region: str | None = None,
    price_of: PriceOf | None = None,
) -> Nano | None:
    """What the call would have cost if the provider had read nothing from its cache and written nothing."""
    if usage.input == usage.total_input:
        return cost(usage, price, service_tier=service_tier, region=region, price_of=price_of)
    plain = _uncached(usage)
    if usage.steps:
        plain = replace(plain, steps=tuple(map(_uncached, usage.steps)))
    return cost(plain, price, service_tier=service_tier, region=region, price_of=price_of)


def rates_at(price: Price, total_input: int) -> dict[str, Decimal]:
    """Dollars per million tokens of each class, with every fallback, at the size tier that so much input
    reaches. Classes without a price are left out."""
    sheet = _sheet(price)
    rung = sheet.rung(total_input)
    units = {
        "input": rung.input,
        "cached_input": rung.cached,
        "cache_write": rung.write,
        "cache_write_1h": rung.write_1h,
        "output": rung.output,
    }
    return {
        name: Decimal(each) / (sheet.unit * NANO_PER_USD // _TOKENS)
        for name, each in units.items()
        if name not in rung.gaps
    }


def covers(price: Price, *, output: bool = True) -> bool:
    """Whether plain text is priced: its input and, if there is any, its output. If not, treat as unpriced."""
    rates = price.rates
    return rates.input is not None and (rates.output is not None or not output)


def _exact(
    steps: Iterable[Usage], whole: Usage | None, price: Price, tier: str | None, region: str | None
) -> tuple[int, int] | None:
    """The steps at one price and the fees of the whole call, in nano-dollars: numerator and denominator."""
    dearer, per = _regional(price, region)
    price, numerator, denominator = _served(price, tier)
    sheet = _sheet(price)
    units = 0
    for step in steps:
        rung = sheet.rung(step.total_input)
        if rung.gaps and _uncovered(step, rung):
            return None
        units += (
            step.input * rung.input
            + step.cached_input * rung.cached
            + step.cache_write * rung.write
            + step.cache_write_1h * rung.write_1h
            + step.output * rung.output
        )
        for name, more in rung.media:
            units += getattr(step, name) * more
    units *= dearer
    if sheet.fees and whole is not None:
        units += _fees(whole, sheet) * per
    return units * numerator, sheet.unit * denominator * per


def _with_others(
    total: Fraction,
    steps: Iterable[Usage],
    tier: str | None,
    region: str | None,
    price_of: PriceOf | None,
) -> Nano | None:
    """The sum with the steps of other models."""
    for step in steps:
        price = price_of(step.model) if price_of and step.model else None
        part = _exact((step,), None, price, tier, region) if price else None
        if part is None:
            return None
        total += Fraction(*part)
    return _rounded_up(total.numerator, total.denominator)


def _rounded_up(numerator: int, denominator: int) -> Nano:
    return -(-numerator // denominator)


def _uncached(usage: Usage) -> Usage:
    return replace(usage, input=usage.total_input, cached_input=0, cache_write=0, cache_write_1h=0)


def _served(price: Price, tier: str | None) -> tuple[Price, int, int]:
    """The price of a service tier and the factor on its sum. An unknown tier costs as the standard one."""
    if tier is None:
        return price, 1, 1
    name = tier.lower()
    if (whole := price.services.get(name)) is not None:
        return whole, 1, 1
    return price, *price.multipliers.get(name, Decimal(1)).as_integer_ratio()


def _regional(price: Price, region: str | None) -> tuple[int, int]:
    """The factor of a region on what tokens cost. An unknown region costs as any."""
    if region is None:
        return 1, 1
    return price.multipliers.get(region.lower(), Decimal(1)).as_integer_ratio()


def _most(price: Price, input_tokens: int, output_tokens: int, media: bool) -> Nano:
    sheet = _sheet(price)
    rung = sheet.rung(input_tokens)
    units = input_tokens * (rung.dear_input if media else rung.dear_text) + output_tokens * rung.dear_output
    if sheet.fees:
        units += sheet.fees.get("request", 0)
    return -(-units // sheet.unit)


def _fees(usage: Usage, sheet: _Sheet) -> int:
    uses = sum(sheet.fees.get(name, 0) * count for name, count in usage.server_tools.items())
    return uses + sheet.fees.get("request", 0)


def _uncovered(usage: Usage, rung: _Rung) -> bool:
    """Whether the call used tokens that have no price. Media with a rate need none of plain tokens."""
    plain = {"input": usage.input, "output": usage.output}
    for name, _ in rung.media:
        plain["input" if name in _INPUT_MEDIA else "output"] -= getattr(usage, name)
    return any(plain.get(name, getattr(usage, name)) > 0 for name in rung.gaps)


@lru_cache(maxsize=4096)
def _sheet(price: Price) -> _Sheet:
    """Dollars per million tokens are thousands of nano-dollars per token."""
    layers = [price.rates, *(tier.rates for tier in price.tiers)]
    amounts = [value for rates in layers for value in _given(rates).values()]
    unit = 10 ** max([0, *(_places(each * NANO_PER_USD / _TOKENS) for each in amounts)])
    unit *= 10 ** max([0, *(_places(fee * NANO_PER_USD * unit) for fee in price.per_call.values())])
    scale = unit * NANO_PER_USD // _TOKENS
    rungs, known = [], dict[str, Decimal]()
    for above, rates in zip([-1, *(tier.above for tier in price.tiers)], layers, strict=True):
        known = known | _given(rates)
        rungs.append(_rung(above, {name: int(value * scale) for name, value in known.items()}))
    fees = {name: int(fee * NANO_PER_USD * unit) for name, fee in price.per_call.items()}
    return _Sheet(unit, tuple(accumulate(rungs, _dearer)), fees)


def _dearer(lower: _Rung, upper: _Rung) -> _Rung:
    """The upper tier, no cheaper at its dearest than the lower one."""
    return replace(
        upper,
        dear_input=max(lower.dear_input, upper.dear_input),
        dear_text=max(lower.dear_text, upper.dear_text),
        dear_output=max(lower.dear_output, upper.dear_output),
    )


def _given(rates: Rates) -> dict[str, Decimal]:
    found = {name: getattr(rates, name) for name in _RATES}
    return {name: value for name, value in found.items() if value is not None}


def _places(value: Decimal) -> int:
    """How many decimal places a number needs."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rung(above: int, rates: Mapping[str, int]) -> _Rung:
    input, output = rates.get("input", 0), rates.get("output", 0)
    cached = rates.get("cached_input", input)
    write = rates.get("cache_write", input)
    write_1h = rates.get("cache_write_1h", write)
    dear_text = max(input, cached, write, write_1h)
    return _Rung(
        above=above,
        input=input,
        cached=cached,
        write=write,
        write_1h=write_1h,
        output=output,
        media=(*_extra(rates, _INPUT_MEDIA, input), *_extra(rates, _OUTPUT_MEDIA, output)),
        dear_input=max(dear_text, *(rates.get(name, 0) for name in _INPUT_MEDIA)),
        dear_text=dear_text,
        dear_output=max(output, *(rates.get(name, 0) for name in _OUTPUT_MEDIA)),
        gaps=tuple(name for name, falls_back in _FALLBACKS.items() if not rates.keys() & {name, *falls_back}),
    )


def _extra(rates: Mapping[str, int], names: Iterable[str], plain: int) -> list[tuple[str, int]]:
    return [(name, rates[name] - plain) for name in names if name in rates]
