"""What a learned model sees of a prompt and of an answer: the rule's signs, and hashes of words."""

from __future__ import annotations

from math import sqrt
from zlib import crc32

from gateway_core.rules.complexity import ENOUGH, Score, measure, share
from gateway_core.rules.escalation import Distrust, distrust
from gateway_core.rules.saying import saying
from gateway_core.rules.signs import byte_words, read, shortened

BUCKETS = 1 << 20
MOST_WORDS = 400
_RULE = 8.0
"""How much dearer it is to leave the rule than to follow a sign."""
_SIGNS = 0.35
_CHECKS = 4.0
_SAID = 0.6
_WORDS = 1.2
_OTHERS = ("length", "plain words", "options", "lines")


def hashes(text: str) -> tuple[int, ...]:
    """Hashes of the words and pairs of words of a text, each once, sorted: their order is not kept."""
    words = byte_words(shortened(text).lower())[:MOST_WORDS]
    pairs = map(b" ".join, zip(words, words[1:], strict=False))
    return tuple(sorted({code % BUCKETS for code in map(crc32, {*words, *pairs})}))


def of_prompt(text: str, score: Score | None = None) -> dict[str, float]:
    """The features of a prompt; score: the rule's, where it is known already."""
    found = signs_of(text, score)
    return found | words_as_features(hashes(text))


def signs_of(text: str, score: Score | None = None) -> dict[str, float]:
    """The features of a prompt without its words."""
    signs = read(text)
    rule = (score or measure(text)).value
    found = {"rule": _RULE * rule, f"kind {signs.kind}": _SIGNS}
    for name in (*ENOUGH, *_OTHERS):
        amount = share(signs, name)
        if amount:
            found[name] = _SIGNS * amount
    return found


def words_as_features(words: tuple[int, ...], weight: float = _WORDS, form: str = "#%d") -> dict[str, float]:
    """Words by their hash, so weighed that a long text counts no more than a short one."""
    amount = weight / sqrt(len(words) or 1)
    return dict.fromkeys(map(form.__mod__, words), amount)


def of_answer(prompt: str, answer: str, found: Distrust | None = None) -> dict[str, float]:
    """The features of an answer to a prompt; found: the rule's distrust, where it is known already."""
    found = found or distrust(prompt, answer)
    reasons = {f"check {reason.check}": _CHECKS * reason.value for reason in found.reasons}
    features = {f"asked {name}": amount for name, amount in signs_of(prompt).items() if name != "rule"}
    features |= {f"said {name}": _SAID * share for name, share in saying(answer).items()}
    features |= words_as_features(hashes(prompt), _WORDS / 2)
    features |= words_as_features(hashes(answer), form="#said %d")
    return features | reasons | {"rule": _RULE * found.value}
