"""One attempt as the vital signs see it: whether it may go now, that it went, and how it ended."""

from __future__ import annotations

import os
from hashlib import blake2b
from math import ceil

from gateway_core.model.call import Target
from gateway_core.model.errors import Refusal
from gateway_core.pipeline.failures import refusal_of
from gateway_core.pipeline.passage import Passage, Trial
from gateway_core.pipeline.relay import header_of
from gateway_core.providers.catalog import Provider
from gateway_core.state.circuits import Place
from gateway_core.upstream import CREDENTIALS, Answer, UpstreamFailure

RESTING = "provider_resting"
"""The code of a refusal before a provider that fails call after call."""
_SECRET = os.urandom(16)


def place_of(call: Passage, provider: Provider, key: str | None) -> Place:
    """The provider and which key it is called with: a hash that means nothing outside of this process."""
    if key is None and provider.api_key == "client":
        sent = [value for name, value in call.request.raw_headers if name.lower() in CREDENTIALS]
        words = b"\0".join(sent)
    else:
        words = (key or "").encode()
    if not words:
        return provider.id, ""
    return provider.id, blake2b(words, key=_SECRET, digest_size=6).hexdigest()


def check_rest(call: Passage, target: Target, place: Place, *, others: bool) -> None:
    """Raises Refusal 503 while the provider rests. A model that the provider wants to be left alone with is
    passed over where there are others; the only one is asked, and its provider says no in its own words."""
    vitals = call.parts.vitals
    if vitals.circuits.untroubled:
        return
    rest = vitals.open_seconds(*place, target.model)
    if rest:
        why = vitals.circuits.why(place)
        raise Refusal(
            503,
            RESTING,
            f"{target.provider} failed call after call and is tried again every second; the last time: {why}",
            retry_after=ceil(rest),
        )
    pause = vitals.circuits.paused_seconds(place, target.model, call.parts.clock.monotonic())
    if pause and others:
        message = f"{target} wants to be left alone for {ceil(pause)} s more"
        raise Refusal(429, RESTING, message, retry_after=ceil(pause))


def sent(call: Passage, target: Target, place: Place) -> None:
    """The attempt goes out now."""
    vitals, now = call.parts.vitals, call.parts.clock.monotonic()
    vitals.circuits.sent(place, now)
    vitals.began(target)
    if target.provider not in call.asked_providers:
        vitals.retrying.called(target.provider, now)
        call.asked_providers.add(target.provider)
    call.trial = Trial(target, place, now)


def heard(call: Passage, ending: Answer | Refusal | UpstreamFailure) -> None:
    """What came of it: an answer of whatever status, or none."""
    trial = call.trial
    if trial is None or isinstance(ending, Refusal):
        return
    circuits, now = call.parts.vitals.circuits, call.parts.clock.monotonic()
    if isinstance(ending, UpstreamFailure) or ending.status >= 500:
        why = (
            f"{ending.status} from {trial.target}"
            if isinstance(ending, Answer)
            else refusal_of(ending, trial.target).message
        )
        if circuits.fault(trial.place, trial.target.model, trial.at, now, why):
            _tell(call, "warning", f"{trial.target.provider} rests, tried again every second: {why}")
        return
    if circuits.alive(trial.place, now):
        _tell(call, "info", f"{trial.target.provider} answers again")
    if ending.status == 429 and (seconds := _retry_after(ending)):
        circuits.pause(trial.place, trial.target.model, seconds, now)


def may_retry(call: Passage, target: Target) -> bool:
    """Whether the call may turn to that target after a failure: another provider always, one that it asked
    already by the retry budget, and not while that rests or wants to be left alone."""
    trial, now = call.trial, call.parts.clock.monotonic()
    if target.provider not in call.asked_providers:
        return True
    vitals = call.parts.vitals
    if trial is not None and trial.place[0] == target.provider:
        if vitals.open_seconds(*trial.place, target.model):
            return False
        if vitals.circuits.paused_seconds(trial.place, target.model, now):
            return False
    return vitals.retrying.take(target.provider, now)


def _retry_after(answer: Answer) -> float:
    """Seconds; 0.0 where it says nothing, or a date."""
    words = header_of(answer, b"retry-after")
    return float(words) if words.isdigit() else 0.0


def _tell(call: Passage, level: str, message: str) -> None:
    call.parts.bus.say(level, message)
