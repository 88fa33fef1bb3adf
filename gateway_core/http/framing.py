"""What a request's head must look like before anybody parses it: one meaning, and within limits."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_HEAD = 32 * 1024
MAX_FIELDS = 100

END = b"\r\n\r\n"
EMPTY_LINES = re.compile(rb"(?:\r\n)*")

_REQUEST_LINE = re.compile(rb"[A-Z][A-Z-]* /[!\"$-~]* HTTP/1\.([01])\r\n")
_NOTABLE = re.compile(rb"\r\n(host|transfer-encoding|upgrade):", re.IGNORECASE)
_BARE_LF = re.compile(rb"(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request is refused: the HTTP status, a word for programs and a sentence for people."""

    status: int
    code: str
    message: str


TOO_LONG = Fault(431, "head_too_large", f"the head of the request is longer than {MAX_HEAD} bytes")
TOO_MANY = Fault(431, "too_many_headers", f"the request has more than {MAX_FIELDS} header fields")
TOO_SLOW = Fault(408, "head_timeout", "the head of the request did not come in time")


def _bad(message: str) -> Fault:
    return Fault(400, "bad_request", message)


BAD_FRAMING = _bad("the request does not follow HTTP/1.1")


def notable_fields(head: bytes) -> list[bytes]:
    """Those among the names `host`, `transfer-encoding` and `upgrade` that the head has, as often as it has
    them: the fields whose number or value this module judges."""
    return [name.lower() for name in _NOTABLE.findall(head)]


def head_fault(head: bytes, notable: list[bytes]) -> Fault | None:
    """What is wrong with a whole head, its empty line included, beyond what the parser refuses itself.

    notable: what `notable_fields` says of it.
    The parser (llhttp in its strict mode) refuses bare line feeds, folded lines, control bytes, two
    lengths, a length beside a transfer coding, and bad chunks; it is lenient in what is looked at here.
    """
    line = _REQUEST_LINE.match(head)
    if line is None:
        return _request_line_fault(head)
    if head.count(b"\r\n") > MAX_FIELDS + 2:
        return TOO_MANY
    hosts = notable.count(b"host")
    if hosts > 1 or (hosts == 0 and line[1] == b"1"):
        return _bad("a request names one Host")
    if b"transfer-encoding" in notable:
        return _coding_fault(head.lower(), line[1])
    return None


def partial_fault(part: bytes, seen: int = 0) -> Fault | None:
    """What is already wrong with a head that has not come whole; its first `seen` bytes were looked at."""
    if len(part) > MAX_HEAD:
        return TOO_LONG
    if _BARE_LF.search(part, seen):
        return _bad("lines of a head end with CR LF")
    return None


def take_upgrade(head: bytes) -> tuple[bytes, bytes]:
    """The head without its Upgrade fields, and their value.

    The parser takes the body of a request that offers an upgrade for the new protocol's bytes; RFC 9110,
    7.8 lets a server ignore the offer, and the body then follows as ever.
    """
    lines = head.split(b"\r\n")
    offers = [line for line in lines if line[:8].lower() == b"upgrade:"]
    kept = [line for line in lines if line[:8].lower() != b"upgrade:"]
    return b"\r\n".join(kept), b", ".join(offer[8:].strip() for offer in offers)


def _request_line_fault(head: bytes) -> Fault:
    line = head.partition(b"\r\n")[0]
    parts = line.split(b" ")
    if parts[0] == b"CONNECT" or re.match(rb"[A-Za-z]+://", b"".join(parts[1:2])):
        return _bad("this is a gateway to models, no proxy; use it as the base URL of the client")
    if len(parts) == 3 and parts[2].startswith(b"HTTP/") and parts[2] not in (b"HTTP/1.1", b"HTTP/1.0"):
        return Fault(505, "http_version", "this server speaks HTTP/1.1")
    return _bad("the request line is not METHOD /path HTTP/1.1")


def _coding_fault(lowered: bytes, minor: bytes) -> Fault | None:
    values = re.findall(rb"\r\ntransfer-encoding:[ \t]*(.*?)[ \t]*(?=\r\n)", lowered)
    if minor == b"0":
        return _bad("HTTP/1.0 knows no Transfer-Encoding")
    if values != [b"chunked"]:
        return _bad("the only Transfer-Encoding here is chunked")
    return None
