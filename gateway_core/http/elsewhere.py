"""Paths that pass through as they are: whose they are, and where they go.

Under a provider's own prefix that is every path of its API. Without one it is what the official SDKs call
beside the endpoints that the gateway knows itself: any other path stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway_core.model.call import DialectName

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

_VERSIONED = re.compile(r"/v1/[^/].*")
_GOOGLES = re.compile(r"/(?:upload/|download/)?v1(?:alpha|beta)?/[^/].*")
_OPENAI = re.compile(
    r"/v1/(?:completions|chat/completions(?:/.+)?|responses(?:/.+)?|moderations|rerank"
    r"|(?:images|audio|fine_tuning)/.+"
    r"|(?:files|uploads|batches|vector_stores|conversations|containers|videos)(?:/.+)?)\Z"
)
_ANTHROPIC = re.compile(r"/v1/(?:messages/batches|files|skills)(?:/.+)?\Z")
_GEMINI = re.compile(
    r"/(?:(?:upload/|download/)?v1(?:alpha|beta)?/(?:files|cachedContents|batches|operations)(?:[/:].+)?"
    r"|v1(?:alpha|beta)?/models/[^:/]+:(?:batchGenerateContent|asyncBatchEmbedContent|predict\w*))\Z"
)


def elsewhere(
    method: str, path: str, headers: Mapping[str, str], prefix: str | None
) -> tuple[str, DialectName] | None:
    """The provider of a path and the format to refuse it in; None where it is nobody's.

    path: without tags and prefix; prefix: the provider that the client named in the path, if it did.
    """
    if method not in METHODS:
        return None
    if prefix:
        known = _GOOGLES if prefix == "gemini" else _VERSIONED
        return (prefix, _dialect(prefix, path)) if known.match(path) else None
    if _ANTHROPIC.match(path) and ("messages" in path or "anthropic-version" in headers):
        return "anthropic", DialectName.ANTHROPIC
    if _GEMINI.match(path) and (not path.startswith("/v1/") or "x-goog-api-key" in headers):
        return "gemini", DialectName.GEMINI
    return ("openai", _dialect("openai", path)) if _OPENAI.match(path) else None


def _dialect(provider: str, path: str) -> DialectName:
    if provider == "openai":
        return DialectName.OPENAI_RESPONSES if "/responses" in path else DialectName.OPENAI_CHAT
    return DialectName(provider)
