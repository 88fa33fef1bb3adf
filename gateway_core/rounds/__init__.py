"""What a gateway does beside its calls, for ever, until whoever started it cancels it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from gateway_core.alerts.landing import Landing
from gateway_core.alerts.trouble import LedgerTrouble, ProviderTrouble
from gateway_core.clock import Jumps
from gateway_core.pipeline import alike, comparing, serve
from gateway_core.pipeline.parts import Parts
from gateway_core.providers.catalog import Provider
from gateway_core.rounds import clock_watch, discovery, tending, weekly
from gateway_core.rounds.again import again_and_again
from gateway_core.rounds.tending import Stores
from gateway_core.rounds.weekly import Weekly
from gateway_core.runaway.burning import judge
from gateway_core.store.queries import Queries

LANDING_PAUSE = 60.0
"""Seconds between two looks at where budgets lead."""
BURN_PAUSE = 15.0
"""Seconds between two looks at what tags spend of late."""
TROUBLE_PAUSE = 5.0
"""Seconds between two looks at whether the ledger can be written and providers serve."""
LIKENESS_PAUSE = 1.0
"""Seconds before questions, and answers, are looked at again, should that ever fail."""
DELIVERY_PAUSE = 15.0
"""Seconds before the outbox is opened again, should it ever fail."""


async def while_open(
    parts: Parts, stores: Stores, providers: Iterable[Provider], keep_days: int | None
) -> None:
    """What keeps the parts of a gateway in order, also where it serves no calls."""
    local = [each for each in providers if each.local]
    jumps = Jumps(parts.clock)
    await asyncio.gather(
        again_and_again("the look for local models", discovery.PAUSE, lambda: discovery.look(parts, local)),
        again_and_again(
            "the look at the clock", clock_watch.PAUSE, lambda: clock_watch.look(jumps, parts.bus)
        ),
        again_and_again(
            "the tending of the ledger",
            tending.PAUSE,
            lambda: tending.drop_expired(stores, parts.clock, keep_days),
            rest_first=True,
        ),
    )


async def while_serving(parts: Parts, queries: Queries, report: Weekly, *, landing: bool) -> None:
    """Delivers alerts, looks ahead and around, and writes the weekly report. landing: whether to foretell
    that budgets are used up."""
    alerts, clock = parts.alerts, parts.clock
    ahead = Landing(alerts, parts.admission, queries, clock)
    writing = LedgerTrouble(alerts, lambda: parts.ledger.problem)
    serving = ProviderTrouble(alerts, parts.tally)
    rounds = [
        again_and_again("the likeness of questions", LIKENESS_PAUSE, lambda: alike.look(parts, serve)),
        again_and_again("second opinions", LIKENESS_PAUSE, lambda: comparing.look(parts, serve)),
        again_and_again("the delivery of alerts", DELIVERY_PAUSE, alerts.run),
        again_and_again("the look at burn rates", BURN_PAUSE, lambda: judge(parts.runaway, queries, clock)),
        again_and_again("the look at the ledger", TROUBLE_PAUSE, writing.look),
        again_and_again("the look at providers", TROUBLE_PAUSE, serving.look),
        again_and_again("the weekly report", weekly.PAUSE, report.look),
    ]
    if landing:
        rounds.append(again_and_again("the look ahead", LANDING_PAUSE, lambda: ahead.look(parts.policy)))
    await asyncio.gather(*rounds)
