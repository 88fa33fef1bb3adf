"""Which headers go to a provider, and which of its own come back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from gateway_core.clouds.aws import is_signing_pair
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
    # They would make another call of it than the one that was held for, or an answer without its usage.
    | {b"x-http-method-override", b"x-http-method", b"x-method-override", b"x-original-url", b"x-rewrite-url"}
    | {b"x-goog-fieldmask"}
)
_NOT_SENT_PREFIXES = (b"x-llmconsole-", b"x-litellm-", b"x-portkey-", b"helicone-", b"x-forwarded-")
# What a provider says to a browser about its own site would be taken as said about this gateway.
_NOT_RETURNED = _HOP_BY_HOP | {b"set-cookie", b"alt-svc", b"strict-transport-security", b"nel", b"report-to"}
_NOT_RETURNED_PREFIXES = (b"x-llmconsole-", b"access-control-")
# The first that is there: Anthropic, OpenAI and most others, Azure, AWS.
_REQUEST_IDS = (
    b"request-id",
    b"x-request-id",
    b"apim-request-id",
    b"x-amzn-requestid",
    b"x-goog-request-id",
    b"cf-ray",
)


def sent_headers(
    provider: Provider,
    fields: Iterable[tuple[bytes, bytes]],
    key: str | None,
    host: bytes,
    body_length: int | None,
) -> Fields:
    """The head fields of a request to `provider`, made from those of the client, whose names are in lower
    case. Length None: no body. Raises Refusal 400 for a key that cannot stand in a header.
    """
    fields = list(fields)
    own_key = provider.api_key == "client"
    named = _named(_connection(fields))
    out: Fields = [(b"host", host)]
    for name, value in fields:
        if name in named or not (_is_sent(name) or (own_key and name in CREDENTIALS)):
            continue
        out.append((name, _readable(value) if name == b"accept-encoding" else value))
    if credential := _credential(provider, key):
        out.append(credential)
    names = {name for name, _ in out}
    for title, text in provider.headers.items():
        if (name := title.lower().encode("latin-1")) not in names:
            out.append((name, text.encode("latin-1")))
    if b"user-agent" not in names:
        out.append((b"user-agent", b"llmconsole"))
    if body_length is not None:
        out.append((b"content-length", b"%d" % body_length))
    return out


def is_signed(provider: Provider, key: str | None) -> bool:
    """Whether a call goes out with a signature instead of the key."""
    return provider.auth == "sigv4" and key is not None and is_signing_pair(key)


def returned_headers(fields: Iterable[tuple[bytes, bytes]]) -> tuple[Fields, str | None]:
    """The fields of an answer that a client may see, names in lower case, and the provider's request id."""
    kept: Fields = []
    connection: list[bytes] = []
    ids: dict[bytes, bytes] = {}
    for name, value in fields:
        name, is_returned = _returned(name)
        if is_returned:
            kept.append((name, value))
            if name in _REQUEST_IDS:
                ids[name] = value
        elif name == b"connection":
            connection.append(value)
    if named := _named(b",".join(connection)):
        kept = [field for field in kept if field[0] not in named]
    found = next((ids[name] for name in _REQUEST_IDS if name in ids and name not in named), None)
    return kept, found.decode("latin-1") if found else None


@lru_cache(maxsize=1024)
def _is_sent(name: bytes) -> bool:
    return name not in _NOT_SENT and not name.startswith(_NOT_SENT_PREFIXES)


@lru_cache(maxsize=1024)
def _returned(name: bytes) -> tuple[bytes, bool]:
    """A name in lower case, and whether its field goes back to the client."""
    name = name.lower()
    return name, name not in _NOT_RETURNED and not name.startswith(_NOT_RETURNED_PREFIXES)


def _credential(provider: Provider, key: str | None) -> tuple[bytes, bytes] | None:
    if key is None or provider.auth == "none" or is_signed(provider, key):
        return None
    try:
        text = key.encode("ascii")
    except UnicodeEncodeError:
        raise Refusal(
            400, "bad_key", f"the key of {provider.title} holds characters that no key has"
        ) from None
    if provider.auth in ("bearer", "google", "sigv4"):
        return b"authorization", b"Bearer " + text
    return provider.auth.encode("ascii"), text


def _connection(fields: Fields) -> bytes:
    return b",".join([value for name, value in fields if name == b"connection"])


@lru_cache(maxsize=64)
def _named(connection: bytes) -> frozenset[bytes]:
    """The names that a Connection field declares to be for one connection only."""
    return frozenset(each.strip().lower() for each in connection.split(b",") if each.strip())


@lru_cache(maxsize=64)
def _readable(accept_encoding: bytes) -> bytes:
    """The codings among those accepted that we can read too, with their weights."""
    parts = [part.strip() for part in accept_encoding.split(b",")]
    known = [part for part in parts if part.split(b";")[0].strip().lower() in CODINGS]
    return b", ".join(known) or b"identity"
