"""Second opinions, one after the other, beside the calls of clients: asks an answered call again of the other
model, and holds both answers together, by checks, and by a judge where no check can tell."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from functools import partial

import msgspec

from gateway_core.formats.conversation import told_around
from gateway_core.formats.neutral.answer import Answer
from gateway_core.formats.neutral.request import ToolCall
from gateway_core.formats.said import is_cut, read_said, wanted_form, words_of
from gateway_core.model.call import ANY_THINKING, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Purpose
from gateway_core.pipeline.answers import said_in
from gateway_core.pipeline.aside import Payer, Serve, Waiting, again, for_opinion, posted
from gateway_core.pipeline.bridging import serves
from gateway_core.pipeline.exchange import Aside, Inbound
from gateway_core.pipeline.opinions import First
from gateway_core.pipeline.parts import Parts
from gateway_core.rules.opinions.checks import Asked, Said, Verdict, check
from gateway_core.rules.opinions.judging import question, verdict
from gateway_core.rules.opinions.whose import pair_due
from gateway_core.store.opinions import Taken

LEAST_OUTPUT, TIMES_OUTPUT = 4_096, 4
"""Output tokens that the other model may use: so many, or so many times those of the first answer."""
JUDGES_OUTPUT = 2_048
_OF_ITS_OWN = (400, 413)
"""Refused for what is in that one call: the next may well be taken."""


async def look(parts: Parts, serve: Serve) -> None:
    """Takes the calls one by one that are to be asked again, for ever."""
    while True:
        first = await parts.opinions.waiting.get()
        await _apart(_compare(parts, first, serve))


async def _apart(work: Coroutine[None, None, None]) -> None:
    """Does the work in a task of its own: it may be ended where it stands, to give way, and it alone."""
    task = asyncio.create_task(work)  # noqa: TID251 - awaited in the next lines
    try:
        await asyncio.wait({task})
    finally:
        task.cancel()
    if not task.cancelled():
        task.result()


async def _compare(parts: Parts, first: First, serve: Serve) -> None:
    other = _other(parts, first)
    if other is None:
        return
    reason = f"second opinion {first.opinion.name} on call {first.call_id}: {other} after {first.target}"
    shadow = again(parts.clock, first.request, first.tags)
    waiting = await _asked(parts, first, shadow, Aside(Purpose.SHADOW, other, reason, _most(first)), serve)
    if waiting is None:
        return
    mine, theirs = said_in(first.ask, first.answer), _read(first, waiting)
    if mine is None or theirs is None:
        return
    found, judge_id, judged = await _verdict(
        parts, first, serve, *_in_order(parts, first, _said(mine), _said(theirs))
    )
    taken = Taken(
        call_id=first.call_id,
        opinion=first.opinion.name,
        target=str(first.target),
        other=str(other),
        shadow_id=shadow.id,
        judge_id=judge_id,
        gain=found.gain,
        how=found.how,
    )
    parts.opinions.keep(first, taken, judged=judged)


def _most(first: First) -> int:
    """Output tokens that the other model may use, and what it was asked to think beside them."""
    thinking = first.ask.thinking or 0
    most = max(LEAST_OUTPUT, TIMES_OUTPUT * first.answer.usage.output)
    return most + (thinking if thinking < ANY_THINKING else 0)


def _other(parts: Parts, first: First) -> Target | None:
    """The model that is asked again; None where the policy, or a switch that was thrown, no longer wants it,
    or where it cannot take the call."""
    if not _is_wanted(parts, first):
        return None
    pair = pair_due(first.opinion, first.target, partial(_known, parts))
    if pair is None:
        return None
    other = pair.other(first.target)
    provider = parts.catalog.serving(other)
    # A login of the client's own is for its own calls.
    return other if provider.api_key != "client" and serves(provider, first.ask) else None


def _is_wanted(parts: Parts, first: First) -> bool:
    """Whether the policy in force still has the opinion; its budget goes with it."""
    return first.opinion in parts.policy.opinions and first.opinion.enabled and not parts.policy.panics


def _known(parts: Parts, name: str) -> Target | None:
    return parts.catalog.known(name, at=parts.clock.now())


async def _asked(parts: Parts, first: First, request: Inbound, aside: Aside, serve: Serve) -> Waiting | None:
    """The whole answer to a call of ours; None where there is none."""
    waiting = Waiting()
    await serve(parts, for_opinion(request, aside, first.opinion.name), waiting)
    if waiting.refused and waiting.status not in _OF_ITS_OWN:
        parts.opinions.rest(first.opinion, waiting.refused)
    return waiting if waiting.status == 200 and not waiting.refused else None


def _read(first: First, waiting: Waiting) -> Answer | None:
    try:
        return read_said(first.ask, waiting.plain(), waiting.kind)
    except Refusal:
        return None


def _said(answer: Answer) -> Said:
    parts = answer.candidates[0].parts if answer.candidates else ()
    calls = tuple((part.name, part.arguments) for part in parts if isinstance(part, ToolCall))
    return Said(words_of(answer), calls, is_cut(answer))


def _in_order(parts: Parts, first: First, mine: Said, theirs: Said) -> tuple[Said, Said]:
    """The cheap model's answer, and the strong one's."""
    is_cheap = first.target == _known(parts, first.opinion.cheap)
    return (mine, theirs) if is_cheap else (theirs, mine)


async def _verdict(
    parts: Parts, first: First, serve: Serve, cheap: Said, strong: Said
) -> tuple[Verdict, str | None, bool]:
    """Which is better, the id of the judge's call where one was made, and whether it was the judge who said
    so: what one cost that did not answer is a cost of the opinion too."""
    found = check(_wanted(first), cheap, strong)
    judge = _known(parts, first.opinion.judge) if first.opinion.judge else None
    if found.sure or judge is None or not _is_wanted(parts, first):
        return found, None, False
    strong_first = bool(int(first.call_id[-1], 36) % 2)
    around = told_around(first.ask, first.request.body)
    words = question(first.prompt, cheap, strong, around=around, strong_first=strong_first)
    request = _to_judge(parts, first, judge, words)
    reason = f"second opinion {first.opinion.name} on call {first.call_id}: {judge} compares the answers"
    waiting = await _asked(parts, first, request, Aside(Purpose.JUDGE, judge, reason, JUDGES_OUTPUT), serve)
    if waiting is None:
        return replace(found, how=f"{found.how}; {judge} did not answer"), request.id, False
    said = _read(replace(first, ask=replace(first.ask, dialect=request.dialect, stream=False)), waiting)
    return verdict(words_of(said) if said else "", str(judge), strong_first=strong_first), request.id, True


def _to_judge(parts: Parts, first: First, judge: Target, words: str) -> Inbound:
    payer = Payer(first.request.token, first.tags)
    body = msgspec.json.encode({"model": str(judge), "messages": [{"role": "user", "content": words}]})
    return posted(parts.clock, payer, Operation.GENERATE, "/chat/completions", body)


def _wanted(first: First) -> Asked:
    """What the request wants of its answer's form."""
    output = wanted_form(first.ask, first.request.body)
    return Asked(first.prompt, output is not None, output.schema if output else None)
