"""Prices that the user sets: a [prices."provider/model"] section, read and written."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation

from gateway_core.model.errors import ConfigError
from gateway_core.model.policy import Price, Rates, Tier

RATES = tuple(each.name for each in fields(Rates))
SERVICES = ("batch", "flex", "priority", "fast")
REGIONS = ("us",)
_FACTORS = (*SERVICES, *REGIONS)
_KNOWN = (*RATES, "tiers", *_FACTORS, "per_call", "context_window", "max_output")
_MOST = Decimal(1_000_000)
_PLACES = 12


def price_from_toml(name: str, table: Mapping[str, object]) -> Price:
    """The price of [prices."provider/model"]. Raises ConfigError that quotes the wrong key."""
    provider, _, model = name.partition("/")
    if not provider or not model:
        raise ConfigError(f"{name!r} must be 'provider/model', such as 'mylab/qwen3-32b'")
    _check_keys(name, table, _KNOWN)
    rates = _rates(name, table)
    if rates == Rates():
        raise ConfigError(
            f"price {name!r} holds no rate; set 'input' and 'output', in dollars per million tokens"
        )
    return Price(
        id=f"user:{name}",
        rates=rates,
        tiers=_tiers(name, table.get("tiers", [])),
        multipliers={key: _decimal(name, key, table[key]) for key in _FACTORS if key in table},
        per_call=_fees(name, table.get("per_call", {})),
        context_window=_count(name, "context_window", table.get("context_window")),
        max_output=_count(name, "max_output", table.get("max_output")),
    )


def price_to_toml(price: Price) -> dict[str, object]:
    """The section that `price_from_toml` reads back to the same price, one that the user set."""
    table: dict[str, object] = dict(_texts(price.rates))
    if price.tiers:
        table["tiers"] = [{"above": tier.above, **_texts(tier.rates)} for tier in price.tiers]
    table |= {key: f"{value:f}" for key, value in price.multipliers.items()}
    if price.per_call:
        table["per_call"] = {key: f"{value:f}" for key, value in price.per_call.items()}
    counts = {"context_window": price.context_window, "max_output": price.max_output}
    return table | {key: value for key, value in counts.items() if value is not None}


def _texts(rates: Rates) -> dict[str, str]:
    found = ((key, getattr(rates, key)) for key in RATES)
    return {key: f"{value:f}" for key, value in found if value is not None}


def _rates(name: str, table: Mapping[str, object]) -> Rates:
    return Rates(**{key: _decimal(name, key, table[key]) for key in RATES if key in table})


def _tiers(name: str, value: object) -> tuple[Tier, ...]:
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise ConfigError(
            f"'tiers' of price {name!r} must be a list such as [{{ above = 200_000, input = '2' }}]"
        )
    tiers = []
    for each in value:
        _check_keys(name, each, ("above", *RATES))
        above = _count(name, "above", each.get("above"))
        if above is None:
            raise ConfigError(
                f"'tiers' of price {name!r}: each needs 'above', the input tokens it begins over"
            )
        tiers.append(Tier(above, _rates(name, each)))
    if len({tier.above for tier in tiers}) < len(tiers):
        raise ConfigError(f"'tiers' of price {name!r}: two begin 'above' the same number")
    return tuple(sorted(tiers, key=lambda tier: tier.above))


def _fees(name: str, value: object) -> dict[str, Decimal]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"'per_call' of price {name!r} must be a table such as {{ web_search = '0.01' }}")
    return {str(key): _decimal(name, str(key), fee) for key, fee in value.items()}


def _decimal(name: str, key: str, value: object) -> Decimal:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ConfigError(f'{key!r} of price {name!r} must be a decimal in quotes, such as "0.10"')
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ConfigError(f"{key!r} of price {name!r} is no number: {value!r}") from None
    if not number.is_finite() or not 0 <= number <= _MOST:
        raise ConfigError(f"{key!r} of price {name!r} must be between 0 and {_MOST:,}, not {value!r}")
    if number != round(number, _PLACES):
        raise ConfigError(f"{key!r} of price {name!r} has more than {_PLACES} decimal places: {value!r}")
    return number


def _count(name: str, key: str, value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ConfigError(f"{key!r} of price {name!r} must be a whole number of tokens, not {value!r}")
    return value


def _check_keys(name: str, table: Mapping[str, object], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            mend = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise ConfigError(f"unknown key {key!r} of price {name!r}; {mend}")
