"""The catalogue: which provider serves a model name, and which models there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from gateway_core.model.call import DialectName, ModelCard, Target
from gateway_core.model.errors import ConfigError, Refusal
from gateway_core.providers.naming import is_name, nearest
from gateway_core.providers.prices import PriceBook
from gateway_core.providers.provider import BUILTIN, Provider, builtin_providers
from gateway_core.providers.sections import configured_providers

__all__ = ["Catalog", "Provider", "builtin_providers", "configured_providers"]

_MAKERS = ("openai", "anthropic", "gemini")
"""Providers whose own models are known by the price table, in the order in which they are asked."""
_REMEMBERED = 4096
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Catalog:
    """Model names to targets. Everything but what local servers have is settled when it is made."""

    def __init__(
        self,
        providers: Mapping[str, Provider],
        prices: PriceBook,
        aliases: Mapping[str, str | tuple[str, ...]] | None = None,
        auto: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._providers = providers
        self._prices = prices
        names = aliases or {}
        self._aliases = {name: to for name, to in names.items() if isinstance(to, str)}
        self._groups = {name: to for name, to in names.items() if not isinstance(to, str)}
        self._auto = auto or {}
        self._discovered: dict[str, tuple[str, ...]] = {}
        self._resolved: dict[tuple[str, str | None, DialectName | None], Target] = {}
        self._cards: list[ModelCard] | None = None
        for alias in self._aliases:
            self._unalias(alias)

    def with_prices(self, prices: PriceBook) -> Catalog:
        """The same catalogue by other prices; what was discovered stays known."""
        catalog = Catalog(self._providers, prices, {**self._aliases, **self._groups}, self._auto)
        catalog._discovered = self._discovered
        return catalog

    def provider(self, id: str) -> Provider:
        """The provider of a target that `resolve` gave. Raises KeyError for any other id."""
        return self._providers[id]

    def serving(self, target: Target) -> Provider:
        """The provider of such a target, as it serves that model."""
        return self.provider(target.provider).serving(target.model)

    def set_discovered(self, id: str, models: Iterable[str]) -> None:
        """Takes over which models a local server has."""
        self._discovered[id] = tuple(models)
        self._resolved.clear()
        self._cards = None

    def resolve(
        self,
        asked: str,
        *,
        at: datetime,
        path_provider: str | None = None,
        dialect: DialectName | None = None,
    ) -> Target:
        """The target of a name as a client asks for it. path_provider: the provider under whose path it asks.

        The first of these that applies: a name listed for a provider of the user's own; PROVIDER/NAME; a
        provider's own form of name that it is known to have; a name listed for a built-in provider or found
        on a local server; a name in the price table of OpenAI, Anthropic or Gemini; a provider's own form;
        the provider of the path. dialect: among several that list a name, one that speaks it is preferred.
        Raises Refusal 404 naming the nearest known models.
        """
        key = (asked, path_provider, dialect)
        if (target := self._resolved.get(key)) is None:
            name = self._unalias(asked).removeprefix("models/")
            target = self._find(name, at, path_provider, dialect) if is_name(name) else None
            if target is None:
                raise self._unknown(name)
            if len(self._resolved) >= _REMEMBERED:
                self._resolved.clear()
            self._resolved[key] = target
        return target

    def known(self, asked: str, *, at: datetime) -> Target | None:
        """What `resolve` gives; None for a name that leads nowhere."""
        try:
            return self.resolve(asked, at=at)
        except Refusal:
            return None

    def group(self, asked: str) -> tuple[str, ...] | None:
        """The members of a group of the user's, as a client would ask for them; None for any other name."""
        return self._groups.get(self._aliases.get(asked, asked))

    def auto(self, complexity: str) -> tuple[Target, ...]:
        """The models that `auto` means for a class of requests: those of the [auto] section, else the one
        that each provider has for it."""
        if complexity in self._auto:
            return tuple(self.resolve(name, at=_EPOCH) for name in self._auto[complexity])
        return tuple(
            Target(each.id, each.auto[complexity]) for each in self._reachable() if complexity in each.auto
        )

    def cards(self, dialect: DialectName | None = None) -> list[ModelCard]:
        """Every model worth listing, of providers that speak the dialect; each id leads to its provider."""
        if self._cards is None:
            self._cards = [card for provider in self._reachable() for card in self._list(provider)]
        return [
            card
            for card in self._cards
            if dialect is None or dialect in self._providers[card.provider].serving(card.id).dialects
        ]

    def _unalias(self, asked: str) -> str:
        seen = [asked]
        while (name := self._aliases.get(seen[-1])) is not None:
            if name in seen:
                raise ConfigError(f"alias {asked!r} leads back to itself: {' → '.join([*seen, name])}")
            seen.append(name)
        return seen[-1]

    def _find(
        self, name: str, at: datetime, path_provider: str | None, dialect: DialectName | None
    ) -> Target | None:
        own = [each for each in self._reachable() if each.fits(name)]
        known = [each for each in own if self._knows(each, name, at)]
        ways: tuple[Callable[[], Target | None], ...] = (
            lambda: self._listed(name, self._by_user, own, dialect),
            lambda: self._spelled_out(name),
            lambda: Target(known[0].id, name) if known else None,
            lambda: self._listed(name, self._has, own, dialect),
            lambda: self._in_table(name, at),
            lambda: self._plain(name, own, path_provider),
        )
        return next((target for way in ways if (target := way())), None)

    def _listed(
        self,
        name: str,
        find: Callable[[Provider, str], str | None],
        own: list[Provider],
        dialect: DialectName | None,
    ) -> Target | None:
        """The provider that lists the name: the one whose form it is, else one that speaks the dialect."""
        found = [
            (provider not in own, dialect not in provider.serving(name).dialects, Target(provider.id, model))
            for provider in self._reachable()
            if (model := find(provider, name))
        ]
        return min(found, key=lambda each: each[:2])[2] if found else None

    def _by_user(self, provider: Provider, name: str) -> str | None:
        return name if provider.id not in BUILTIN and name in provider.models else None

    def _has(self, provider: Provider, name: str) -> str | None:
        """The listed or discovered name that is meant; a local server's `:latest` need not be said."""
        if name in provider.models:
            return name
        discovered = self._discovered.get(provider.id, ())
        return next((each for each in (name, f"{name}:latest") if each in discovered), None)

    def _spelled_out(self, name: str) -> Target | None:
        """PROVIDER/NAME; a provider whose own names begin with its name (groq/compound) keeps them whole."""
        id, _, model = name.partition("/")
        provider = self._providers.get(id)
        if provider is None or not model:
            return None
        if not provider.base_url:
            needed = f"has no {provider.place_key} yet; set it in [providers.{id}]"
            raise Refusal(404, "model_not_found", f"provider {id!r} {needed}")
        if provider.fits(name) or name in provider.models or name in self._prices.listing(id):
            return Target(id, name)
        return Target(id, self._has(provider, model) or model.removeprefix("models/"))

    def _in_table(self, name: str, at: datetime) -> Target | None:
        makers = [self._providers[id] for id in _MAKERS if id in self._providers]
        return next((Target(each.id, name) for each in makers if self._knows(each, name, at)), None)

    def _knows(self, provider: Provider, name: str, at: datetime) -> bool:
        return name in provider.models or self._prices.find(provider.id, name, at) is not None

    def _reachable(self) -> Iterator[Provider]:
        return (each for each in self._providers.values() if each.base_url)

    def _plain(self, name: str, own: list[Provider], path_provider: str | None) -> Target | None:
        """The provider of a name that nobody knows: by its form, else by the path under which it is asked."""
        if len(own) == 1:
            return Target(own[0].id, name)
        of_path = self._providers.get(path_provider or "")
        return Target(of_path.id, name) if of_path and (of_path in own or not own) else None

    def _list(self, provider: Provider) -> list[ModelCard]:
        windows = self._prices.listing(provider.id)
        names = dict.fromkeys([*provider.models, *self._discovered.get(provider.id, ())]) or windows
        return [ModelCard(self._shortest(provider, n), provider.id, 0, windows.get(n)) for n in names]

    def _shortest(self, provider: Provider, name: str) -> str:
        """The bare name where that leads to the provider, else PROVIDER/NAME."""
        if provider.fits(name) or self._has(provider, name):
            if self._find(self._unalias(name), _EPOCH, None, None) == Target(provider.id, name):
                return name
        return name if name.startswith(f"{provider.id}/") else f"{provider.id}/{name}"

    def _unknown(self, asked: str) -> Refusal:
        near = nearest(
            asked[:256], ["auto", *self._aliases, *self._groups, *(card.id for card in self.cards())]
        )
        hint = f"; nearest known: {', '.join(near)}" if near else ""
        return Refusal(
            404,
            "model_not_found",
            f"model {asked[:80]!r} is not known here{hint}. Ask for a new model as PROVIDER/NAME, "
            'or add it with models = ["…"] under its [providers.NAME] in config.toml, and start the '
            "gateway again",
        )
