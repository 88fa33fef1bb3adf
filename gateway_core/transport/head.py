"""The head of a request as bytes."""

from __future__ import annotations

from gateway_core.transport.trouble import Kind, Trouble

Fields = list[tuple[bytes, bytes]]


def request_head(method: str, target: bytes, fields: Fields) -> bytes:
    """Request line and fields, up to and with the empty line.

    Raises Trouble LOCAL where a part holds a line end or NUL, which would make it more than it says.
    """
    lines = [b"%b %b HTTP/1.1" % (method.encode("ascii"), target)]
    lines += [b"%b: %b" % field for field in fields]
    head = b"\r\n".join(lines)
    ends = len(fields)
    if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head or b" " in target:
        raise Trouble(Kind.LOCAL, "a header of the request holds a line end or NUL")
    return head + b"\r\n\r\n"


def completed(fields: Fields, method: str, netloc: bytes, body_length: int) -> Fields:
    """The fields with `host` in front and `content-length` behind, where they are missing."""
    names = {name.lower() for name, _ in fields}
    host = [] if b"host" in names else [(b"host", netloc)]
    measured = b"content-length" in names or not (body_length or method in ("POST", "PUT", "PATCH"))
    return [*host, *fields, *([] if measured else [(b"content-length", b"%d" % body_length)])]
