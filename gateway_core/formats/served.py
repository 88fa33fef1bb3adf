"""The service tier that was served, where only an answer's headers tell it.

Source: ai.google.dev/gemini-api/docs/priority-inference (x-gemini-service-tier; a call that asked for
priority may be served, and billed, as a standard one).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway_core.model.call import Reading

_HEADER = b"x-gemini-service-tier"


def with_served_tier(reading: Reading, headers: Iterable[tuple[bytes, bytes]]) -> Reading:
    """The reading with the tier of the headers, unless the answer names one itself."""
    if reading.usage is None or reading.usage.service_tier is not None:
        return reading
    told = next((value for name, value in headers if name.lower() == _HEADER), b"")
    tier = told.decode("latin-1").strip().lower().removeprefix("service_tier_")
    return replace(reading, usage=replace(reading.usage, service_tier=tier)) if tier else reading
