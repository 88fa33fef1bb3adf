"""A call as a line for a shell: its format, model, path and tags; what it said is not kept. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

from console.pointing import TOKEN_VARIABLE
from console.shapes import Call

ASKED = "…"
"""Stands for the words of the request."""
_MESSAGES = {"messages": [{"role": "user", "content": ASKED}]}
_BODIES: Mapping[str, Mapping[str, Any]] = {
    "anthropic": {"max_tokens": 1024, **_MESSAGES},
    "gemini": {"contents": [{"role": "user", "parts": [{"text": ASKED}]}]},
    "responses": {"input": ASKED},
}


def as_curl(call: Call, url: str) -> str:
    """A command in several lines. It takes the token from a variable, so that it can be shown to anybody."""
    body = dict(_BODIES.get(call.format, _MESSAGES))
    if call.format != "gemini":
        body = {"model": call.asked_model, **body}
    headers = ["content-type: application/json"]
    if call.format == "anthropic":
        headers.append("anthropic-version: 2023-06-01")
    if call.tags:
        words = ",".join(f"{key}={value}" for key, value in sorted(call.tags.items()))
        headers.append(f"x-llmconsole-tags: {words}")
    parts = [
        f"curl {shlex.quote(url + call.path)}",
        f'-H "x-llmconsole-token: ${TOKEN_VARIABLE}"',
        *(f"-H {shlex.quote(header)}" for header in headers),
        f"-d {shlex.quote(json.dumps(body, ensure_ascii=False))}",
    ]
    return " \\\n  ".join(parts)
