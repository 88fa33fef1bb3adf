"""The output cap in the older word, for providers that know no other and pass over what they do not know."""

from __future__ import annotations

from gateway_core.formats.json_object import read_body
from gateway_core.formats.openai_chat.request import CAPS
from gateway_core.formats.splice import splice, without


def in_older_word(body: bytes) -> bytes:
    """The body with `max_tokens` where it says `max_completion_tokens`; what says both says `max_tokens`."""
    newer, older = CAPS
    if newer.encode() not in body:
        return body
    found = read_body(body)
    if newer not in found.values:
        return body
    return without(found, newer) if older in found.values else splice(found, {}, renamed={newer: older})
