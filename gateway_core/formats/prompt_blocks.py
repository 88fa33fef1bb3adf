"""A request's body as the blocks of its prompt, in the order in which providers keep them: tools, system,
options, messages. Cache marks are left out: where they stand is no part of what is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from gateway_core.formats.json_object import JsonObject, read_again
from gateway_core.model.call import DialectName
from gateway_core.rules.prompt_cache.blocks import BlockKind

Found = tuple[BlockKind, int, bytes]
"""Kind, place among its kind, and what stands there."""

_FIELDS = {
    DialectName.OPENAI_CHAT: ((), ("response_format",), "messages"),
    DialectName.OPENAI_RESPONSES: (("instructions",), ("text",), "input"),
    DialectName.ANTHROPIC: (("system",), ("tool_choice", "thinking"), "messages"),
    DialectName.GEMINI: (("systemInstruction", "system_instruction"), (), "contents"),
}
"""Where each format keeps its system prompt, its options and its messages."""
_MARK = re.compile(rb'"cache_control"\s*:\s*(?:\{[^{}]*\}|null)')
_KEY = b'"cache_control"'
_BLANK = b" \t\r\n"
_ONE_TEXT = re.compile(rb'"content"\s*:\s*(\[\s*\{\s*"type"\s*:\s*"text"\s*,\s*"text"\s*:\s*)"')
_ITS_END = re.compile(rb"\s*,?\s*\}\s*\]")
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_SYSTEM_ROLE = re.compile(rb'"role"\s*:\s*"(?:system|developer)"')
_HEAD = 64


def prompt_blocks(dialect: DialectName, body: bytes) -> list[Found]:
    """The blocks of a body that was read before, or that was written for a provider.

    Raises msgspec's errors for a body that is none.
    """
    found = read_again(body)
    systems, options, messages = _FIELDS[dialect]
    blocks = [(BlockKind.TOOL, at, _bare(raw)) for at, raw in enumerate(_items(found, "tools"))]
    texts = (_bare(raw) for key in systems for raw in _items(found, key))
    blocks += [(BlockKind.SYSTEM, at, text) for at, text in enumerate(texts)]
    blocks.append((BlockKind.OPTIONS, 0, b"".join(found.raw(key) for key in options)))
    return blocks + list(_messages(found, messages))


def _messages(found: JsonObject, key: str) -> Iterator[Found]:
    for at, raw in enumerate(_items(found, key)):
        text = _bare(raw)
        # A role stands at either end of a message: the words between need not be searched for one.
        ends = text[:_HEAD] + text[-_HEAD:]
        system = bool(_SYSTEM_ROLE.search(ends))
        yield (BlockKind.SYSTEM if system else BlockKind.MESSAGE), at, text


def _items(found: JsonObject, key: str) -> list[bytes]:
    """The items of a list; a single value as the only one."""
    raw = found.raw(key)
    if not raw.startswith(b"["):
        return [raw] if raw else []
    return [bytes(each) for each in _LIST.decode(raw)]


def _bare(raw: bytes) -> bytes:
    """A block without its cache marks, and a text that was made a list to carry one as the text again."""
    at = raw.find(_KEY)
    while at >= 0:
        raw = _without_mark(raw, at)
        at = raw.find(_KEY, at + 1)
    head = _ONE_TEXT.search(raw) if b'"content"' in raw else None
    return raw if head is None else _as_text(raw, head)


def _without_mark(raw: bytes, at: int) -> bytes:
    """The text without the mark whose key stands there, if it is one, and without one of its commas."""
    found = _MARK.match(raw, at)
    if found is None:
        return raw
    before, after = raw[:at].rstrip(_BLANK), raw[found.end() :]
    if before.endswith(b","):
        return before[:-1] + after
    rest = after.lstrip(_BLANK)
    return before + (rest[1:] if rest.startswith(b",") else after)


def _as_text(raw: bytes, head: re.Match[bytes]) -> bytes:
    """The message with its one text as such; as it was where there are more blocks than that."""
    start = head.end() - 1
    end = raw.find(b'"', start + 1)
    while end >= 0 and _is_escaped(raw, end):
        end = raw.find(b'"', end + 1)
    tail = _ITS_END.match(raw, end + 1)
    return raw[: head.start(1)] + raw[start : end + 1] + raw[tail.end() :] if tail else raw


def _is_escaped(raw: bytes, at: int) -> bool:
    """Whether an odd number of backslashes stands before a quote."""
    before = at
    while raw[before - 1 : before] == b"\\":
        before -= 1
    return (at - before) % 2 == 1
