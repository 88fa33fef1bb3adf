"""How a provider fails us."""

from __future__ import annotations

from typing import Literal

from gateway_core.model.errors import Fault

FailureKind = Literal["connect", "timeout", "broken"]


class UpstreamFailure(Fault):
    """A call that a provider did not answer, or not to the end.

    kind: `connect`: no connection came about; `timeout`: it fell silent; `broken`: anything else.
    sent: the provider may have received the request, and may bill it.
    """

    def __init__(self, kind: FailureKind, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.kind = kind
        self.sent = sent
