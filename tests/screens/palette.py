"""A PNG with 256 colours at the most, a third as large: of a terminal only the edges of letters have many."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

COLOURS = 256
_HEAD = b"\x89PNG\r\n\x1a\n"
_TRUECOLOR, _WITH_ALPHA, _INDEXED = 2, 6, 3
Bytes = npt.NDArray[np.uint8]


def with_few_colours(png: bytes) -> bytes:
    """The same picture; a rare colour becomes the most like it among the frequent. It takes PNGs as Chromium
    makes them: eight bits, truecolor, not interlaced. Raises ValueError for others."""
    pixels = _pixels(png)
    high, wide = pixels.shape[:2]
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, at, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(np.int32)
    kept = colours[np.argsort(-counts, kind="stable")[:COLOURS]]
    nearest = ((colours[:, None, :] - kept[None, :, :]) ** 2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    rows = np.zeros((high, wide + 1), np.uint8)
    rows[:, 1:] = nearest[at.reshape(high, wide)]
    return _HEAD + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, _INDEXED, 0, 0, 0)),
            _chunk(b"PLTE", kept.astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        )
    )


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_HEAD)
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12


def _pixels(png: bytes) -> Bytes:
    """Rows of red, green and blue."""
    parts = list(_chunks(png))
    wide, high, bits, kind, *_, interlaced = struct.unpack(">IIBBBBB", dict(parts)[b"IHDR"])
    if bits != 8 or kind not in (_TRUECOLOR, _WITH_ALPHA) or interlaced:
        raise ValueError("only truecolor of eight bits, not interlaced, can be read")
    step = 4 if kind == _WITH_ALPHA else 3
    raw = zlib.decompress(b"".join(data for name, data in parts if name == b"IDAT"))
    rows = np.frombuffer(raw, np.uint8).reshape(high, wide * step + 1)
    plain = np.zeros((high, wide * step), np.uint8)
    above = np.zeros(wide * step, np.uint8)
    for at, row in enumerate(rows):
        above = plain[at] = _unfiltered(int(row[0]), row[1:], above, step)
    return plain.reshape(high, wide, step)[:, :, :3]


def _unfiltered(kind: int, row: Bytes, above: Bytes, step: int) -> Bytes:
    """The bytes of a row, which were written as differences (PNG 1.2, section 6)."""
    if kind == 0:
        return row
    if kind == 1:
        return row.reshape(-1, step).cumsum(axis=0, dtype=np.uint8).reshape(-1)
    if kind == 2:
        return row + above
    up, done = above.tolist(), [0] * step
    corner = [0] * step + up
    for at, byte in enumerate(row.tolist()):
        left = done[at]
        guess = (left + up[at]) // 2 if kind == 3 else _paeth(left, up[at], corner[at])
        done.append(byte + guess & 255)
    return np.array(done[step:], np.uint8)


def _paeth(left: int, up: int, corner: int) -> int:
    """Whichever of the three is nearest to left + up - corner."""
    far_left, far_up, far_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if far_left <= far_up and far_left <= far_corner:
        return left
    return up if far_up <= far_corner else corner
