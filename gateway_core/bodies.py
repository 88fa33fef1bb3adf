"""Content-encodings of bodies: taken off within limits, also piece by piece, and put on."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

from gateway_core.model.errors import Refusal

CODINGS = ("gzip", "deflate", "br", "zstd")
STREAM_LIMIT = 256 * 2**20
"""Bytes that a stream may become, unless said otherwise."""

_MAX_CODINGS = 3
_ZSTD_STEP = 512
"""Bytes that zstd is given at once: it cannot be told to stop, and makes up to 32 KiB of each byte."""
_ZSTD_WINDOW = 8 * 2**20
"""What RFC 9659 asks a receiver to have memory for."""


class _Broken(Exception):
    """The data is not what its encoding says."""


class _Unpacker(Protocol):
    @property
    def ended(self) -> bool:
        """The data may end here."""

    def unpack(self, data: bytes, limit: int) -> bytes:
        """What `data` adds; raises _Broken, and _TooLarge beyond `limit` bytes."""


class _TooLarge(Exception):
    """More comes out than may."""


class Decoder:
    """Takes the content-encoding off a body that comes in pieces.

    encoding: the header's value, also several codings in the order in which they were put on ('gzip, br').
    limit: bytes that may come out in all. Raises Refusal 413 beyond it, and for a coding that is not known
    or data that does not follow it a Refusal of `status`: 400 where a client sent it, 502 for a provider.
    """

    def __init__(self, encoding: str, limit: int = STREAM_LIMIT, *, status: int = 502) -> None:
        self._status = status
        self._limit = self._left = limit
        self._unpackers = [self._unpacker(name) for name in reversed(_names(encoding))]
        if len(self._unpackers) > _MAX_CODINGS:
            raise self._refusal(f"more than {_MAX_CODINGS} content-encodings")

    @property
    def ended(self) -> bool:
        """Whether the data so far is whole."""
        return all(each.ended for each in self._unpackers)

    def feed(self, data: bytes) -> bytes:
        """The decoded bytes that `data` adds; may be none."""
        try:
            for unpacker in self._unpackers:
                data = unpacker.unpack(data, self._left)
            self._left -= len(data)
            if self._left < 0:
                raise _TooLarge
        except _Broken as error:
            raise self._refusal(f"the body does not follow its content-encoding: {error}") from None
        except _TooLarge:
            raise Refusal(
                413, "too_large", f"the body is larger than {self._limit} bytes without its content-encoding"
            ) from None
        return data

    def _unpacker(self, name: str) -> _Unpacker:
        if name in ("gzip", "x-gzip"):
            return _Zlib(31)
        if name == "deflate":
            return _Deflate()
        if name == "br":
            return _Brotli()
        if name == "zstd":
            return _Zstd()
        raise self._refusal(f"content-encoding {name[:20]!r} is not known; use {', '.join(CODINGS)}")

    def _refusal(self, message: str) -> Refusal:
        return Refusal(self._status, "bad_encoding", message)


def decode_body(data: bytes, encoding: str, limit: int, *, status: int = 400) -> bytes:
    """A whole body without its content-encoding; `limit` counts what comes out. Refusals as `Decoder`'s,
    also for data that ends too early."""
    decoder = Decoder(encoding, limit, status=status)
    decoded = decoder.feed(data)
    if not decoder.ended:
        raise Refusal(status, "bad_encoding", "the body ends in the middle of its content-encoding")
    return decoded


def _names(encoding: str) -> list[str]:
    names = [name.strip().lower() for name in encoding.split(",")]
    return [name for name in names if name not in ("", "identity")]


class _Zlib:
    """gzip and zlib data, also several members one after the other."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._state = zlib.decompressobj(window)
        self._begun = False

    @property
    def ended(self) -> bool:
        return self._state.eof or not self._begun

    def unpack(self, data: bytes, limit: int) -> bytes:
        out: list[bytes] = []
        while data:
            if self._state.eof:
                self._state = zlib.decompressobj(self._window)
            self._begun = True
            try:
                piece = self._state.decompress(data, limit + 1)
            except zlib.error as error:
                raise _Broken(str(error)) from None
            limit -= len(piece)
            if limit < 0:
                raise _TooLarge
            out.append(piece)
            data = self._state.unconsumed_tail or self._state.unused_data
        return b"".join(out)


class _Deflate:
    """'deflate' with the zlib wrapper that RFC 9110 asks for, or without, as some send it."""

    def __init__(self) -> None:
        self._first = b""
        self._zlib: _Zlib | None = None

    @property
    def ended(self) -> bool:
        return self._zlib.ended if self._zlib else not self._first

    def unpack(self, data: bytes, limit: int) -> bytes:
        if self._zlib is None:
            data = self._first + data
            if len(data) < 2:
                self._first = data
                return b""
            wrapped = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._zlib = _Zlib(15 if wrapped else -15)
        return self._zlib.unpack(data, limit)


class _Brotli:
    def __init__(self) -> None:
        self._state = brotli.Decompressor()
        self._begun = False

    @property
    def ended(self) -> bool:
        return self._state.is_finished() or not self._begun

    def unpack(self, data: bytes, limit: int) -> bytes:
        out: list[bytes] = []
        while True:
            self._begun = self._begun or bool(data)
            try:
                piece = self._state.process(data, output_buffer_limit=limit + 1)
            except brotli.error as error:
                raise _Broken(str(error)) from None
            limit -= len(piece)
            if limit < 0:
                raise _TooLarge
            out.append(piece)
            data = b""
            if self._state.can_accept_more_data():
                return b"".join(out)


class _Zstd:
    """One or several frames."""

    def __init__(self) -> None:
        self._state = self._fresh()
        self._begun = False

    @staticmethod
    def _fresh() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()

    @property
    def ended(self) -> bool:
        return self._state.eof or not self._begun

    def unpack(self, data: bytes, limit: int) -> bytes:
        out: list[bytes] = []
        for start in range(0, len(data), _ZSTD_STEP):
            step = data[start : start + _ZSTD_STEP]
            while step:
                if self._state.eof:
                    self._state = self._fresh()
                self._begun = True
                try:
                    piece = self._state.decompress(step)
                except zstandard.ZstdError as error:
                    raise _Broken(str(error)) from None
                limit -= len(piece)
                if limit < 0:
                    raise _TooLarge
                out.append(piece)
                step = self._state.unused_data if self._state.eof else b""
        return b"".join(out)
