"""What a request's head must look like before anybody parses it."""

from __future__ import annotations

import pytest

from gateway_core.http.framing import (
    MAX_FIELDS,
    TOO_LONG,
    head_fault,
    notable_fields,
    partial_fault,
    take_upgrade,
)


def head(*lines: str, first: str = "POST /v1/messages HTTP/1.1") -> bytes:
    return "\r\n".join([first, *lines, "", ""]).encode("latin-1")


def status(data: bytes) -> int | None:
    fault = head_fault(data, notable_fields(data))
    return fault.status if fault else None


@pytest.mark.parametrize(
    "first",
    [
        "GET / HTTP/1.1",
        "POST /v1/messages?beta=true HTTP/1.1",
        "POST /@project=web,mode=vibing/v1/messages HTTP/1.1",
        "POST /v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse HTTP/1.1",
        "M-SEARCH /%20%ff HTTP/1.0",
    ],
)
def test_plain_requests_pass(first: str) -> None:
    assert status(head("Host: 127.0.0.1:4141", "Content-Length: 2", first=first)) is None


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("GET  / HTTP/1.1", 400),
        ("GET /  HTTP/1.1", 400),
        ("GET /", 400),
        ("GET", 400),
        ("", 400),
        ("get / HTTP/1.1", 400),
        ("GET / HTTP/1.1 ", 400),
        ("GET /a#b HTTP/1.1", 400),
        ("GET /\x7f HTTP/1.1", 400),
        ("GET /\xe9 HTTP/1.1", 400),
        ("GET * HTTP/1.1", 400),
        ("GET http://evil.example/ HTTP/1.1", 400),
        ("CONNECT evil.example:443 HTTP/1.1", 400),
        ("GET / HTTP/2.0", 505),
        ("GET / HTTP/0.9", 505),
        ("GET / RTSP/1.0", 400),
        ("SOURCE / ICE/1.0", 400),
        ("PRI * HTTP/2.0", 505),
    ],
)
def test_odd_request_lines_are_refused(first: str, expected: int) -> None:
    assert status(head("Host: a", first=first)) == expected


def test_the_refusal_of_a_proxy_request_says_what_this_is() -> None:
    fault = head_fault(head("Host: a", first="CONNECT evil.example:443 HTTP/1.1"), [b"host"])
    assert fault is not None and "no proxy" in fault.message


def test_one_host_and_only_one() -> None:
    assert status(head()) == 400
    assert status(head("Host: a", "host: a")) == 400
    assert status(head(first="GET / HTTP/1.0")) is None


def test_as_many_fields_as_the_limit_and_not_one_more() -> None:
    fields = [f"x-{number}: y" for number in range(MAX_FIELDS - 1)]
    assert status(head("Host: a", *fields)) is None
    assert status(head("Host: a", *fields, "x-more: y")) == 431


@pytest.mark.parametrize("value", ["chunked", "Chunked", "\tchunked "])
def test_chunked_is_the_one_transfer_coding(value: str) -> None:
    assert status(head("Host: a", f"Transfer-Encoding:{value}")) is None


@pytest.mark.parametrize(
    "value", ["gzip, chunked", "chunked, chunked", "identity", "", "xchunked", '"chunked"']
)
def test_other_transfer_codings_are_refused(value: str) -> None:
    assert status(head("Host: a", f"Transfer-Encoding: {value}")) == 400


def test_two_transfer_codings_are_refused() -> None:
    assert status(head("Host: a", "Transfer-Encoding: chunked", "transfer-encoding: chunked")) == 400


def test_http_1_0_has_no_transfer_coding() -> None:
    assert status(head("Host: a", "Transfer-Encoding: chunked", first="POST / HTTP/1.0")) == 400


def test_a_head_that_is_not_whole_may_be_wrong_already() -> None:
    assert partial_fault(b"GET / HTTP/1.1\r\nHost: a\r\n") is None
    assert partial_fault(b"GET / HTTP/1.1\r\nHost: a\r") is None
    assert partial_fault(b"GET / HTTP/1.1\nHost: a") is not None
    assert partial_fault(b"x" * 32_768) is None
    assert partial_fault(b"x" * 32_769) is TOO_LONG


def test_only_the_new_part_of_a_head_is_looked_at() -> None:
    part = b"GET / HTTP/1.1\r\nHost: a\r\n"
    assert partial_fault(part + b"x: y\n", seen=len(part)) is not None
    # The line feed is the first new byte and its carriage return the last one seen.
    assert partial_fault(part, seen=len(part) - 1) is None


def test_an_offer_to_upgrade_is_taken_out_of_the_head() -> None:
    before = head("Host: a", "Connection: Upgrade", "UPGRADE: websocket", "upgrade: h2c")
    after, offered = take_upgrade(before)
    assert after == head("Host: a", "Connection: Upgrade")
    assert offered == b"websocket, h2c"


def test_fields_are_told_by_their_whole_name() -> None:
    fields = notable_fields(head("HOST: a", "x-host: b", "Transfer-Encoding: chunked", "x: upgrade:"))
    assert fields == [b"host", b"transfer-encoding"]
