"""Cache marks set in a body whose client set none: after the tools, after the system prompt, and on the last
two messages of the user, so that the next call of the conversation reads what this one wrote.

https://platform.claude.com/docs/en/build-with-claude/prompt-caching
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gateway_core.formats.json_object import decoded, read_again, read_list, read_object
from gateway_core.formats.splice import splice

_MARKS = {"5m": b'{"type":"ephemeral"}', "1h": b'{"type":"ephemeral","ttl":"1h"}'}
"""By how long what is marked is kept."""
_MARKABLE = ("text", "image", "document", "tool_result")
_MESSAGES = 2
"""The last messages of the user that are marked: the last one writes, the one before is read."""


def with_cache_marks(body: bytes, *, least: int, life: str = "5m") -> tuple[bytes, tuple[str, ...]]:
    """The body with its marks, and what they stand behind ('tools', 'system', 'message 4'); as it came where
    the client marks itself, or where nothing is long enough.

    least: bytes below which no prefix is marked; life: 5m or 1h. Every byte beside the marks stays.
    """
    if b'"cache_control"' in body:
        return body, ()
    found, mark = read_again(body), _MARKS[life]
    edits: dict[str, bytes] = {}
    names: list[str] = []
    size = len(found.raw("tools"))
    if size >= least and (marked := _last_marked(found.raw("tools"), mark, ())):
        edits["tools"] = marked
        names.append("tools")
    system = found.raw("system")
    size += len(system)
    if system and size >= least and (marked := _content_marked(system, mark)):
        edits["system"] = marked
        names.append("system")
    messages, places = _messages_marked(found.raw("messages"), mark, least - size, bool(found.raw("tools")))
    if places:
        edits["messages"] = messages
        names += [f"message {at}" for at in places]
    return (splice(found, edits), tuple(names)) if edits else (body, ())


def _messages_marked(raw: bytes, mark: bytes, least: int, tools: bool) -> tuple[bytes, list[int]]:
    """The list with its last user messages marked. A lone question without tools is not asked again with
    more behind it: writing it would only cost."""
    items = read_list(raw, "'messages'") if raw else []
    if len(items) < 2 and not tools:
        return raw, []
    sizes = _running([memoryview(item).nbytes for item in items])
    text, end, places = raw, len(raw), list[int]()
    for at in range(len(items) - 1, -1, -1):
        item = bytes(items[at])
        start = text.rindex(item, 0, end)
        end = start
        if len(places) == _MESSAGES or sizes[at] < least:
            break
        marked = _message_marked(item, mark)
        if marked is not None:
            text = text[:start] + marked + text[start + len(item) :]
            places.insert(0, at)
    return text, places


def _message_marked(item: bytes, mark: bytes) -> bytes | None:
    """A message of the user with a mark on its last block; None where it cannot carry one."""
    message = read_object(item, "a message")
    if message.decoded("role") != "user":
        return None
    content = _content_marked(message.raw("content"), mark)
    return splice(message, {"content": content}) if content else None


def _content_marked(raw: bytes, mark: bytes) -> bytes | None:
    """A text made a block with a mark, or a list of blocks whose last one has it."""
    if raw.startswith(b"["):
        return _last_marked(raw, mark, _MARKABLE)
    if not raw.startswith(b'"') or not str(decoded(raw)).strip():
        return None
    return b'[{"type":"text","text":' + raw + b',"cache_control":' + mark + b"}]"


def _last_marked(raw: bytes, mark: bytes, kinds: Sequence[str]) -> bytes | None:
    """The list with a mark on its last item, if that is of such a kind. kinds: empty for any."""
    items: list[msgspec.Raw] = read_list(raw, "a list") if raw else []
    if not items:
        return None
    last = bytes(items[-1])
    block = read_object(last, "a block")
    empty_text = block.decoded("type") == "text" and not str(block.decoded("text") or "").strip()
    if kinds and (block.decoded("type") not in kinds or empty_text):
        return None
    start = raw.rindex(last)
    return raw[:start] + splice(block, {"cache_control": mark}) + raw[start + len(last) :]


def _running(sizes: Sequence[int]) -> list[int]:
    total, sums = 0, []
    for size in sizes:
        total += size
        sums.append(total)
    return sums
