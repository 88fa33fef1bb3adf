"""An error of a provider, in nobody's words: what is written on in the client's format."""

from __future__ import annotations

from dataclasses import dataclass

from gateway_core.model.errors import Refusal

TOO_LONG = "context_length_exceeded"
"""Agents shorten their conversation when they hear this; each format says it in its own way."""
_TOO_LONG_WORDS = ("prompt is too long", "context length", "context window", "maximum number of tokens")


@dataclass(frozen=True, slots=True)
class Failure:
    """`code`: the provider's own short word, empty where it has none; `retry_after`: whole seconds."""

    status: int
    message: str
    code: str = ""
    param: str | None = None
    retry_after: int | None = None

    @property
    def too_long(self) -> bool:
        """The input is longer than the model's window."""
        told = self.message.lower()
        return self.status < 500 and (self.code == TOO_LONG or any(word in told for word in _TOO_LONG_WORDS))

    def refusal(self) -> Refusal:
        """As the formats write refusals of our own."""
        code = TOO_LONG if self.too_long else self.code or _CODES.get(self.status, "provider_error")
        return Refusal(self.status, code, self.message, retry_after=self.retry_after)


_CODES = {
    400: "invalid_request",
    401: "invalid_api_key",
    403: "permission_denied",
    404: "model_not_found",
    413: "too_large",
    429: "rate_limit_exceeded",
    529: "overloaded",
}


UNREADABLE = Failure(502, "the provider's stream held an event that cannot be read")


def plain_failure(status: int, body: bytes) -> Failure:
    """The failure of a body that is no error of its format: a proxy's page, say."""
    text = body[:300].decode("utf-8", "replace").strip()
    return Failure(status, text or f"the provider answered with status {status}")
