"""What a failed attempt means: for the next target, and for the client."""

from __future__ import annotations

from gateway_core.model.call import DialectName, Target
from gateway_core.model.errors import NO_KEY, Refusal
from gateway_core.providers.catalog import Provider
from gateway_core.upstream import Answer, UpstreamFailure

_NOT_HERE = frozenset({401, 403, 404, 408, 429})
"""Statuses that say 'not here' rather than 'not so': another target may serve the same call."""
_PATHS = {
    DialectName.OPENAI_CHAT: "/v1/chat/completions",
    DialectName.OPENAI_RESPONSES: "/v1/responses",
    DialectName.ANTHROPIC: "/v1/messages",
    DialectName.GEMINI: "/v1beta/models/…:generateContent",
}


def is_fault(status: int) -> bool:
    """Whether a status speaks against who gave it: not where the call itself was wrong."""
    return status >= 500 or (status in _NOT_HERE and status != 404)


def try_next(status: int) -> bool:
    """Whether another target may do better than one that answered with this status."""
    return status >= 500 or status in _NOT_HERE


def retries_same(ending: Answer | Refusal | UpstreamFailure) -> bool:
    """Whether the same target may be asked again: it never had the call, or answered that it did not take
    it. After a silence it may be at work on it."""
    if isinstance(ending, UpstreamFailure):
        return not ending.sent
    return isinstance(ending, Answer) and (ending.status >= 500 or ending.status == 429)


def refusal_of(failure: Refusal | UpstreamFailure, target: Target | None) -> Refusal:
    """What the client is told: a refusal as it is, a failure as 502 or 504."""
    if isinstance(failure, Refusal):
        return failure
    if failure.kind == "timeout":
        return Refusal(504, "provider_timeout", f"{target} did not answer in time: {failure.message}")
    return Refusal(502, "provider_unreachable", f"{target} could not be reached: {failure.message}")


def no_key(provider: Provider) -> Refusal:
    """There is no key for a provider that needs one."""
    ways = ", or ".join(provider.ways_to_a_key)
    return Refusal(401, NO_KEY, f"no key for {provider.title}; {ways}")


def other_format(target: Target, provider: Provider, dialect: DialectName) -> Refusal:
    """The model is served in other formats only than the one that was asked in."""
    paths = " or ".join(_PATHS[each] for each in provider.dialects)
    return Refusal(
        400,
        "other_format",
        f"{target} is not served in the format of {_PATHS[dialect]}; call it at {paths}",
    )
