"""The head of a request as bytes."""

from __future__ import annotations

from gateway_core.transport.trouble import Kind, Trouble

Fields = list[tuple[bytes, bytes]]


def request_head(method: str, target: bytes, netloc: bytes, fields: Fields, body_length: int) -> bytes:
    """Request line and fields, up to and with the empty line.

    `host` and `content-length` are added where they are missing. Raises Trouble LOCAL where a part holds
    a line end or NUL, which would make it more than it says.
    """
    names = {name.lower() for name, _ in fields}
    lines = [b"%b %b HTTP/1.1" % (method.encode("ascii"), target)]
    if b"host" not in names:
        lines.append(b"host: " + netloc)
    lines.extend([b"%b: %b" % field for field in fields])
    if b"content-length" not in names and (body_length or method in ("POST", "PUT", "PATCH")):
        lines.append(b"content-length: %d" % body_length)
    head = b"\r\n".join(lines)
    ends = len(lines) - 1
    if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head or b" " in target:
        raise Trouble(Kind.LOCAL, "a header of the request holds a line end or NUL")
    return head + b"\r\n\r\n"
