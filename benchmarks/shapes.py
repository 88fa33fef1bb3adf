"""The requests of the benchmark: about 0.75 KB, answered with about 1 KB or with 100 chunks."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

MODEL = "gpt-4o-mini"
CHUNKS = 100
MANY_CHUNKS = 600
"""Of a stream that shows what a chunk costs without the call that it belongs to."""
_SENTENCE = "Name three ways in which a queue can fail when its readers are slower than its writers. "


def body(*, stream: bool = False) -> bytes:
    """A chat completion of about 0.75 KB, without white space as the clients' own encoders write it."""
    messages = [
        {"role": "system", "content": "You answer in plain words and in at most ten lines."},
        {"role": "user", "content": _SENTENCE * 6},
    ]
    wanted = {"model": MODEL, "messages": messages, "max_tokens": 400, "stream": stream}
    return json.dumps(wanted, separators=(",", ":")).encode()


def request(url: str, *, key: str, stream: bool = False, headers: dict[str, str] | None = None) -> bytes:
    """The whole HTTP/1.1 request as bytes, ready to be written again and again."""
    content = body(stream=stream)
    parts = urlsplit(url)
    lines = {
        "host": parts.netloc,
        "authorization": f"Bearer {key}",
        "content-type": "application/json",
        "content-length": str(len(content)),
        "accept": "application/json",
        "user-agent": "llmconsole-benchmark",
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {parts.path}/v1/chat/completions HTTP/1.1\r\n{head}\r\n".encode() + content
