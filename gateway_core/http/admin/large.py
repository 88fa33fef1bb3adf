"""Answers of many rows, read, checked and written as JSON in a worker thread: no call waits for them."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Response

from gateway_core.http.admin.answers.base import Answer
from gateway_core.http.admin.engine import read


async def large(answer: Callable[[], Answer]) -> Response:
    """The response that carries an answer. Raises what `answer` raises, which must touch nothing that belongs
    to the event loop."""
    return await read(lambda: Response(answer().model_dump_json(), media_type="application/json"))
