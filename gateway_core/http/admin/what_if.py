"""What one call's tokens cost on each model that is known, by the prices of its moment. Nothing is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway_core.http.admin.answers.calls import OtherModelAnswer, WhatIfAnswer
from gateway_core.http.admin.engine import Engine
from gateway_core.http.admin.explaining import usage_of
from gateway_core.model.call import Target
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.usage import Usage
from gateway_core.rules.pricing import cost

Row = Mapping[str, Any]


def what_if(engine: Engine, row: Row, with_key: frozenset[str]) -> WhatIfAnswer:
    """Every known model, the cheapest first and those without a price last. row: as `Queries.call` answers
    it; with_key: providers that can be called now.

    The same token counts are priced everywhere, cached ones as each model prices its own cache; another
    model would count and write other tokens. Prices hundreds of models: in a worker thread.
    """
    at, usage = datetime.fromisoformat(row["started_at"]), usage_of(row)
    served = Target(row["provider"], row["model"])
    asked = engine.catalog.known(row["asked_model"], at=at)
    windows = _windows(engine, at) if usage.total else {}
    for one in (served, asked):
        if one is not None and one.model:
            windows.setdefault(one, None)
    priced = [(target, _cost(engine, target, usage, at)) for target in windows]
    priced.sort(key=lambda each: (each[1] is None, each[1] or 0, str(each[0])))
    return WhatIfAnswer(
        total_tokens=usage.total,
        cost_usd=row["cost_usd"],
        models=[
            OtherModelAnswer(
                target=str(target),
                usd=None if nano is None else usd_string(nano),
                served=target == served,
                asked=target == asked,
                has_key=target.provider in with_key,
                too_small=(windows[target] or usage.total) < usage.total,
            )
            for target, nano in priced
        ],
    )


def _windows(engine: Engine, at: datetime) -> dict[Target, int | None]:
    """The models worth listing, and the tokens of their context windows where known."""
    found: dict[Target, int | None] = {}
    for target, window in _listed(engine, at):
        found[target] = found.get(target) or window
    return found


def _listed(engine: Engine, at: datetime) -> Iterator[tuple[Target, int | None]]:
    for card in engine.catalog.cards():
        target = engine.catalog.known(card.id, at=at)
        if target is not None:
            yield target, card.context_window


def _cost(engine: Engine, target: Target, usage: Usage, at: datetime) -> Nano | None:
    price = engine.prices.find(target.provider, target.model, at)
    return None if price is None else cost(usage, price)
