"""The elements of a JSON array that comes in pieces, each as soon as it is whole."""

from __future__ import annotations

import re

from gateway_core.formats.sse import HELD_LIMIT

_MARK = re.compile(rb'[\\"{}\[\]]')
_QUOTE, _ESCAPE = b'"', b"\\"
_ELEMENT_DEPTH = 2
"""The array itself is the first level."""


class ArraySplitter:
    """Follows brackets and strings through chunks that may be split anywhere."""

    __slots__ = ("_depth", "_element", "_escaped", "_in_string", "end")

    def __init__(self) -> None:
        self.end = 0
        """The offset in the last chunk behind the last element that it completes, 0 for none."""
        self._depth = 0
        self._in_string = False
        self._escaped = False
        """The first byte of the next chunk stands behind a backslash."""
        self._element = bytearray()

    def feed(self, chunk: bytes) -> list[bytes]:
        """The objects of the array that this chunk completes."""
        whole: list[bytes] = []
        start = 0
        skipped = 0 if self._escaped else -1
        self._escaped = False
        self.end = 0
        for found in _MARK.finditer(chunk):
            at, mark = found.start(), found[0]
            if at == skipped:
                continue
            if self._in_string:
                skipped = self._inside_string(mark, at)
            elif self._bracket(mark):
                whole.append(bytes(self._element) + chunk[start : at + 1])
                self._element.clear()
                self.end = start = at + 1
            elif self._depth == _ELEMENT_DEPTH and mark in b"{[":
                start = at
        self._escaped = skipped == len(chunk)
        self._keep(chunk[start:])
        return whole

    def _inside_string(self, mark: bytes, at: int) -> int:
        """The place of a byte that means nothing since a backslash stands before it; -1 for none."""
        self._in_string = mark != _QUOTE
        return at + 1 if mark == _ESCAPE else -1

    def _bracket(self, mark: bytes) -> bool:
        """Whether this mark ends an element."""
        if mark == _QUOTE:
            self._in_string = True
        elif mark in b"{[":
            self._depth += 1
        elif mark in b"}]":
            self._depth -= 1
            return self._depth == _ELEMENT_DEPTH - 1
        return False

    def _keep(self, rest: bytes) -> None:
        if self._depth >= _ELEMENT_DEPTH and len(self._element) + len(rest) <= HELD_LIMIT:
            self._element += rest
