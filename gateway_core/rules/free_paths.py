"""Which calls on a path that passes through cost nothing, whatever they ask for.

Sources: the pricing pages and API references of OpenAI, Anthropic and Gemini.
"""

from __future__ import annotations

import re

_READING = frozenset({"GET", "DELETE"})
_FREE = re.compile(
    r"""/v1(?:alpha|beta)?/
    (?: files | moderations | conversations(?:/.+)? | chat/completions/[^/]+
      | uploads(?:/[^/]+/(?:parts|complete|cancel))?
      | (?:responses|batches|messages/batches|fine_tuning/jobs)/[^/]+/cancel
      | batches/[^/]+:cancel
    )\Z""",
    re.VERBOSE,
)


def costs_nothing(method: str, path: str) -> bool:
    """Whether such a call is free: it reads, deletes, cancels, counts, checks or only keeps something."""
    if method == "POST":
        return ".." not in path and _FREE.match(path.removeprefix("/upload")) is not None
    return method in _READING
