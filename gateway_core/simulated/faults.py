"""What goes wrong: now and then by itself, or because a request asks for it."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal
from gateway_core.simulated.knobs import Fault as Moment
from gateway_core.simulated.knobs import Knobs, UsageFault, break_of, hang_of

_ABSURD = 1_000_000_000
_MISFORTUNES = (429, 500, 529)
_MESSAGES = {
    400: ("invalid_request", "The request was not accepted."),
    401: ("invalid_api_key", "Incorrect API key provided."),
    402: ("billing_not_active", "The account is not active; check the billing details."),
    403: ("permission_denied", "The key may not use this."),
    404: ("not_found", "There is nothing here."),
    429: ("rate_limit_exceeded", "Rate limit reached for requests. Try again later."),
    500: ("server_error", "The server had an error while processing your request."),
    503: ("unavailable", "The service is temporarily unavailable."),
    529: ("overloaded", "Overloaded"),
}


class Faults:
    """Deals out faults. The share of `fail_rate` is drawn call by call, so that a retry may pass."""

    def __init__(self, fail_rate: float, seed: int) -> None:
        self._rate = fail_rate
        self._chance = random.Random(seed)
        self._arrivals: Counter[str] = Counter()

    def misfortune(self, dialect: DialectName) -> None:
        """Raises a Refusal for the share of calls that fail by themselves.

        429 with Retry-After, 500, or overload: 529 of Anthropic, 503 of the others.
        """
        if self._rate and self._chance.random() < self._rate:
            status = self._chance.choice(_MISFORTUNES)
            if status == 529 and dialect is not DialectName.ANTHROPIC:
                status = 503
            raise _refusal(status, 1 if status == 429 else None)

    def strikes(self, knobs: Knobs, words: str, model: str) -> bool:
        """Whether the faults that the knobs ask for happen at this arrival of the same words.

        The words alone count, not the model: a fallback to another one is a further arrival.
        """
        if knobs.at is not None and knobs.at != model:
            return False
        if knobs.times is None:
            return True
        self._arrivals[words] += 1
        return self._arrivals[words] <= knobs.times


def refuse(knobs: Knobs) -> None:
    """Raises the Refusal of `status=…`."""
    if knobs.status is not None:
        raise _refusal(knobs.status, knobs.retry_after)


def _refusal(status: int, retry_after: int | None) -> Refusal:
    code, message = _MESSAGES.get(status, _MESSAGES[500])
    return Refusal(status, code, message, retry_after=retry_after)


def moments(knobs: Knobs, strikes: bool) -> tuple[Moment | None, Moment | None]:
    """The hang and the break of this call."""
    return (hang_of(knobs), break_of(knobs)) if strikes else (None, None)


def spoiled(usage: dict[str, Any], fault: UsageFault | None) -> dict[str, Any] | None:
    """A format's usage object with the fault in it; None for `void`."""
    if fault is None:
        return usage
    if fault == "void":
        return None
    if fault == "half":
        return {name: value for name, value in usage.items() if not _is_output(name)}
    return {name: _spoiled_value(value, fault) for name, value in usage.items()}


def _is_output(name: str) -> bool:
    return any(word in name.lower() for word in ("output", "completion", "candidates", "total"))


def _spoiled_value(value: Any, fault: UsageFault) -> Any:
    if isinstance(value, dict):
        return {name: _spoiled_value(inner, fault) for name, inner in value.items()}
    if isinstance(value, list):
        return [_spoiled_value(inner, fault) for inner in value]
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    match fault:
        case "absurd":
            return (value + 1) * _ABSURD
        case "negative":
            return -value - 1
        case "fraction":
            return value + 0.5
        case _:
            return f"{value} tokens"
