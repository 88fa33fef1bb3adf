"""Signed thinking that rides in the id of a tool call, through clients that give back nothing else.

Anthropic, Gemini and OpenAI's Responses want the thinking before a tool call back, signed, with the tool's
result. A client of another format knows only the call's id, name and arguments. So the id that it gets
carries the rest: `toolu_1`, a mark and a packed text of the letters that ids may have. What comes back is
taken apart again, and no provider ever sees such an id.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable

import msgspec

from gateway_core.formats.neutral.answer import Said
from gateway_core.formats.neutral.request import Message, Part, Request, Thought, ToolCall, ToolResult
from gateway_core.model.call import DialectName

SHOWN_SIGNATURE = "llmconsole_carries_this_along"
"""Stands where a client's format wants a signature on thinking that another provider signed. It is long:
the longer, the faster a body is searched for it."""
MARK = f"__{SHOWN_SIGNATURE}__"
_MOST = 256 * 1024
"""Bytes of thinking that an id may unpack to."""
_NAMES = {
    "a": DialectName.ANTHROPIC,
    "g": DialectName.GEMINI,
    "r": DialectName.OPENAI_RESPONSES,
    "c": DialectName.OPENAI_CHAT,
}
_LETTERS = {name: letter for letter, name in _NAMES.items()}


class _Load(msgspec.Struct, array_like=True):
    origin: str
    signature: str
    thoughts: list[tuple[str, str, bool]]


def seal(call: ToolCall, thoughts: Iterable[Thought]) -> ToolCall:
    """The call as a client gets it: its id carries its signature and the signed thoughts before it."""
    signed = [thought for thought in thoughts if thought.signature]
    origin = call.origin or (signed[0].origin if signed else None)
    if origin is None or not (call.signature or signed):
        return call
    load = _Load(
        _LETTERS[origin], call.signature, [(each.text, each.signature, each.redacted) for each in signed]
    )
    packed = base64.urlsafe_b64encode(zlib.compress(msgspec.json.encode(load), 6)).rstrip(b"=").decode()
    return msgspec.structs.replace(call, id=f"{call.id}{MARK}{packed}", signature="", origin=None)


def sealed(parts: Iterable[Said]) -> list[Said]:
    """The parts of an answer as a client of another format gets them."""
    out: list[Said] = []
    thoughts: list[Thought] = []
    for part in parts:
        if isinstance(part, Thought):
            thoughts.append(part)
        elif isinstance(part, ToolCall):
            part, thoughts = seal(part, thoughts), []
        out.append(part)
    return out


def plain_id(id: str) -> str:
    """The id as the provider gave it."""
    return id.partition(MARK)[0]


def released(request: Request) -> Request:
    """The request with what rode in the ids of its calls in its place again."""
    messages = tuple(_released(message) for message in request.messages)
    return msgspec.structs.replace(request, messages=messages)


def _released(message: Message) -> Message:
    parts: list[Part] = []
    for part in message.parts:
        match part:
            case ToolCall():
                call, thoughts = _opened(part)
                # Thinking stands before all that a message says, and between its calls where it came there.
                first = not any(isinstance(each, ToolCall) for each in parts)
                parts[0 if first else len(parts) :] = [*thoughts, *(parts if first else [])]
                parts.append(call)
            case ToolResult():
                parts.append(msgspec.structs.replace(part, call_id=plain_id(part.call_id)))
            case Thought() if part.signature == SHOWN_SIGNATURE:
                continue
            case _:
                parts.append(part)
    return msgspec.structs.replace(message, parts=tuple(parts))


def _opened(call: ToolCall) -> tuple[ToolCall, list[Thought]]:
    id, mark, packed = call.id.partition(MARK)
    load = _unpacked(packed) if mark else None
    if load is None or load.origin not in _NAMES:
        return msgspec.structs.replace(call, id=id), []
    origin = _NAMES[load.origin]
    thoughts = [Thought(text, signature, origin, redacted) for text, signature, redacted in load.thoughts]
    if not load.signature:
        return msgspec.structs.replace(call, id=id), thoughts
    return msgspec.structs.replace(call, id=id, signature=load.signature, origin=origin), thoughts


def _unpacked(packed: str) -> _Load | None:
    """What rides in an id; None where somebody changed it."""
    try:
        data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        return msgspec.json.decode(zlib.decompressobj().decompress(data, _MOST), type=_Load)
    except (binascii.Error, ValueError, zlib.error, msgspec.DecodeError):
        return None
