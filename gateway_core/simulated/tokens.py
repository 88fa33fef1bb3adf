"""The stated tokenizer of the simulated provider: one token for each four bytes of UTF-8, rounded up.

input tokens  = PER_REQUEST
              + for each message  PER_MESSAGE + the tokens of its parts
              + for each tool     PER_TOOL + the tokens of its definition as compact JSON
a text part   = its bytes / 4, rounded up
a media part  = MEDIA (images, audio, files: whatever their size)
another part  = its compact JSON / 4, rounded up (tool calls, tool results, thinking)
a tool call   = PER_CALL + the tokens of its name and arguments
"""

from __future__ import annotations

from typing import Any

import msgspec

BYTES_PER_TOKEN = 4
PER_REQUEST = 3
PER_MESSAGE = 4
PER_TOOL = 8
PER_CALL = 8
MEDIA = 1024

_MEDIA_TYPES = frozenset(
    {"image", "image_url", "input_image", "input_audio", "input_file", "file", "document"}
)
_MEDIA_KEYS = frozenset({"inlineData", "inline_data", "fileData", "file_data"})


def of_bytes(count: int) -> int:
    """Tokens of so many bytes."""
    return -(-count // BYTES_PER_TOKEN)


def of_text(text: str) -> int:
    return of_bytes(len(text) if text.isascii() else len(text.encode()))


def of_part(part: Any) -> int:
    """Tokens of one content part of any format, already decoded from JSON."""
    if isinstance(part, str):
        return of_text(part)
    if isinstance(part, dict):
        if part.get("type") in _MEDIA_TYPES or not _MEDIA_KEYS.isdisjoint(part):
            return MEDIA
        text = part.get("text")
        if isinstance(text, str):
            return of_text(text)
    return of_bytes(len(msgspec.json.encode(part)))


def of_content(content: Any) -> int:
    """Tokens of a message's content: a text, a list of parts, or nothing."""
    if content is None:
        return 0
    if isinstance(content, list):
        return sum(of_part(part) for part in content)
    return of_part(content)


def of_call(name: str, arguments: str) -> int:
    return PER_CALL + of_text(name) + of_text(arguments)
