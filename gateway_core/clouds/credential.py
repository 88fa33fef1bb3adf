"""What a call inside a cloud is sent with, as the library of that cloud gave it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credential:
    """text: what upstream signs or sends with. Seconds from now: it is renewed from `fresh` on, and good
    until `usable`."""

    text: str = field(repr=False)
    fresh: float
    usable: float
