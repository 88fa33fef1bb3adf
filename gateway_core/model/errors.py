"""The few errors of the gateway. Each says what is wrong, where, and the mend.

Fault                  anything a person is told in one sentence
├── ConfigError        the configuration or a policy file is wrong     → exit status 2
├── StartError         the gateway cannot start here and now           → exit status 3
└── Refusal            a call is not served                            → an HTTP status
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NONE: Mapping[str, str] = MappingProxyType({})
NO_KEY = "no_provider_key"
"""The code of a Refusal for want of a provider's key."""


class Fault(Exception):
    """An error with a sentence for the person who meets it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConfigError(Fault):
    """A configuration or policy is wrong; the message names file, line and the mend."""


class StartError(Fault):
    """The gateway cannot start; the message names what stands in the way and the mend."""


class Refusal(Fault):
    """A call is not served.

    status: the HTTP status; code: a short stable word for programs (`budget_spent`, `model_not_found`);
    retry_after: whole seconds after which it may go better, None where waiting does not help;
    headers: further response headers.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        retry_after: int | None = None,
        headers: Mapping[str, str] = _NONE,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.headers = headers
