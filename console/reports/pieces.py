"""Lines out of bytes that come in pieces, cut anywhere."""

from __future__ import annotations


class Pieces:
    """Every line that it gives has ended; what a last piece leaves open is none."""

    def __init__(self) -> None:
        self._begun = b""

    def lines(self, piece: bytes) -> list[bytes]:
        """The lines that end in the next piece."""
        *lines, self._begun = (self._begun + piece).split(b"\n")
        return lines
