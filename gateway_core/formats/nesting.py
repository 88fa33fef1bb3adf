"""How deep a JSON text is nested, found without building its values."""

from __future__ import annotations

_AS_SQUARE = bytes.maketrans(b"{}", b"[]")
_ALL_BUT_STRUCTURE = bytes(byte for byte in range(256) if byte not in b'"[]{}')


def deeper_than(limit: int, text: bytes) -> bool:
    """Whether arrays and objects are nested deeper than `limit` levels. The text need not be valid JSON:
    what is left open counts as nested too."""
    if text.count(b"[") + text.count(b"{") <= limit:
        return False
    brackets = _brackets(text)
    levels = 0
    while b"[]" in brackets and levels <= limit:
        brackets = brackets.replace(b"[]", b"")
        levels += 1
    return levels + brackets.count(b"[") > limit


def _brackets(text: bytes) -> bytes:
    """The brackets outside of strings, all of them square."""
    without_escapes = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    marks = without_escapes.translate(_AS_SQUARE, _ALL_BUT_STRUCTURE).replace(b'""', b"")
    return b"".join(marks.split(b'"')[::2])
