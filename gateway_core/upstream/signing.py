"""What a call to AWS is signed by: the host, the kind of its body, and all that is said to AWS itself."""

from __future__ import annotations

from gateway_core.clouds.aws import signature
from gateway_core.providers.provider import Provider
from gateway_core.upstream.headers import Fields

_SIGNED = (b"host", b"content-type")


def signature_fields(
    provider: Provider, key: str, method: str, url: str, fields: Fields, body: bytes
) -> Fields:
    """The fields that a call is sent with besides its own."""
    assert provider.cloud is not None
    signed = {name: value for name, value in fields if name in _SIGNED or name.startswith(b"x-amz")}
    return signature(key, provider.cloud.service, provider.cloud.region, method, url, signed, body)
