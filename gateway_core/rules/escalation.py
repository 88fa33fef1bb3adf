"""How much a cheap answer should be distrusted: checks that a person can repeat, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError, loads

from gateway_core.model.value import value

SEEN = 16_384
"""Characters of a prompt or an answer that are looked at: its end, where an answer says its result."""

_REFUSAL = re.compile(
    r"\b(?:I(?: am|'m|’m) (?:sorry|unable|not able)|I (?:cannot|can't|can’t|won't|won’t)|as an AI\b)",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:not sure|unsure|perhaps|maybe|it is unclear|cannot be determined|not enough information|"
    r"I think|I guess|assum(?:e|ing)|approximately|roughly|wait,|actually,)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_SUM = re.compile(
    r"(?<![\d.*/+\-x×÷])(\d[\d,]*(?:\.\d+)?)\s*([-+*/x×÷])\s*\$?(\d[\d,]*(?:\.\d+)?)\s*=\s*\$?(-?\d[\d,]*(?:\.\d+)?)"
)
_ASKS_JSON = re.compile(r"\bJSON\b")
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|old|long|far)\b|\bwhat (?:is|was) the (?:total|sum|average)\b", re.IGNORECASE
)
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)


@value
class Reason:
    """What one check found; value: what it adds to the distrust."""

    check: str
    value: float
    why: str


@value
class Distrust:
    """0 (nothing speaks against the answer) to 1, and the reasons that it is the sum of."""

    value: float
    reasons: tuple[Reason, ...]


def distrust(prompt: str, answer: str) -> Distrust:
    """How much an answer should be distrusted, without a model and without the right answer."""
    prompt, answer = prompt[-SEEN:], answer[-SEEN:].strip()
    if not answer:
        return Distrust(1.0, (Reason("empty", 1.0, "there is no answer"),))
    reasons = tuple(reason for check in CHECKS if (reason := check(prompt, answer)))
    return Distrust(min(1.0, sum(reason.value for reason in reasons)), reasons)


def _refusal(_: str, answer: str) -> Reason | None:
    found = _REFUSAL.search(answer[:400])
    return Reason("refusal", 0.6, f"it says {found.group()!r}") if found else None


def _broken_json(prompt: str, answer: str) -> Reason | None:
    if not _ASKS_JSON.search(prompt):
        return None
    fenced = _FENCE.search(answer)
    try:
        loads(fenced.group(1) if fenced else answer)
    except (JSONDecodeError, RecursionError):
        return Reason("json", 0.5, "JSON was asked for, and this is none")
    return None


def _no_number(prompt: str, answer: str) -> Reason | None:
    if _ASKS_NUMBER.search(prompt) and not _NUMBER.search(answer):
        return Reason("no number", 0.4, "a number was asked for, and none is there")
    return None


def _wrong_sum(_: str, answer: str) -> Reason | None:
    for found in _SUM.finditer(answer):
        left, sign, right, said = found.groups()
        if not _holds(_amount(left), sign, _amount(right), _amount(said)):
            return Reason("arithmetic", 0.4, f"{found.group()} is wrong")
    return None


def _hedging(_: str, answer: str) -> Reason | None:
    count = len(_HEDGE.findall(answer))
    return Reason("hedging", min(0.2, 0.07 * count), f"words of doubt: {count}") if count else None


def _cut_off(_: str, answer: str) -> Reason | None:
    if answer.count("```") % 2:
        return Reason("cut off", 0.3, "a block of code does not end")
    if len(answer) > 200 and answer[-1] in ",(:+=-*/":
        return Reason("cut off", 0.3, f"it ends in {answer[-1]!r}")
    return None


def _repetition(_: str, answer: str) -> Reason | None:
    lines = [line.strip() for line in answer.splitlines() if len(line.strip()) > 20]
    again = len(lines) - len(set(lines))
    return (
        Reason("repetition", min(0.3, 0.1 * again), f"lines that stand there again: {again}")
        if again
        else None
    )


def _numbers_left(prompt: str, answer: str) -> Reason | None:
    """Numbers of the question that the answer never uses, where it answers with numbers."""
    asked = set(_NUMBER.findall(prompt))
    if not _ASKS_NUMBER.search(prompt) or not asked:
        return None
    left = sorted(asked - set(_NUMBER.findall(answer)))
    share = len(left) / len(asked)
    return Reason("numbers left", 0.15 * share, f"it never uses {', '.join(left[:5])}") if left else None


CHECKS: tuple[Callable[[str, str], Reason | None], ...] = (
    _refusal,
    _broken_json,
    _no_number,
    _wrong_sum,
    _hedging,
    _cut_off,
    _repetition,
    _numbers_left,
)


def _amount(text: str) -> float:
    return float(text.replace(",", ""))


def _holds(left: float, sign: str, right: float, said: float) -> bool:
    if sign in "/÷":
        return right != 0 and abs(left / right - said) <= max(0.06, abs(said) * 0.01)
    result = {"+": left + right, "-": left - right}.get(sign, left * right)
    return abs(result - said) <= max(0.06, abs(said) * 0.01)
