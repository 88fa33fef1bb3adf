"""Text out of nothing: the same number always gives the same words."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache

from gateway_core.simulated.tokens import BYTES_PER_TOKEN

_SUBJECTS = (
    "the request handler", "a background worker", "the cache layer", "this migration", "the retry loop",
    "the parser", "our fixture", "the connection pool", "a naïve implementation", "the scheduler",
    "the event bus", "each session", "the café demo", "the build step", "the feature flag",
)  # fmt: skip
_VERBS = (
    "keeps", "rejects", "measures", "rebuilds", "forwards", "splits", "rounds", "locks", "replays", "skips",
    "validates", "batches", "retries", "records", "drops",
)  # fmt: skip
_OBJECTS = (
    "the first byte", "stale rows", "every open stream", "two copies of the state",
    "an index on `created_at`", "the header → value map", "partial writes", "the slow path",
    "a résumé of the last turn", "its own timeout",
    "the failing test", "a UTF-8 boundary", "the oldest entry", "the user’s draft", "an empty list",
)  # fmt: skip
_TAILS = (
    "before the lock is taken", "when the queue is full", "so the test stays green", "without a round trip",
    "as long as nothing else writes", "which explains the latency", "and the log says why", "on every deploy",
    "until the next commit", "because order matters here", "in about 40 ms", "if the token has expired",
)  # fmt: skip

_CORPUS_BYTES = 1 << 17


@lru_cache(maxsize=1)
def _corpus() -> tuple[bytes, tuple[int, ...]]:
    """The text and where its sentences begin."""
    chance = random.Random(4141)
    text, starts = bytearray(), []
    while len(text) < _CORPUS_BYTES:
        starts.append(len(text))
        words = (_SUBJECTS, _VERBS, _OBJECTS, _TAILS)
        sentence = " ".join(chance.choice(choices) for choices in words)
        text += f"{sentence[0].upper()}{sentence[1:]}. ".encode()
        if chance.random() < 0.08:
            text += b"\n\n"
    return bytes(text), tuple(starts)


def prose(number: int, tokens: int) -> str:
    """Words that count exactly `tokens` tokens, chosen by `number`. No text for no tokens."""
    corpus, starts = _corpus()
    wanted = tokens * BYTES_PER_TOKEN
    start = starts[number % len(starts)]
    raw = corpus[start : start + wanted]
    while len(raw) < wanted:
        raw += corpus[: wanted - len(raw)]
    # A cut within a character loses its bytes; full stops make the length exact again.
    text = raw.decode(errors="ignore")
    return text + "." * (wanted - len(text.encode()))


def slices(text: str, count: int) -> Iterator[str]:
    """The text in `count` parts of nearly the same length; never an empty one."""
    count = max(1, min(count, len(text)))
    size, longer = divmod(len(text), count)
    start = 0
    for at in range(count):
        end = start + size + (at < longer)
        if end > start:
            yield text[start:end]
        start = end
