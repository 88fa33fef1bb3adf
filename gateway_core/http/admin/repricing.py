"""Past calls at the prices of today: what would change, and the change."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gateway_core.clock import instant_text
from gateway_core.http.admin.engine import Engine
from gateway_core.model.call import Target
from gateway_core.model.money import Nano
from gateway_core.model.rows import Certainty, Correction
from gateway_core.providers.prices import PriceBook
from gateway_core.rules.repricing import Booked, Repriced, Stays, repriced
from gateway_core.store.instants import Micros, text
from gateway_core.store.queries.usages import Used

WHO = "prices fix"
_BATCH = 500
"""Corrections of one transaction."""


@dataclass(slots=True)
class Change:
    """The calls of one model that a price changes."""

    calls: int = 0
    unpriced: int = 0
    """Those of them that had no price."""
    before: Nano = 0
    after: Nano = 0


@dataclass(slots=True)
class Fix:
    """What was looked at, what changes by 'provider/model', and how many calls stay, by the reason."""

    looked_at: int = 0
    changes: dict[str, Change] = field(default_factory=dict)
    stays: Counter[Stays] = field(default_factory=Counter)


class Past:
    """The price books that were in force, by when."""

    def __init__(self, engine: Engine) -> None:
        self._since: list[Micros] = []
        self._books: list[PriceBook] = []
        for at, prices in engine.store.prices_by_time():
            self._since.append(at)
            self._books.append(engine.prices.with_user(prices))
        self.now = engine.prices

    def at(self, moment: Micros) -> PriceBook:
        """The book of a moment, as far as the policy log goes back."""
        place = bisect_right(self._since, moment)
        return self._books[max(place - 1, 0)] if self._books else self.now


def fix(
    engine: Engine, since: str | None, until: str | None, model: tuple[str, str | None] | None, apply: bool
) -> Fix:
    """Prices the calls of a range anew. `model`: a provider and one of its models, or all of them.

    Reads and writes the ledger for as long as that takes: in a worker thread. Calls that somebody else has
    corrected since keep that word.
    """
    found, past = Fix(), Past(engine)
    provider, name = model or (None, None)
    at = instant_text(engine.clock.now())
    for page in engine.queries.used(since, until, provider, name):
        words = list(_corrections(page, past, found, at))
        if apply:
            for start in range(0, len(words), _BATCH):
                engine.ledger.correct(words[start : start + _BATCH])
    return found


def _corrections(page: Sequence[Used], past: Past, found: Fix, at: str) -> Iterator[Correction]:
    for call in page:
        if call.who not in (None, WHO):
            continue
        found.looked_at += 1
        answer = _priced(call, past)
        if isinstance(answer, Stays):
            found.stays[answer] += 1
            continue
        if (answer.cost_nano, answer.certainty) == (call.now_nano, call.now_certainty):
            continue
        change = found.changes.setdefault(f"{call.provider}/{call.model}", Change())
        change.calls += 1
        change.unpriced += call.now_certainty is Certainty.UNPRICED
        change.before += call.now_nano
        change.after += answer.cost_nano
        why = f"priced anew with {answer.price_id}"
        yield Correction(call.id, at, WHO, why, answer.cost_nano, answer.certainty, answer.price_id)


def _priced(call: Used, past: Past) -> Repriced | Stays:
    moment = datetime.fromisoformat(text(call.started_at))
    old, new, target = past.at(call.started_at), past.now, Target(call.provider, call.model)
    return repriced(
        Booked(call.usage, call.cost_nano, call.certainty, call.price_id, call.outcome, call.doubtful),
        old.find(call.provider, call.model, moment),
        new.find(call.provider, call.model, moment),
        price_before=old.beside(target, moment),
        price_after=new.beside(target, moment),
    )
