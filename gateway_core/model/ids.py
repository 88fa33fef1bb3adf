"""Identifiers of requests: unique, and sorted by the time they were made."""

from __future__ import annotations

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = tuple(one + other for one in _ALPHABET for other in _ALPHABET)


def request_id(milliseconds: int, random_bits: int) -> str:
    """26 characters in the manner of a ULID: 48 bits of time, 80 bits of chance.

    Source: github.com/ulid/spec; lower case, Crockford's alphabet.
    """
    number = (milliseconds & (2**48 - 1)) << 80 | (random_bits & (2**80 - 1))
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])
