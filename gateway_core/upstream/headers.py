"""Which headers go to a provider, and which of its own come back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from gateway_core.model.errors import Refusal
from gateway_core.providers.provider import Provider

Fields = list[tuple[bytes, bytes]]

CREDENTIALS = frozenset({b"authorization", b"x-api-key", b"x-goog-api-key", b"api-key"})
CODINGS = (b"gzip", b"deflate", b"br", b"zstd", b"identity")
"""Content codings that the gateway can read, and so may be asked for."""

# RFC 9110, 7.6.1: for one connection only.
_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"http2-settings",
    }
)
# Written anew for each provider (the body goes out plain), or nobody's business but ours.
_NOT_SENT = (
    _HOP_BY_HOP
    | CREDENTIALS
    | {b"host", b"content-length", b"content-encoding", b"cookie", b"expect"}
    | {b"forwarded", b"via", b"x-real-ip"}
)
_NOT_SENT_PREFIXES = (b"x-llmconsole-", b"x-litellm-", b"x-portkey-", b"helicone-", b"x-forwarded-")
# What a provider says to a browser about its own site would be taken as said about this gateway.
_NOT_RETURNED = _HOP_BY_HOP | {b"set-cookie", b"alt-svc", b"strict-transport-security", b"nel", b"report-to"}
_NOT_RETURNED_PREFIXES = (b"x-llmconsole-", b"access-control-")
# The first that is there: Anthropic, OpenAI and most others, Azure.
_REQUEST_IDS = (b"request-id", b"x-request-id", b"apim-request-id", b"x-goog-request-id", b"cf-ray")


def sent_headers(
    provider: Provider,
    fields: Iterable[tuple[bytes, bytes]],
    key: str | None,
    host: bytes,
    body_length: int | None,
) -> Fields:
    """The head fields of a request to `provider`, made from those of the client. Length None: no body.

    Raises Refusal 400 for a key that cannot stand in a header.
    """
    fields = [(name.lower(), value) for name, value in fields]
    dropped = _with_named(_NOT_SENT, _connection(fields))
    if provider.api_key == "client":
        dropped -= CREDENTIALS
    out: Fields = [(b"host", host)]
    names = set()
    for name, value in fields:
        if name in dropped or name.startswith(_NOT_SENT_PREFIXES):
            continue
        if name == b"accept-encoding":
            value = _readable(value)
        names.add(name)
        out.append((name, value))
    if credential := _credential(provider, key):
        names.add(credential[0])
        out.append(credential)
    for title, text in provider.headers.items():
        if (name := title.lower().encode("latin-1")) not in names:
            out.append((name, text.encode("latin-1")))
    if b"user-agent" not in names:
        out.append((b"user-agent", b"llmconsole"))
    if body_length is not None:
        out.append((b"content-length", b"%d" % body_length))
    return out


def returned_headers(fields: Iterable[tuple[bytes, bytes]]) -> tuple[Fields, str | None]:
    """The fields of an answer that a client may see, names in lower case, and the provider's request id."""
    lowered = [(name.lower(), value) for name, value in fields]
    dropped = _with_named(_NOT_RETURNED, _connection(lowered))
    kept = [
        (name, value)
        for name, value in lowered
        if name not in dropped and not name.startswith(_NOT_RETURNED_PREFIXES)
    ]
    present = dict(kept)
    found = next((present[name] for name in _REQUEST_IDS if name in present), None)
    return kept, found.decode("latin-1") if found else None


def _credential(provider: Provider, key: str | None) -> tuple[bytes, bytes] | None:
    if key is None or provider.auth == "none":
        return None
    try:
        text = key.encode("ascii")
    except UnicodeEncodeError:
        raise Refusal(
            400, "bad_key", f"the key of {provider.title} holds characters that no key has"
        ) from None
    if provider.auth == "bearer":
        return b"authorization", b"Bearer " + text
    return provider.auth.encode("ascii"), text


def _connection(fields: Fields) -> bytes:
    return b",".join([value for name, value in fields if name == b"connection"])


@lru_cache(maxsize=64)
def _with_named(dropped: frozenset[bytes], connection: bytes) -> frozenset[bytes]:
    """`dropped`, and the names that a Connection field declares to be for one connection only."""
    return dropped | {each.strip().lower() for each in connection.split(b",")}


@lru_cache(maxsize=64)
def _readable(accept_encoding: bytes) -> bytes:
    """The codings among those accepted that we can read too, with their weights."""
    parts = [part.strip() for part in accept_encoding.split(b",")]
    known = [part for part in parts if part.split(b";")[0].strip().lower() in CODINGS]
    return b", ".join(known) or b"identity"
