"""How an alert's webhook is signed, so that its receiver can tell it from anybody else's.

The signature is HMAC-SHA256 over the timestamp, a full stop and the body as sent, in lower-case hex after
`v1=`. A receiver computes the same, compares in constant time, and refuses a timestamp of long ago.
"""

from __future__ import annotations

import hashlib
import hmac

TIMESTAMP = "x-llmconsole-timestamp"
"""Seconds since 1970."""
SIGNATURE = "x-llmconsole-signature"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the signature's header."""
    signed = timestamp.encode("ascii") + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
