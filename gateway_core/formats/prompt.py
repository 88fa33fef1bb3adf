"""The words of a request that judgement looks at: what the person said last, and how it all began."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gateway_core.formats.fields import length
from gateway_core.formats.json_object import JsonObject, decoded, read_list
from gateway_core.model.call import Prompt

MOST = 16_384
"""Characters of a text that are looked at; the middle of a longer one is left out."""
_TEXT_KINDS = (None, "text", "input_text")
_OWN = ("user", None)


def prompt_of(body: JsonObject, messages: str, content: str = "content", own: Sequence[str] = ()) -> Prompt:
    """The words of a body. messages, content: where the format keeps the turns, and the words of a turn.

    own: further roles of the person who asks. Raises Refusal 400 for turns that are no list.
    """
    raw = body.raw(messages)
    if not raw:
        return Prompt(tools=length(body, "tools"))
    if not raw.startswith(b"["):
        text = _cut(_text(decoded(raw)))
        return Prompt(text, text, length(body, "tools"))
    turns = read_list(raw, f"{messages!r}")
    last = next((text for turn in reversed(turns) if (text := _said(turn, content, own))), "")
    first = next((text for turn in turns if (text := _said(turn, content, own))), "")
    return Prompt(_cut(last), _cut(first), length(body, "tools"))


def _said(raw: msgspec.Raw, content: str, own: Sequence[str]) -> str:
    """What the person says in a turn; empty in the turns of others, and where only tools answer."""
    turn = decoded(raw)
    if isinstance(turn, str):
        return turn
    if not isinstance(turn, dict) or turn.get("role") not in (*_OWN, *own):
        return ""
    return _text(turn.get(content))


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    said = [
        each.get("text") for each in content if isinstance(each, dict) and each.get("type") in _TEXT_KINDS
    ]
    return "\n".join(text for text in said if isinstance(text, str))


def _cut(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST // 2] + text[-MOST // 2 :]
