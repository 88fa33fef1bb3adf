"""How much a cheap answer should be distrusted: checks that a person can repeat, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from math import log2

from gateway_core.model.value import value
from gateway_core.rules.answered import NO_JSON, NUMBERS, RESULTS, json_in
from gateway_core.rules.arithmetic import Sum, sums
from gateway_core.rules.complexity import measure
from gateway_core.rules.signs import Kind, read
from gateway_core.rules.terms import UNKNOWN, Terms, broken

SEEN = 16_384
"""Characters of a prompt or an answer that are looked at: its end, where an answer says its result."""

_RECKONED = frozenset({Kind.NUMBERS, Kind.MATHS})
_CHECKABLE = _RECKONED | {Kind.CHOICE}
_REFUSAL = re.compile(
    r"\b(?:I(?: am|'m|’m) (?:sorry|unable|not able)|I (?:cannot|can't|can’t|won't|won’t)|as an AI\b)",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:not sure|unsure|perhaps|maybe|it is unclear|cannot be determined|not enough information|"
    r"not possible|impossible|I think|I guess|assum(?:e|ing)|approximately|roughly|wait,|actually,|however,|"
    r"mistake|seems?|none of the|closest|not (?:listed|given|provided))\b",
    re.IGNORECASE,
)
_NOTES = re.compile(r"<<[^<>]{0,80}>>")
_ASKS_JSON = re.compile(r"\bJSON\b")
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|old|long|far)\b|\bwhat (?:is|was) the (?:total|sum|average)\b", re.IGNORECASE
)
_COUNTS = re.compile(r"\bhow many\b", re.IGNORECASE)
_PARTS = re.compile(r"\bhow many (?:hours|days|weeks|months|years|miles|pounds|ounces|cups|dollars)", re.I)
_FINAL = re.compile(r"####|\banswer(?: is|:)|\\boxed|\btherefore\b|\bso,? ", re.IGNORECASE)
_LETTER = re.compile(
    r"(?:answer|option|choice)\W{0,4}(?:is)?\W{0,6}[A-P]\b|^\W{0,9}[A-P]\b\W{0,9}$|\([A-P]\)", re.I | re.M
)

_EQUALS = re.compile(r"=\s*\$?\s*(-?\d[\d,]*(?:\.\d+)?)")
_OPTION = re.compile(r"^\(?([A-J])[.)] ?([^\n]*)", re.M)
_CHOSEN = re.compile(r"\b[A-J]\b")
_BARE = 30
"""Characters up to which an answer is nothing but its result."""


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
    certain: bool = False
    """What speaks against it is no sign but a fact: nothing that was learned outweighs it."""


@value
class Given:
    """A question and its answer, as the checks see them; notes are what calculators leave in an answer."""

    prompt: str
    answer: str
    kind: Kind
    sums: tuple[Sum, ...]
    asked: frozenset[str]
    numbers: tuple[str, ...]
    whole: str
    """The answer from its first character on."""

    @property
    def wants_number(self) -> bool:
        return self.kind is not Kind.CHOICE and bool(_ASKS_NUMBER.search(self.prompt))


def distrust(prompt: str, answer: str, terms: Terms = UNKNOWN) -> Distrust:
    """How much an answer should be distrusted, without a model and without the right answer.

    Where it does not keep the terms, the distrust is 1 and signs are not asked.
    """
    if facts := broken(terms, answer):
        return _certain(Reason(check, 1.0, why) for check, why in facts)
    whole = answer
    prompt, answer = prompt[-SEEN:], _NOTES.sub("", answer[-SEEN:]).strip()
    if not answer:
        return _certain([Reason("empty", 1.0, "there is no answer")])
    given = look(prompt, answer, whole)
    reasons = tuple(reason for check in CHECKS if (reason := check(given)))
    return Distrust(min(1.0, sum(reason.value for reason in reasons)), reasons)


def _certain(reasons: Iterable[Reason]) -> Distrust:
    return Distrust(1.0, tuple(reasons), certain=True)


def look(prompt: str, answer: str, whole: str) -> Given:
    """What the checks ask of an answer, read once."""
    return Given(
        prompt,
        answer,
        read(prompt).kind,
        tuple(sums(answer)),
        frozenset(NUMBERS.findall(prompt)),
        tuple(NUMBERS.findall(answer)),
        whole,
    )


def _refusal(given: Given) -> Reason | None:
    found = _REFUSAL.search(given.answer[:400])
    return Reason("refusal", 0.6, f"it says {found.group()!r}") if found else None


def _broken_json(given: Given) -> Reason | None:
    if _ASKS_JSON.search(given.prompt) and json_in(given.whole) is NO_JSON:
        return Reason("json", 0.5, "JSON was asked for, and this is none")
    return None


def _no_number(given: Given) -> Reason | None:
    if given.wants_number and not given.numbers:
        return Reason("no number", 0.4, "a number was asked for, and none is there")
    return None


def _no_choice(given: Given) -> Reason | None:
    if given.kind is Kind.CHOICE and not _LETTER.search(given.answer):
        return Reason("no choice", 0.3, "none of the options is named as the answer")
    return None


def _no_final(given: Given) -> Reason | None:
    if given.kind is Kind.NUMBERS and len(given.answer) > 80 and not _FINAL.search(given.answer):
        return Reason("no final answer", 0.06, "it never says which number is the answer")
    return None


def _two_finals(given: Given) -> Reason | None:
    finals = {said.rstrip(".,").upper() for said in RESULTS.findall(given.answer)}
    if len(finals) > 1:
        return Reason("two answers", 0.25, f"it says {' and '.join(sorted(finals)[:3])}")
    return None


def _wrong_sum(given: Given) -> Reason | None:
    wrong = [each.text for each in given.sums if not each.holds]
    return Reason("arithmetic", 0.4, f"{wrong[0]} is wrong") if wrong else None


def _unproven(given: Given) -> Reason | None:
    """A number that was to be reckoned, with fewer sums than it takes."""
    if given.kind is not Kind.NUMBERS or len(given.sums) >= 3:
        return None
    return Reason("few sums", 0.02 * (3 - len(given.sums)), f"sums written out: {len(given.sums)}")


def _unreckoned(given: Given) -> Reason | None:
    """A final number that is not what the last of its sums comes to."""
    results = _EQUALS.findall(given.answer)
    if given.kind not in _RECKONED or not given.sums or not results:
        return None
    final, last = given.numbers[-1], results[-1]
    if _number(final) == _number(last):
        return None
    return Reason("unreckoned", 0.1, f"it ends with {final}, and its last sum with {last}")


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _option_unnamed(given: Given) -> Reason | None:
    """A choice that is explained, without the words of the option that is chosen."""
    if given.kind is not Kind.CHOICE or len(given.answer) <= _BARE:
        return None
    letters = _CHOSEN.findall(given.answer)
    words = dict(_OPTION.findall(given.prompt)).get(letters[-1], "").strip() if letters else ""
    if words and words.lower() in given.answer.lower():
        return None
    return Reason("option unnamed", 0.2, "it does not say in words what it chooses")


def _implausible(given: Given) -> Reason | None:
    if not given.numbers or given.kind is not Kind.NUMBERS:
        return None
    final = given.numbers[-1]
    counts = _COUNTS.search(given.prompt)
    if counts and final.startswith("-"):
        return Reason("implausible", 0.3, f"{final} cannot be a count")
    if not _number(final).is_integer():
        whole = counts and not _PARTS.search(given.prompt)
        return Reason("implausible", 0.2 if whole else 0.08, f"{final} is no whole number")
    return None


def _hedging(given: Given) -> Reason | None:
    count = len(_HEDGE.findall(given.answer))
    return Reason("hedging", min(0.2, 0.07 * count), f"words of doubt: {count}") if count else None


def _cut_off(given: Given) -> Reason | None:
    if given.answer.count("```") % 2:
        return Reason("cut off", 0.3, "a block of code does not end")
    if len(given.answer) > 200 and given.answer[-1] in ",(:+=-*/":
        return Reason("cut off", 0.3, f"it ends in {given.answer[-1]!r}")
    return None


def _repetition(given: Given) -> Reason | None:
    lines = [line.strip() for line in given.answer.splitlines() if len(line.strip()) > 20]
    again = len(lines) - len(set(lines))
    return (
        Reason("repetition", min(0.3, 0.1 * again), f"lines that stand there again: {again}")
        if again
        else None
    )


def _numbers_left(given: Given) -> Reason | None:
    """Numbers of the question that the answer never uses, where it answers with numbers."""
    if given.kind is Kind.CHOICE or not given.wants_number or not given.asked:
        return None
    left = sorted(given.asked - set(given.numbers))
    share = len(left) / len(given.asked)
    return Reason("numbers left", 0.08 * share, f"it never uses {', '.join(left[:5])}") if left else None


def _long(given: Given) -> Reason | None:
    """Of questions with one right answer, those that take long are the ones that go wrong."""
    share = min(1.0, max(0.0, (log2(1 + len(given.answer)) - 6) / 6))
    if given.kind not in _CHECKABLE and given.kind is not Kind.CODE:
        return None
    return Reason("long", 0.15 * share, f"it takes {len(given.answer)} characters") if share else None


def _hard(given: Given) -> Reason | None:
    score = measure(given.prompt).value
    return Reason("hard question", 0.4 * score, f"the question scores {score:.2f}")


CHECKS: tuple[Callable[[Given], Reason | None], ...] = (
    _refusal,
    _broken_json,
    _no_number,
    _no_choice,
    _no_final,
    _two_finals,
    _wrong_sum,
    _unreckoned,
    _option_unnamed,
    _implausible,
    _hedging,
    _cut_off,
    _repetition,
    _numbers_left,
    _unproven,
    _long,
    _hard,
)
