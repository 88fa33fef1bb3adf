"""How each provider and model does: measured live, over hours from the ledger, and what it costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gateway_core.http.admin.answers.providers import (
    CircuitAnswer,
    ProviderVitalsAnswer,
    TargetVitalsAnswer,
)
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.queries import instant
from gateway_core.http.admin.subject import subject
from gateway_core.model.call import Target
from gateway_core.state.vitals import Signs
from gateway_core.store.queries.served import Served

router = subject("providers")


@router.get("/providers/vitals")
async def provider_vitals(gateway: Gateway, since: str = "24h") -> ProviderVitalsAnswer:
    """Calls, errors, first byte, pace, price and circuit of every target that was called lately."""
    start = instant(gateway, since)
    past = await read(gateway.queries.served, start)
    signs = gateway.vitals.all()
    targets = sorted({*signs, *(Target(*pair) for pair in past)}, key=str)
    return ProviderVitalsAnswer(
        since=start,
        prices_dated=gateway.prices.dated,
        prices_age_days=_age(gateway),
        targets=[
            _target(gateway, each, signs.get(each, Signs()), past.get((each.provider, each.model), Served()))
            for each in targets
        ],
        circuits=_circuits(gateway),
    )


def _target(engine: Engine, target: Target, signs: Signs, past: Served) -> TargetVitalsAnswer:
    price = engine.prices.find(target.provider, target.model, engine.clock.now())
    own = str(target) in engine.policies.current.prices
    return TargetVitalsAnswer(
        provider=target.provider,
        model=target.model,
        calls=signs.calls,
        running=signs.running,
        error_rate=round(engine.vitals.error_rate(target), 4),
        first_byte_ms=engine.vitals.latency_ms(target),
        mean_first_byte_ms=signs.mean_ms,
        duration_ms=signs.duration_ms,
        tokens_per_second=signs.tokens_per_second,
        past_calls=past.calls,
        past_failed=past.failed,
        past_first_byte_p50_ms=past.first_byte_ms(0.5),
        past_first_byte_p95_ms=past.first_byte_ms(0.95),
        price_id=price.id if price else None,
        input_usd=_dollars(price.rates.input) if price else None,
        output_usd=_dollars(price.rates.output) if price else None,
        price_source=None if price is None else "yours" if own else ":".join(price.id.split(":")[:2]),
    )


def _circuits(engine: Engine) -> list[CircuitAnswer]:
    return [
        CircuitAnswer(
            provider=provider,
            key=key,
            faults=each.faults,
            next_try_seconds=round(engine.vitals.open_seconds(provider, key) or 0.0, 1),
            why=engine.vault.redact(each.why),
        )
        for (provider, key), each in engine.vitals.circuits.opened().items()
    ]


def _age(engine: Engine) -> int | None:
    try:
        dated = date.fromisoformat(engine.prices.dated)
    except ValueError:
        return None
    return max(0, (engine.clock.now().date() - dated).days)


def _dollars(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:f}"
