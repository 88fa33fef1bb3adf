"""What people and second opinions have said of past answers, for trials of routes."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.http.admin.engine import Engine
from gateway_core.model.call import Target
from gateway_core.model.policy import Opinion
from gateway_core.rules.replaying.heard import Word
from gateway_core.store.instants import Micros


def heard(engine: Engine, since: Micros) -> dict[str, Word]:
    """By the id of the call. Reads the ledger: in a worker thread."""
    found = {id: Word(badly=bad > 0) for id, bad in engine.outcome_store.said(since).items()}
    strong = {each.name: str(strong_of(engine, each)) for each in engine.policies.current.opinions}
    for taken in engine.opinion_store.known(since):
        # A second opinion whose entry is gone, or names other models by now, tells nobody which was strong.
        sign = {taken.other: 1, taken.target: -1}.get(strong.get(taken.opinion, ""))
        if sign is not None and taken.gain is not None:
            word = found.get(taken.call_id, Word())
            found[taken.call_id] = replace(word, other=taken.other, better=sign * taken.gain)
    return found


def strong_of(engine: Engine, opinion: Opinion) -> Target | None:
    """The strong model of a second opinion; None where its name leads nowhere."""
    return engine.catalog.known(opinion.strong, at=engine.clock.now())
