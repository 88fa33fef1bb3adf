"""Google's token endpoint, simulated: access tokens for the signed assertions of one service account.

Source: developers.google.com/identity/protocols/oauth2/service-account.
"""

from __future__ import annotations

import base64
import itertools
import time
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

import msgspec

from gateway_core.model.errors import Refusal

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_AUDIENCE = "https://oauth2.googleapis.com/token"
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_EMAIL = "simulated@sim-project.iam.gserviceaccount.com"
LIFE_SECONDS = 3600


class TokenDesk:
    """Gives out the account's key, and tokens to who can sign with it. Tokens end."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._ends: dict[str, float] = {}

    def account(self, url: str, query: str) -> bytes:
        """The JSON file of the account. `life=…` in the query: the seconds that its tokens are good for."""
        from cryptography.hazmat.primitives import serialization

        pem = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        account = {
            "type": "service_account",
            "project_id": "sim-project",
            "private_key_id": "simulated-key-00a7",
            "private_key": pem.decode(),
            "client_email": _EMAIL,
            "client_id": "1",
            "token_uri": f"{url}/token?{query}",
        }
        return msgspec.json.encode(account)

    def issue(self, query: str, form: bytes) -> bytes:
        """A token for an assertion. Raises Refusal 400 for one that is forged, old or for something else."""
        fields = parse_qs(form.decode("latin-1"))
        if fields.get("grant_type") != [_GRANT]:
            raise Refusal(400, "unsupported_grant_type", "Invalid grant_type")
        self._check(fields.get("assertion", [""])[0])
        life = int(parse_qs(query).get("life", [str(LIFE_SECONDS)])[0])
        token = f"ya29.simulated-token-{next(self._numbers):04d}"
        self._ends[token] = time.monotonic() + life
        return msgspec.json.encode({"access_token": token, "expires_in": life, "token_type": "Bearer"})

    def check(self, token: str) -> str:
        """The token itself. Raises Refusal 401 for one that was not issued here or has ended."""
        if self._ends.get(token, 0.0) <= time.monotonic():
            raise Refusal(401, "unauthenticated", "Request had invalid authentication credentials.")
        return token

    @cached_property
    def _key(self) -> Any:
        from cryptography.hazmat.primitives.asymmetric import rsa

        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def _check(self, assertion: str) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import padding
        from cryptography.hazmat.primitives.hashes import SHA256

        head, _, rest = assertion.partition(".")
        claims, _, signature = rest.partition(".")
        try:
            signed = f"{head}.{claims}".encode()
            self._key.public_key().verify(_bytes(signature), signed, padding.PKCS1v15(), SHA256())
            header, said = msgspec.json.decode(_bytes(head)), msgspec.json.decode(_bytes(claims))
        except (InvalidSignature, ValueError):
            raise Refusal(400, "invalid_grant", "Invalid JWT Signature.") from None
        now = time.time()
        timely = said["iat"] - 60 <= now < said["exp"] <= said["iat"] + 3600
        meant = (header["alg"], said["iss"], said["aud"]) == ("RS256", _EMAIL, _AUDIENCE)
        if not (timely and meant and _SCOPE in said["scope"].split()):
            raise Refusal(400, "invalid_grant", "Invalid JWT: check iat, exp, iss, aud and scope.")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
