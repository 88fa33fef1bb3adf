"""Answers that our own server writes itself, read byte by byte from a running gateway."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.support.gateway import RunningGateway


def host(wire: socket.socket) -> str:
    return f"Host: 127.0.0.1:{wire.getpeername()[1]}\r\n"


@pytest.fixture
def wire(shared_gateway: RunningGateway) -> Iterator[socket.socket]:
    parts = urlsplit(shared_gateway.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connected:
        yield connected


def read_head(wire: socket.socket) -> tuple[str, dict[str, str], bytes]:
    """Status line, fields, and what has come behind them."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = wire.recv(65536)
        assert piece, data
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return status, dict(line.lower().split(": ", 1) for line in lines), rest


def read_whole(wire: socket.socket) -> tuple[str, dict[str, str], bytes]:
    status, fields, body = read_head(wire)
    while len(body) < int(fields["content-length"]):
        body += wire.recv(65536)
    return status, fields, body


def test_an_answer_before_the_body_says_that_nothing_can_follow(wire: socket.socket) -> None:
    wire.sendall(f"POST /v1/chat/completions HTTP/1.1\r\n{host(wire)}Content-Length: 500\r\n\r\n".encode())
    status, fields, body = read_whole(wire)
    assert (status, fields["connection"]) == ("HTTP/1.1 401 Unauthorized", "close")
    assert b"invalid_token" in body
    assert wire.recv(1) == b""


def test_a_refusal_of_a_whole_request_keeps_the_connection(wire: socket.socket) -> None:
    for _ in range(2):
        wire.sendall(
            f"POST /v1/chat/completions HTTP/1.1\r\n{host(wire)}Content-Length: 2\r\n\r\n{{}}".encode()
        )
        status, fields, _ = read_whole(wire)
        assert status == "HTTP/1.1 401 Unauthorized"
        assert "connection" not in fields


def test_an_answer_to_head_has_a_length_and_no_body(wire: socket.socket) -> None:
    for _ in range(2):
        wire.sendall(f"HEAD /v1/nothing HTTP/1.1\r\n{host(wire)}\r\n".encode())
        status, fields, rest = read_head(wire)
        assert (status, rest) == ("HTTP/1.1 404 Not Found", b"")
        assert int(fields["content-length"]) > 0
