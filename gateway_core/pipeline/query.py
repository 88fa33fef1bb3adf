"""The query of a Gemini call, without what would keep its answer from being read.

Source: cloud.google.com/apis/docs/system-parameters: every method of a Google API takes `fields` (a part of
the answer only), `callback` (a script instead of JSON) and `alt` (another form), each also with a `$`.
"""

from __future__ import annotations

from urllib.parse import unquote_plus

_PARTIAL = ("fields", "callback")
_READABLE = ("json", "sse")


def readable(query: str) -> str:
    """The same parameters, in their order, but for those by which the answer would not state its usage."""
    return "&".join(each for each in query.split("&") if _is_readable(each))


def _is_readable(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = unquote_plus(name).strip().lower().removeprefix("$")
    if name == "alt":
        return unquote_plus(value).strip().lower() in _READABLE
    return name not in _PARTIAL
