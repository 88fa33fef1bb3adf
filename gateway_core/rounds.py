"""What a serving gateway does beside its calls, for ever: it delivers alerts, and looks ahead and around."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway_core.admission import Admission
from gateway_core.alerts import Alerts
from gateway_core.alerts.landing import Landing
from gateway_core.alerts.trouble import LedgerTrouble, ProviderTrouble
from gateway_core.chores import again_and_again
from gateway_core.clock import Clock
from gateway_core.model.policy import Policy
from gateway_core.runaway import Runaway
from gateway_core.runaway.burning import judge
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.tally import Tally

LANDING_PAUSE = 60.0
"""Seconds between two looks at where budgets lead."""
BURN_PAUSE = 15.0
"""Seconds between two looks at what tags spend of late."""
TROUBLE_PAUSE = 5.0
"""Seconds between two looks at whether the ledger can be written and providers serve."""
DELIVERY_PAUSE = 15.0
"""Seconds before the outbox is opened again, should it ever fail."""


async def all_rounds(
    alerts: Alerts,
    runaway: Runaway,
    admission: Admission,
    queries: Queries,
    ledger: Ledger,
    tally: Tally,
    clock: Clock,
    policy: Callable[[], Policy],
    *,
    landing: bool,
) -> None:
    """All of it, until it is cancelled. landing: whether to foretell that budgets will be used up."""
    ahead = Landing(alerts, admission, queries, clock)
    writing = LedgerTrouble(alerts, lambda: ledger.problem)
    serving = ProviderTrouble(alerts, tally)
    rounds = [
        again_and_again("the delivery of alerts", DELIVERY_PAUSE, alerts.run),
        again_and_again("the look at burn rates", BURN_PAUSE, lambda: judge(runaway, queries, clock)),
        again_and_again("the look at the ledger", TROUBLE_PAUSE, writing.look),
        again_and_again("the look at providers", TROUBLE_PAUSE, serving.look),
    ]
    if landing:
        rounds.append(again_and_again("the look ahead", LANDING_PAUSE, lambda: ahead.look(policy())))
    await asyncio.gather(*rounds)
