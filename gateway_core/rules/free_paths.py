"""Which calls on a path that passes through cost nothing, whatever they ask for.

Sources: the pricing pages and API references of OpenAI, Anthropic and Gemini.
"""

from __future__ import annotations

import re

_READING = frozenset({"GET", "DELETE"})
_ID = "[A-Za-z0-9][A-Za-z0-9_-]*"
"""Of a thing that a provider keeps. Anything else, such as a stroke that is encoded twice, might be read as
another path by a server on the way."""
_FREE = re.compile(
    rf"""/v1(?:alpha|beta)?/
    (?: files | moderations | conversations(?:/{_ID}(?:/items)?)? | chat/completions/{_ID}
      | uploads(?:/{_ID}/(?:parts|complete|cancel))?
      | (?:responses|batches|messages/batches|fine_tuning/jobs)/{_ID}/cancel
      | batches/{_ID}:cancel
    )\Z""",
    re.VERBOSE,
)


def costs_nothing(method: str, path: str) -> bool:
    """Whether such a call is free: it reads, deletes, cancels, counts, checks or only keeps something."""
    if method == "POST":
        return _FREE.match(path.removeprefix("/upload")) is not None
    return method in _READING
