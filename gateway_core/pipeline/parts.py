"""What a request meets on its way: every part of the gateway that its steps may need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from gateway_core.admission import Admission
from gateway_core.alerts import Alerts
from gateway_core.bus import Bus
from gateway_core.clock import Clock
from gateway_core.coach import Coach
from gateway_core.lessons import Lessons
from gateway_core.model.policy import Policy
from gateway_core.pipeline.answers import AnswerCache
from gateway_core.pipeline.likenesses import Likenesses
from gateway_core.pipeline.live import LiveCall
from gateway_core.pipeline.opinions import Opinions
from gateway_core.pipeline.outcomes import Outcomes
from gateway_core.pipeline.repeats import Repeats
from gateway_core.providers.catalog import Catalog
from gateway_core.providers.prices import PriceBook
from gateway_core.runaway import Runaway
from gateway_core.state.pins import Pins
from gateway_core.state.vitals import Vitals
from gateway_core.store.ledger import Ledger
from gateway_core.store.messages import MessageStore
from gateway_core.tally import Tally
from gateway_core.upstream import Upstream
from gateway_core.vault import Vault


@dataclass(slots=True)
class Parts:
    """What a request meets on its way. `policy`, `catalog`, `prices`, `mode` and `tag_names` are swapped
    whole."""

    clock: Clock
    policy: Policy
    catalog: Catalog
    prices: PriceBook
    mode: str
    tag_names: Mapping[tuple[str, str], str]
    """What the values of tags were renamed to, by key and value."""
    timezone: tzinfo
    """That of budgets and reports."""
    retries: int
    strict: bool
    admission: Admission
    ledger: Ledger
    cache: AnswerCache
    alike: Likenesses
    repeats: Repeats
    pins: Pins
    vitals: Vitals
    upstream: Upstream
    vault: Vault
    bus: Bus
    live: dict[str, LiveCall]
    tally: Tally
    alerts: Alerts
    runaway: Runaway
    lessons: Lessons
    outcomes: Outcomes
    opinions: Opinions
    coach: Coach
    messages: MessageStore
