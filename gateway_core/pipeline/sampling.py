"""Which calls are asked again of another model once they have been answered, for a second opinion."""

from __future__ import annotations

from functools import partial
from zlib import crc32

from gateway_core.model.call import Ask, Operation, Target
from gateway_core.model.policy import Opinion
from gateway_core.pipeline.passage import Passage
from gateway_core.rules.opinions.whose import pair_due
from gateway_core.rules.routing.conditions import conditions_of

MOST_BODY = 512 * 1024
"""Bytes of a request that is kept until it is asked again."""


def sample(call: Passage, ask: Ask, targets: tuple[Target, ...]) -> None:
    """Marks a call that is to be asked again: its answer is then gathered on its way to the client."""
    opinions = call.parts.policy.opinions
    if not opinions or not _can_be_asked_again(call, ask):
        return
    opinion = next((each for each in opinions if _is_about(call, each, targets[0])), None)
    if opinion is not None:
        call.sampled = opinion, ask
        if call.relayed.pieces is None:
            call.relayed.pieces = []


def _can_be_asked_again(call: Passage, ask: Ask) -> bool:
    """One answer in words, that hangs on nothing which only its own provider keeps or does."""
    return (
        ask.operation is Operation.GENERATE
        and call.request.aside is None
        and not (ask.server_tools or ask.by_reference or ask.other_output or ask.later)
        and ask.candidates == 1
        and len(call.request.body) <= MOST_BODY
        and not call.parts.policy.panics
        and call.parts.opinions.why_none is None
    )


def _is_about(call: Passage, opinion: Opinion, first: Target) -> bool:
    if not opinion.enabled or crc32(f"{opinion.name} {call.record.id}".encode()) >= opinion.share * 2**32:
        return False
    situation = call.situation
    known = partial(call.parts.catalog.known, at=call.record.arrived)
    if situation is None or pair_due(opinion, first, known) is None:
        return False
    if call.parts.opinions.why_not(opinion) is not None:
        return False
    return all(condition.holds(situation) for condition in conditions_of(opinion.when))
