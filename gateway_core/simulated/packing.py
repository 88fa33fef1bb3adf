"""Content encodings of answers, whole or piece by piece, each piece readable as soon as it is there."""

from __future__ import annotations

import zlib
from typing import Literal, Protocol

Encoding = Literal["gzip", "deflate", "br", "zstd"]


class Packer(Protocol):
    """Packs one answer; a new one for each."""

    def pack(self, data: bytes) -> bytes:
        """The bytes for a piece, flushed."""

    def end(self) -> bytes:
        """The bytes that close the encoding."""


def packer_for(encoding: Encoding | None) -> Packer:
    """A packer of that encoding; None leaves bytes as they are."""
    match encoding:
        case None:
            return _Identity()
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
        case _:
            return _Zlib(31 if encoding == "gzip" else 15)


class _Identity:
    def pack(self, data: bytes) -> bytes:
        return data

    def end(self) -> bytes:
        return b""


class _Zlib:
    def __init__(self, window_bits: int) -> None:
        self._packer = zlib.compressobj(wbits=window_bits)

    def pack(self, data: bytes) -> bytes:
        return self._packer.compress(data) + self._packer.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._packer.flush()


class _Brotli:
    def __init__(self) -> None:
        # Imported here: few answers are packed, and starting should stay quick.
        import brotli  # type: ignore[import-untyped]

        self._packer = brotli.Compressor()

    def pack(self, data: bytes) -> bytes:
        return bytes(self._packer.process(data) + self._packer.flush())

    def end(self) -> bytes:
        return bytes(self._packer.finish())


class _Zstd:
    def __init__(self) -> None:
        # Imported here: few answers are packed, and starting should stay quick.
        import zstandard

        self._packer = zstandard.ZstdCompressor().compressobj()
        self._flush = zstandard.COMPRESSOBJ_FLUSH_BLOCK

    def pack(self, data: bytes) -> bytes:
        return self._packer.compress(data) + self._packer.flush(self._flush)

    def end(self) -> bytes:
        return self._packer.flush()
