"""How calls are wrapped where a format is served inside a cloud: other paths, a few fields, other framing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway_core.providers.cloud import Envelope
from gateway_core.providers.provider import Provider
from gateway_core.upstream.envelopes.bedrock import to_bedrock
from gateway_core.upstream.envelopes.letter import Letter, Wrap, betas_of
from gateway_core.upstream.envelopes.vertex import to_vertex

_WRAPS: Mapping[Envelope, Wrap] = {"bedrock": to_bedrock, "vertex": to_vertex}


def wrapped(
    provider: Provider, method: str, path_and_query: str, headers: Iterable[tuple[bytes, bytes]], body: bytes
) -> Letter:
    """A call as the provider takes it, and how its answer is read. Raises Refusal 400 for what it does not
    serve."""
    letter = Letter(path_and_query, headers, body)
    wrap = _WRAPS.get(provider.cloud.envelope) if provider.cloud else None
    return wrap(provider, letter) if wrap is not None and method == "POST" else letter


def left_out(provider: Provider, headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, ...]:
    """What of a call's headers is not said to the provider, which would refuse it; for a person."""
    cloud = provider.cloud
    if cloud is None:
        return ()
    return tuple(f"beta {beta}" for beta in betas_of(headers) if not cloud.knows_beta(beta))
