"""The models that exist in the simulation: which names are known, how fast they are, whether they think."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from gateway_core.model.call import DialectName, Operation

OPENAI = (
    "gpt-5.5", "gpt-5.6-terra", "gpt-5.6-luna", "gpt-5.1", "gpt-5-mini", "gpt-5-nano", "gpt-4.1",
    "gpt-4o-mini", "o4-mini", "text-embedding-3-small", "text-embedding-3-large",
)  # fmt: skip
ANTHROPIC = (
    "claude-fable-5-2", "claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-sonnet-4-5",
    "claude-haiku-4-5",
)  # fmt: skip
GEMINI = (
    "gemini-3.1-pro-preview", "gemini-3.8-flash", "gemini-3.5-flash-lite", "gemini-2.5-pro",
    "gemini-2.5-flash", "gemini-embedding-001",
)  # fmt: skip

_OPENAI_TEXT = ("gpt-*", "chatgpt-*", "o[0-9]*")
_OPENAI_EMBED = ("text-embedding-*",)
_PATTERNS = {
    (DialectName.OPENAI_CHAT, Operation.GENERATE): _OPENAI_TEXT,
    (DialectName.OPENAI_RESPONSES, Operation.GENERATE): _OPENAI_TEXT,
    (DialectName.OPENAI_CHAT, Operation.EMBED): _OPENAI_EMBED,
    (DialectName.ANTHROPIC, Operation.GENERATE): ("claude-*",),
    (DialectName.GEMINI, Operation.GENERATE): ("gemini-*",),
    (DialectName.GEMINI, Operation.EMBED): ("gemini-*", "text-embedding-*", "embedding-*"),
}
_SMALL = re.compile(r"nano|mini(?!\w)|haiku|flash|lite|luna")
_LARGE = re.compile(r"opus|fable|mythos|(?<!\w)pro(?!\w)|gpt-5\.5|sol\b")
_THINKS = re.compile(r"gpt-5|gpt-[6-9]|o\d|gemini-(2\.5|[3-9])")
_CACHES_LATE = re.compile(r"opus-4-[567]|haiku-4-5|mythos")
_WRITES_CACHE = re.compile(r"gpt-(5\.([6-9]|\d\d)|[6-9])")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds until the first byte, and tokens a second from then on."""

    first: float
    tokens: float


_PACES = {"small": Pace(0.25, 180.0), "middle": Pace(0.6, 90.0), "large": Pace(1.1, 50.0)}


def exists(dialect: DialectName, operation: Operation, model: str, more: tuple[str, ...]) -> bool:
    """Whether an endpoint serves this name: its own families, `sim-…`, and the patterns of the options."""
    patterns = ("sim-*", *_PATTERNS[dialect, operation], *more)
    return any(fnmatchcase(model, pattern) for pattern in patterns)


def pace(model: str) -> Pace:
    if _SMALL.search(model):
        return _PACES["small"]
    return _PACES["large" if _LARGE.search(model) else "middle"]


def thinks(model: str) -> bool:
    """Reasons without being asked: gpt-5 and the o models, Gemini from 2.5 on. Claude has to be asked."""
    return _THINKS.match(model) is not None


def charges_cache_writes(model: str) -> bool:
    """OpenAI reports cache writes from gpt-5.6 on."""
    return _WRITES_CACHE.match(model) is not None


def least_cached(dialect: DialectName, model: str) -> int:
    """Tokens below which no prompt of the model is cached."""
    if dialect is DialectName.ANTHROPIC and _CACHES_LATE.search(model):
        return 4096
    return 1024


def wants_completion_cap(model: str) -> bool:
    """gpt-5 and the o models refuse `max_tokens` and take `max_completion_tokens`."""
    return re.match(r"gpt-[5-9]|o\d", model) is not None
