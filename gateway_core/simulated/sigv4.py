"""AWS's signature (version 4) checked anew: the simulated Bedrock trusts no code of who signs.

Source: docs.aws.amazon.com/IAM, "Create a signed AWS API request".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from gateway_core.model.errors import Refusal

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,]+)/(\d{8})/([^/,]+)/([^/,]+)/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)
_SKEW_SECONDS = 300

ACCESS, SECRET = "AKIASIMULATED01", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SESSION_ACCESS, SESSION = "ASIASIMULATED01", "simulated-session-token-of-a-role-3c9d"
"""The users there are: one with a pair of its own, one with a pair and the token of a session."""
_USERS: Mapping[str, tuple[str, str]] = {ACCESS: (SECRET, ""), SESSION_ACCESS: (SECRET, SESSION)}


@dataclass(frozen=True, slots=True)
class Signed:
    """What is signed of a request. path and query: as they were sent."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Those that are signed, names in lower case."""
    body: bytes

    def text(self) -> str:
        """The canonical request."""
        names = sorted(self.headers)
        return "\n".join(
            [
                self.method,
                quote(self.path, safe="/-_.~"),
                "&".join(
                    sorted(each if "=" in each else each + "=" for each in self.query.split("&") if each)
                ),
                *(f"{name}:{' '.join(self.headers[name].split())}" for name in names),
                "",
                ";".join(names),
                hashlib.sha256(self.body).hexdigest(),
            ]
        )

    def _pairs(self) -> list[tuple[str, str]]:
        parts = (each.partition("=") for each in self.query.split("&") if each)
        return [(name, value) for name, _, value in parts]


def signature(request: Signed, secret: str, at: str, day: str, region: str, service: str) -> str:
    """The signature that such a request has to bear. at: its x-amz-date."""
    key = b"AWS4" + secret.encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    hashed = hashlib.sha256(request.text().encode()).hexdigest()
    signed = "\n".join(["AWS4-HMAC-SHA256", at, f"{day}/{region}/{service}/aws4_request", hashed])
    return hmac.digest(key, signed.encode(), "sha256").hex()


def verify(request: Signed, service: str) -> str:
    """The access key of who signed a request; its headers are all that were sent. Raises Refusal 403."""
    found = _HEADER.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise _denied("MissingAuthenticationToken", "Missing Authentication Token")
    access, day, region, named, names, given = found.groups()
    secret, session = _USERS.get(access, ("", ""))
    if not secret or request.headers.get("x-amz-security-token", "") != session:
        raise _denied("UnrecognizedClient", "The security token included in the request is invalid.")
    must = {"host"} | {name for name in request.headers if name.startswith("x-amz")}
    if named != service or not must <= set(names.split(";")):
        raise _denied("InvalidSignature", "The scope or the signed headers are not as they must be.")
    at = request.headers["x-amz-date"]
    signed_at = datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs((datetime.now(UTC) - signed_at).total_seconds()) > _SKEW_SECONDS or not at.startswith(day):
        raise _denied("InvalidSignature", f"Signature expired: {at}")
    signed = {name: request.headers[name] for name in names.split(";")}
    only = Signed(request.method, request.path, request.query, signed, request.body)
    if not hmac.compare_digest(signature(only, secret, at, day, region, service), given):
        raise _denied(
            "InvalidSignature",
            "The request signature we calculated does not match the signature you provided. The Canonical "
            f"String for this request should have been '{only.text()}'; Signature={given}",
        )
    return access


def _denied(code: str, message: str) -> Refusal:
    return Refusal(403, code, message)
