"""Escalation, where a route asks for it: a cheap model's whole answer is checked before the client sees it,
and where it is distrusted the next target is asked.

Both answers are attempts of one call, each held for, checked and booked by itself. Where the next one fails
or is refused, the client gets the first answer all the same, and the row says why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway_core.formats.bridge import Bridge
from gateway_core.formats.neutral.answer import Answer as Said
from gateway_core.formats.said import declined, is_cut, spoken, taken_answer, wanted_form
from gateway_core.model.call import Ask, Plan, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import AtLimit
from gateway_core.pipeline.failures import refusal_of
from gateway_core.pipeline.handing_on import Taken, give, hand_on, take
from gateway_core.pipeline.passage import Passage, Sent
from gateway_core.pipeline.record import Record
from gateway_core.pipeline.relay import Relayed, plain_body
from gateway_core.pipeline.tries import Ending, first_answer, first_ending, leave
from gateway_core.rules.escalation import Distrust, distrust
from gateway_core.rules.learning import doubted
from gateway_core.rules.settling import NOTHING
from gateway_core.rules.terms import Terms
from gateway_core.upstream import Answer


@dataclass(frozen=True, slots=True)
class Kept:
    """A distrusted answer, and the call as it stood with it."""

    taken: Taken
    record: Record
    """A copy, which nothing changes any more."""
    relayed: Relayed
    bridge: Bridge | None
    sent: Sent | None


@dataclass(frozen=True, slots=True)
class Broken:
    """An answer that began and did not come to its end."""

    refusal: Refusal


async def serve_answer(call: Passage, ask: Ask, targets: tuple[Target, ...]) -> None:
    """The answer of the first target that serves, checked on the way where the route says so."""
    answer = await first_answer(call, ask, targets)
    rest = _above(call, targets)
    if not rest or answer.status >= 400:
        await hand_on(call, ask, answer)
        return
    taken = await take(call, ask, answer)
    kept: Kept | None = None
    while rest and (found := _distrusted(call, ask, taken)) is not None:
        kept = await _set_aside(call, taken, found, rest[0])
        if kept is None:
            break
        ending = await _next(call, ask, rest)
        if not isinstance(ending, Taken):
            await _back_to(call, kept, ending)
            taken = kept.taken
            break
        taken, rest = ending, _above(call, targets)
    await give(call, taken)


def _above(call: Passage, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """The targets that come after the one that served, where the route escalates and no budget is so near
    its limit that cheaper targets come first."""
    record = call.record
    if record.plan is None or record.plan.escalate is None or record.target not in targets:
        return ()
    if call.parts.admission.near(call.facts(record.target), AtLimit.DOWNGRADE):
        return ()
    return targets[targets.index(record.target) + 1 :]


def _distrusted(call: Passage, ask: Ask, taken: Taken) -> Distrust | None:
    """What speaks against an answer, if it is enough."""
    plan = call.record.plan
    assert plan is not None and plan.escalate is not None
    body = b"".join(taken.pieces)
    answer = taken_answer(body if taken.stream else plain_body(taken.answer, body), ask, stream=taken.stream)
    if answer is None:
        return None
    found = _doubts(call, ask, answer)
    return found if found is not None and found.value >= plan.escalate else None


def _doubts(call: Passage, ask: Ask, answer: Said) -> Distrust | None:
    """What speaks against an answer, by what was learned where that surely beats the rule. Of one that calls
    tools nobody can tell more than how it ended."""
    words, cut = spoken(answer), is_cut(answer)
    # Without a candidate it is no refusal: nothing is there.
    refused = bool(answer.candidates) and declined(answer)
    if words is None and not (cut or refused):
        return None
    form = wanted_form(ask, call.request.body)
    terms = Terms(form is not None, form.schema if form else None, cut, refused)
    prompt = call.prompt(ask).last
    found = distrust(prompt, words or "", terms)
    lesson = call.parts.lessons.of_answers()
    return found if lesson is None else doubted(lesson, prompt, words or "", found)


async def _set_aside(call: Passage, taken: Taken, found: Distrust, next: Target) -> Kept | None:
    """The attempt ends with what it used: that is on record before the rest of its hold is given back. None
    where the ledger cannot be written: then the answer stands."""
    record, hold = call.record, call.hold
    assert hold is not None
    booking = call.booking(hold)
    record.held, record.held_input = booking.cost_nano, booking.usage.total_input
    record.held_output = booking.usage.output
    try:
        await call.put_on_record()
    except Refusal:
        record.holds(hold)
        return None
    call.settle()
    call.end_trial(failed=False)
    kept = Kept(taken, replace(record), call.relayed, call.bridge, call.sent)
    record.held = hold.nano
    checks = ", ".join(reason.check for reason in found.reasons)
    record.leave_attempt(taken.answer.status, f"distrusted {found.value:.2f}: {checks}", record.booking)
    record.set_aside += record.booking.cost_nano
    record.booking = NOTHING
    _say(record, f"{record.target} distrusted {found.value:.2f} ({checks}), asked {next}")
    call.answer = None
    call.relayed = Relayed(pieces=None if call.relayed.pieces is None and not call.relayed.kept else [])
    return kept


async def _next(call: Passage, ask: Ask, rest: tuple[Target, ...]) -> Taken | Broken | Ending:
    """The whole answer of the next target that serves, or how the last one ended."""
    ending = await first_ending(call, ask, rest)
    if not isinstance(ending, Answer) or ending.status >= 400:
        return ending
    try:
        return await take(call, ask, ending)
    except Refusal as refusal:
        return Broken(refusal)


async def _back_to(call: Passage, kept: Kept, ending: Broken | Ending) -> None:
    """The client gets the distrusted answer. An attempt that was sent meanwhile stays on record, and so the
    answer's own then does; else the row is as it would have been."""
    record, before = call.record, kept.record
    assert record.target is not None and before.target is not None
    why = _why(ending, record.target)
    if isinstance(ending, Broken):
        await _leave_half(call, why)
    else:
        await leave(call, record.target, ending)
    on_record = record.openings > before.openings
    record.begin_attempt(before.target, before.price)
    record.booking = NOTHING if on_record else before.booking
    if not on_record:
        record.earlier, record.attempts = before.earlier, before.attempts
    record.set_aside = before.set_aside
    record.translated, record.dropped, record.marked = before.translated, before.dropped, before.marked
    record.sent_at, record.first_byte_at, record.last_byte_at = (
        before.sent_at, before.first_byte_at, before.last_byte_at,
    )  # fmt: skip
    record.provider_request_id, record.ask, record.cut = before.provider_request_id, before.ask, False
    record.http_status, record.error = kept.taken.answer.status, None
    _say(record, f"{why}, so the first answer stands")
    call.answer, call.relayed = kept.taken.answer, kept.relayed
    call.bridge, call.sent = kept.bridge, kept.sent
    # What is distrusted is not answered again to others.
    call.hold, call.shares = None, False


async def _leave_half(call: Passage, why: str) -> None:
    """An answer that broke off on its way: what came of it is booked, and on record before the rest of the
    hold is given back."""
    record, hold = call.record, call.hold
    assert call.answer is not None
    call.answer.abort()
    call.end_trial(failed=True)
    booking = NOTHING if hold is None else call.booking(hold)
    record.leave_attempt(None, why, booking)
    await call.put_on_record()
    if hold is not None:
        call.hold = None
        call.parts.admission.settle(hold, nano=booking.cost_nano, tokens=booking.usage.total)


def _why(ending: Broken | Ending, target: Target) -> str:
    if isinstance(ending, Answer):
        return f"{target} answered {ending.status}"
    failure = ending.refusal if isinstance(ending, Broken) else ending
    return f"{target}: {refusal_of(failure, target).code}"


def _say(record: Record, more: str) -> None:
    plan = record.plan or Plan((), None, "")
    record.plan = replace(plan, reason=f"{plan.reason}; {more}")
