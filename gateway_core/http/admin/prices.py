"""Prices: what is known of the models that were called, and past calls priced anew."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.prices import FixAnswer, FixRow, PriceAnswer, PricesAnswer
from gateway_core.http.admin.bodies import FixBody, PriceBody
from gateway_core.http.admin.edits import Who, edit
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.queries import instant
from gateway_core.http.admin.repricing import Change, fix
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.model.money import usd_string
from gateway_core.model.policy import Policy
from gateway_core.providers.prices import price_from_toml, price_to_toml
from gateway_core.rules.repricing import Stays

router = subject("prices")


@router.get("/prices")
async def prices(gateway: Gateway) -> PricesAnswer:
    """What each model costs that was ever called, or that the user has priced."""
    seen = {"/".join(pair) for pair in await read(gateway.queries.models_seen)}
    names = sorted(seen | set(gateway.policies.current.prices))
    return PricesAnswer(prices=[_price(gateway, name) for name in names])


@router.post("/prices/fix")
async def fix_prices(body: FixBody, gateway: Gateway) -> FixAnswer:
    """Prices past calls anew, by the prices of now; `apply` appends the corrections, without it nothing is
    changed. Budgets count by them at once."""
    since, until = (instant(gateway, text) if text else None for text in (body.since, body.until))
    found = await read(fix, gateway, since, until, _pair(body.model), body.apply)
    if body.apply and found.changes:
        await gateway.recount()
        gateway.changed("prices")
    rows = [_row(name, change) for name, change in sorted(found.changes.items())]
    total = Change()
    for change in found.changes.values():
        total.calls += change.calls
        total.unpriced += change.unpriced
        total.before += change.before
        total.after += change.after
    return FixAnswer(
        applied=body.apply,
        looked_at=found.looked_at,
        rows=rows,
        total=_row("", total),
        unpriced=found.stays[Stays.UNPRICED],
        unexplained=found.stays[Stays.UNEXPLAINED],
    )


@router.get("/prices/{name:path}")
async def price(name: str, gateway: Gateway) -> PriceAnswer:
    """What one model costs now, in dollars per million tokens."""
    if "/" not in name:
        raise Refusal(400, "no_model", f"{name[:80]!r} is no PROVIDER/MODEL, such as 'openai/gpt-5'")
    return _price(gateway, name)


@router.put("/prices/{name:path}")
async def put_price(name: str, body: PriceBody, gateway: Gateway, who: Who) -> PriceAnswer:
    """Sets the user's own price of one model. What is not said stays as it was set."""
    said = body.model_dump(exclude_none=True)

    def with_it(old: Policy) -> Policy:
        before = price_to_toml(old.prices[name]) if name in old.prices else {}
        return replace(old, prices={**old.prices, name: price_from_toml(name, {**before, **said})})

    await edit(gateway, "prices", with_it, who)
    return _price(gateway, name)


@router.delete("/prices/{name:path}")
async def delete_price(name: str, gateway: Gateway, who: Who) -> DoneAnswer:
    """Takes the user's own price of one model back; the table's counts again, where it has one."""

    def without(old: Policy) -> Policy:
        if name not in old.prices:
            known = ", ".join(map(repr, sorted(old.prices))) or "none"
            told = f"no price of your own is set for {name[:80]!r}; there are {known}"
            raise Refusal(404, "no_such_price", told)
        return replace(old, prices={each: price for each, price in old.prices.items() if each != name})

    await edit(gateway, "prices", without, who)
    return DoneAnswer()


def _price(gateway: Engine, name: str) -> PriceAnswer:
    provider, _, model = name.partition("/")
    found = gateway.prices.find(provider, model, gateway.clock.now())
    fields = price_to_toml(found) if found else {}
    return PriceAnswer(model=name, price_id=found.id if found else None, price=fields)


def _pair(name: str | None) -> tuple[str, str | None] | None:
    """A provider and its model, of 'provider/model'; a provider alone means all of its models."""
    if not name:
        return None
    provider, _, model = name.partition("/")
    return provider, model or None


def _row(name: str, change: Change) -> FixRow:
    return FixRow(
        model=name,
        calls=change.calls,
        unpriced=change.unpriced,
        before_usd=usd_string(change.before),
        after_usd=usd_string(change.after),
    )
