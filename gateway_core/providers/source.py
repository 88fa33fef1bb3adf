"""One provider of the price table: its models by name, and what each costs at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType

import msgspec

from gateway_core.model.policy import Price, Rates, Tier
from gateway_core.providers.table import FIRST, Epoch, ModelData, PriceData, ProviderData, matches

_MODELS = msgspec.json.Decoder(list[ModelData])
_EPOCHS = msgspec.json.Decoder(list[Epoch])
_EVER = datetime.min.replace(tzinfo=UTC)
_COMPACT_DATE = re.compile(r"-(20\d\d)(\d\d)(\d\d)(?=-|:|\Z)")

_ANYWHERE: Mapping[str, Decimal] = MappingProxyType({})
REGIONS: Mapping[str, Mapping[str, Decimal]] = MappingProxyType({"anthropic": {"us": Decimal("1.1")}})
"""Factors on tokens by region, which genai-prices does not know, by provider.

Source: platform.claude.com, data residency. Models before Opus 4.6 refuse a call that names a region.
"""

Held = tuple[str, list[tuple[int, Price | None]]]
"""The first day of an epoch, and by second of the day from which each price holds."""

Newest = tuple[datetime | None, Price | None]
"""From when on the newest price holds at every hour; None where it changes by the hour."""


class Model:
    """A model of the table. Its prices are decoded when first asked for."""

    __slots__ = ("_data", "_epochs", "_label", "_newest", "_regions", "_services")

    def __init__(
        self, data: ModelData, label: str, services: bool, regions: Mapping[str, Decimal] = _ANYWHERE
    ) -> None:
        self._data = data
        self._regions = regions
        self._label = label
        self._services = services
        self._epochs: list[Held] | None = None
        self._newest: Newest = (None, None)

    @property
    def id(self) -> str:
        """Its name in the table."""
        return self._data.id

    def at(self, when: datetime) -> Price | None:
        """What it costs at an instant (aware of its time zone); None where the table has no price."""
        since, price = self._newest
        if since is not None and when >= since:
            return price
        epochs = self._epochs
        if epochs is None:
            epochs = self._epochs = [self._held(each) for each in _EPOCHS.decode(self._data.epochs)]
            self._newest = _newest(epochs[-1])
            return self.at(when)
        utc = when.astimezone(UTC)
        day, second = utc.date().isoformat(), utc.hour * 3600 + utc.minute * 60 + utc.second
        hours = next(hours for start, hours in reversed(epochs) if start == FIRST or start <= day)
        return next(price for since, price in reversed(hours) if since <= second)

    def _held(self, epoch: Epoch) -> Held:
        return epoch.start, [(since, self._price(epoch.start, since, data)) for since, data in epoch.hours]

    def _price(self, start: str, since: int, data: PriceData | None) -> Price | None:
        if data is None:
            return None
        clock = f"T{since // 3600:02d}:{since // 60 % 60:02d}" if since else ""
        price = _price(f"{self._label}/{self.id}@{start}{clock}", data, self._data.context_window)
        if not self._services:
            return replace(price, services={})
        return replace(price, multipliers=self._regions) if self._regions else price


class Source:
    """The models of one provider of the table, in the order in which names are matched."""

    def __init__(self, id: str, data: ProviderData, label: str) -> None:
        self.id = id
        self.fallback = tuple(data.fallback)
        self._raw = data.models
        self._label = label
        self._read: list[ModelData] | None = None

    @property
    def _models(self) -> list[ModelData]:
        if self._read is None:
            self._read = _MODELS.decode(self._raw)
        return self._read

    @property
    def names(self) -> dict[str, int | None]:
        """The names that a list of models may offer, and the tokens of their context windows."""
        return {each.id: each.context_window for each in self._models if each.shown}

    def own(self, name: str, *, services: bool = True) -> Model | None:
        """The first of its models that a lower-case name matches. services: with rates by service tier."""
        for each in self._models:
            if matches(each.match, name):
                return Model(each, f"{self._label}:{self.id}", services, REGIONS.get(self.id, _ANYWHERE))
        return None

    def find(self, name: str, others: Mapping[str, Source]) -> Model | None:
        """A model of its own or, sold at the same price, of its fallbacks; as genai-prices finds it."""
        name = name.lower()
        dashed = _COMPACT_DATE.sub(_dashed, name)
        found = self._find(name, others)
        return found if found or dashed == name else self._find(dashed, others)

    def _find(self, name: str, others: Mapping[str, Source]) -> Model | None:
        if found := self.own(name):
            return found
        # genai-prices knows no service tiers where one provider sells the models of another.
        sellers = (others[each] for each in self.fallback if each in others)
        return next((found for each in sellers if (found := each.own(name, services=False))), None)


def _newest(last: Held) -> Newest:
    start, hours = last
    if len(hours) > 1:
        return None, None
    return (_EVER if start == FIRST else datetime.fromisoformat(start).replace(tzinfo=UTC)), hours[0][1]


def _dashed(found: re.Match[str]) -> str:
    try:
        return f"-{date(int(found[1]), int(found[2]), int(found[3])).isoformat()}"
    except ValueError:
        return found[0]


def _price(id: str, data: PriceData, context_window: int | None) -> Price:
    return Price(
        id=id,
        rates=_rates(data.rates),
        tiers=tuple(Tier(above, _rates(texts)) for above, texts in data.tiers),
        per_call={name: Decimal(text) for name, text in data.per_call.items()},
        context_window=context_window,
        services={name: _price(f"{id}#{name}", each, context_window) for name, each in data.services.items()},
    )


def _rates(texts: Mapping[str, str]) -> Rates:
    return Rates(**{name: Decimal(text) for name, text in texts.items()})
