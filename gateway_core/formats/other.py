"""A request on a path that passes through as it is: only what it says of itself in passing."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from gateway_core.model.call import Ask, DialectName, Operation

_FORM_MODEL = re.compile(rb'name="model"(?:\r\n[^\r\n]+)*\r\n\r\n([^\r\n]{1,256})\r\n')
"""The field of a multipart form that names the model; files may come before it."""


class _Body(msgspec.Struct):
    model: Any = None
    stream: Any = None


def read_other(dialect: DialectName, operation: Operation, body: bytes, model: str | None = None) -> Ask:
    """The model and the wish for a stream, if the body is JSON and names them; `model` is the path's."""
    if body.startswith(b"--"):
        form = _FORM_MODEL.search(body)
        model = model or (form[1].decode("utf-8", "replace") if form else None)
        return Ask(dialect, operation, model or "", input_bytes=len(body))
    try:
        found = msgspec.json.decode(body, type=_Body)
    except (ValueError, RecursionError):
        found = _Body()
    named = found.model if isinstance(found.model, str) else ""
    return Ask(dialect, operation, model or named, stream=found.stream is True, input_bytes=len(body))
