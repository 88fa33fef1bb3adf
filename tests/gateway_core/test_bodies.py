"""Content-encodings: taken off whole and piece by piece, and never beyond the limit."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from gateway_core.bodies import CODINGS, Decoder, decode_body
from gateway_core.model.errors import Refusal

TEXT = b'{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"hello"}]}' * 40
MANY = 64 * 2**20
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 1),
    "deflate": lambda data: zlib.compress(data, 1),
    "br": lambda data: bytes(brotli.compress(data, quality=1)),
    "zstd": zstandard.ZstdCompressor(level=1).compress,
    "identity": bytes,
}


def refused(data: bytes, encoding: str, limit: int = 10**6) -> Refusal:
    with pytest.raises(Refusal) as caught:
        decode_body(data, encoding, limit)
    return caught.value


@pytest.mark.parametrize("coding", [*CODINGS, "identity"])
def test_what_is_put_on_comes_off(coding: str) -> None:
    packed = PACKERS[coding](TEXT)
    assert decode_body(packed, coding, len(TEXT)) == TEXT
    assert len(packed) < len(TEXT) or coding == "identity"


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_pieces_of_any_size(coding: str, step: int) -> None:
    packed = PACKERS[coding](TEXT)
    decoder = Decoder(coding)
    pieces = [decoder.feed(packed[at : at + step]) for at in range(0, len(packed), step)]
    assert b"".join(pieces) == TEXT
    assert decoder.ended


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_that_is_flushed_is_read_as_it_comes(coding: str) -> None:
    """A provider that packs server-sent events flushes each; metering cannot wait for the end."""
    packers = {
        "gzip": lambda: zlib.compressobj(wbits=31),
        "deflate": lambda: zlib.compressobj(),
        "br": brotli.Compressor,
        "zstd": lambda: zstandard.ZstdCompressor().compressobj(),
    }
    packer = packers[coding]()
    pack = packer.process if coding == "br" else packer.compress
    flush = {
        "gzip": lambda: packer.flush(zlib.Z_SYNC_FLUSH),
        "deflate": lambda: packer.flush(zlib.Z_SYNC_FLUSH),
        "br": lambda: packer.flush(),
        "zstd": lambda: packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK),
    }[coding]
    decoder = Decoder(coding)
    for number in range(3):
        event = b"data: %d\n\n" % number
        assert decoder.feed(pack(event) + flush()) == event


@pytest.mark.parametrize("coding", CODINGS)
def test_the_limit_counts_what_comes_out(coding: str) -> None:
    packed = PACKERS[coding](TEXT)
    assert decode_body(packed, coding, len(TEXT)) == TEXT
    refusal = refused(packed, coding, len(TEXT) - 1)
    assert (refusal.status, refusal.code) == (413, "too_large")


@pytest.mark.parametrize("coding", CODINGS)
def test_the_limit_counts_over_all_pieces(coding: str) -> None:
    packed = PACKERS[coding](TEXT)
    decoder = Decoder(coding, len(TEXT) - 1)
    with pytest.raises(Refusal):
        for at in range(len(packed)):
            decoder.feed(packed[at : at + 1])


BOMBS = {
    "gzip": lambda: gzip.compress(bytes(MANY), 9),
    "deflate": lambda: zlib.compress(bytes(MANY), 9),
    "br": lambda: brotli.compress(bytes(MANY), quality=5),
    "zstd": lambda: zstandard.ZstdCompressor(level=3).compress(bytes(MANY)),
}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_refused_before_it_takes_memory(coding: str) -> None:
    bomb = BOMBS[coding]()
    tracemalloc.start()
    try:
        assert refused(bomb, coding, 2**20).status == 413
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 24 * 2**20


def test_a_bomb_in_a_bomb_is_refused() -> None:
    assert refused(PACKERS["gzip"](BOMBS["gzip"]()), "gzip, gzip", 2**20).status == 413


@pytest.mark.parametrize("coding", CODINGS)
def test_data_that_ends_too_early_is_refused(coding: str) -> None:
    packed = PACKERS[coding](TEXT)
    for end in (1, 5, len(packed) // 2, len(packed) - 1):
        assert refused(packed[:end], coding).status == 400


@pytest.mark.parametrize("coding", CODINGS)
def test_damaged_data_is_refused(coding: str) -> None:
    assert refused(b"\xff\xfe this is not packed at all \x00\x01\x02", coding).code == "bad_encoding"
    assert refused(PACKERS[coding](TEXT) + b"and something behind it", coding).code == "bad_encoding"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_several_members_are_one_body(coding: str) -> None:
    packed = PACKERS[coding](b"one, ") + PACKERS[coding](b"two")
    assert decode_body(packed, coding, 100) == b"one, two"


def test_deflate_without_its_wrapper() -> None:
    packer = zlib.compressobj(wbits=-15)
    raw = packer.compress(TEXT) + packer.flush()
    assert decode_body(raw, "deflate", len(TEXT)) == TEXT
    decoder = Decoder("deflate")
    assert b"".join(decoder.feed(bytes([byte])) for byte in raw) == TEXT


def test_several_codings_come_off_in_reverse() -> None:
    packed = PACKERS["br"](PACKERS["gzip"](TEXT))
    assert decode_body(packed, "gzip, br", len(TEXT)) == TEXT


def test_names_are_told_without_case_and_spaces() -> None:
    assert decode_body(gzip.compress(TEXT), " GZip ", len(TEXT)) == TEXT
    assert decode_body(gzip.compress(TEXT), "x-gzip, identity", len(TEXT)) == TEXT


@pytest.mark.parametrize("coding", [*CODINGS, "identity", ""])
def test_no_body_at_all_is_fine(coding: str) -> None:
    assert decode_body(b"", coding, 10) == b""


def test_the_limit_holds_without_a_coding_too() -> None:
    assert decode_body(b"abc", "identity", 3) == b"abc"
    assert refused(b"abcd", "identity", 3).status == 413


@pytest.mark.parametrize("encoding", ["compress", "gzip, rot13", "aws-chunked", "gzip, gzip, gzip, gzip"])
def test_unknown_codings_are_refused(encoding: str) -> None:
    assert (refused(b"abc", encoding).status, refused(b"abc", encoding).code) == (400, "bad_encoding")


def test_a_providers_fault_is_no_fault_of_the_client() -> None:
    with pytest.raises(Refusal) as caught:
        Decoder("gzip").feed(b"this is not gzip")
    assert caught.value.status == 502
    with pytest.raises(Refusal) as caught:
        Decoder("rot13")
    assert caught.value.status == 502


def test_a_window_that_takes_too_much_memory_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = packed.compress(bytes(1000)) + packed.flush()
    assert refused(data, "zstd").status == 400
