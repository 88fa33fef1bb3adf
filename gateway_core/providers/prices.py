"""What every model costs: the compiled table, and over it the user's own prices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from gateway_core.model.call import Target
from gateway_core.model.errors import StartError
from gateway_core.model.policy import Price, Rates
from gateway_core.providers.compiled import ensure_compiled
from gateway_core.providers.provider import Provider, builtin_providers
from gateway_core.providers.source import Model, Source
from gateway_core.providers.table import TableData
from gateway_core.providers.user_prices import price_from_toml, price_to_toml

__all__ = ["PriceBook", "ensure_compiled", "price_from_toml", "price_to_toml"]

_REMEMBERED = 4096
_NOTHING = Rates(input=Decimal(0), output=Decimal(0))
_PREFIXES = ("models/", "publishers/google/models/")
_BUILD = re.compile(
    r"""[-@]20\d\d-?[01]\d-?[0-3]\d\Z        # -2026-10-14, -20261014, @20261014
        | -0\d\d\Z                           # Gemini's -001
        | (?<=-preview)-\d\d-\d\d(\d\d)?\Z   # Gemini's -preview-09-2025 """,
    re.VERBOSE,
)


class PriceBook:
    """Prices by provider and model. It never changes; edits make a new one."""

    def __init__(
        self,
        dated: str,
        sources: Mapping[str, Source],
        providers: Mapping[str, Provider],
        user: Mapping[str, Price],
    ) -> None:
        self.dated = dated
        """The newest day on which a price of the table was checked, YYYY-MM-DD."""
        self._sources = sources
        self._providers = providers
        self._user = user
        self._found: dict[tuple[str, str], Model | Price | None] = {}
        self._dearer: dict[tuple[str, Decimal], Price] = {}

    @classmethod
    def load(cls, path: Path, providers: Mapping[str, Provider] | None = None) -> PriceBook:
        """The book of a file that `ensure_compiled` made; providers say which prices each one charges.

        Raises StartError for a file that cannot be read.
        """
        try:
            table = msgspec.json.decode(path.read_bytes(), type=TableData)
        except (OSError, msgspec.MsgspecError) as error:
            raise StartError(
                f"{path}: no readable price table ({error}); delete it and start again"
            ) from None
        label = f"genai-prices:{table.version}"
        sources = {id: Source(id, data, label) for id, data in table.providers.items()}
        return cls(table.dated, sources, builtin_providers() if providers is None else providers, {})

    def with_user(self, prices: Mapping[str, Price]) -> PriceBook:
        """The same book under the user's own prices, by 'provider/model'."""
        return PriceBook(self.dated, self._sources, self._providers, dict(prices))

    def find(self, provider: str, model: str, at: datetime) -> Price | None:
        """What a model costs at an instant; None where nobody knows: such a call is unpriced, never free."""
        try:
            found = self._found[provider, model]
        except KeyError:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            found = self._found[provider, model] = self._search(provider, model)
        return self._placed(provider, model, found.at(at)) if isinstance(found, Model) else found

    def _placed(self, provider: str, model: str, price: Price | None) -> Price | None:
        """A price of the table as it is in the region of a provider inside a cloud."""
        home = self._providers.get(provider)
        if price is None or home is None or home.cloud is None:
            return price
        factor = home.cloud.premium(model)
        if factor == 1:
            return price
        if (price.id, factor) not in self._dearer:
            self._dearer[price.id, factor] = times(price, factor)
        return self._dearer[price.id, factor]

    def beside(self, target: Target | None, at: datetime) -> Callable[[str], Price | None]:
        """What other models cost that a target's provider may run inside one answer, by their names."""
        return lambda model: self.find(target.provider, model, at) if target else None

    def models(self, provider: str) -> list[str]:
        """Names worth listing: those that the user priced first, then those of the table."""
        return list(self.listing(provider))

    def listing(self, provider: str) -> dict[str, int | None]:
        """The same names and the tokens of their context windows, where known."""
        home = self._providers.get(provider)
        source = self._source(home)
        shown = (
            {name: size for name, size in source.names.items() if home and home.shows(name)} if source else {}
        )
        prefix = f"{provider}/"
        own = [(key.removeprefix(prefix), p) for key, p in self._user.items() if key.startswith(prefix)]
        return {name: price.context_window or shown.get(name) for name, price in own} | shown

    def _source(self, home: Provider | None) -> Source | None:
        return self._sources.get(home.price_source) if home and home.price_source else None

    def _search(self, provider: str, model: str) -> Model | Price | None:
        home = self._providers.get(provider)
        source = self._source(home)
        names = list(_spellings(model, {provider, source.id} if source else {provider}))
        for name in names:
            if price := self._user.get(f"{provider}/{name}"):
                return price
        if home and home.local:
            return Price(f"local:{provider}", _NOTHING)
        if source is None:
            return None
        return next((found for name in names if (found := source.find(name, self._sources))), None)


def times(price: Price, factor: Decimal) -> Price:
    """The price with a factor on what tokens cost; fees stay."""
    return replace(
        price,
        id=f"{price.id}*{factor}",
        rates=_rates_times(price.rates, factor),
        tiers=tuple(replace(each, rates=_rates_times(each.rates, factor)) for each in price.tiers),
        services={name: times(each, factor) for name, each in price.services.items()},
    )


def _rates_times(rates: Rates, factor: Decimal) -> Rates:
    known = {each.name: getattr(rates, each.name) for each in fields(rates)}
    return Rates(**{name: None if rate is None else rate * factor for name, rate in known.items()})


def _spellings(model: str, owners: set[str]) -> Iterator[str]:
    """The name as given and, where that is not known, what it may stand for, the closest first."""
    bare = model
    for prefix in (*_PREFIXES, *(f"{owner}/" for owner in owners)):
        bare = bare.removeprefix(prefix)
    yield from dict.fromkeys((model, bare, bare.removesuffix("-latest"), _BUILD.sub("", bare)))
