"""The gateway's own webhook: one signed POST for each alert, to the address that the settings name."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from gateway_core.alerts.signing import SIGNATURE, TIMESTAMP, signature
from gateway_core.clock import Clock
from gateway_core.model.alerts import Alert
from gateway_core.model.errors import Fault
from gateway_core.providers.provider import Provider
from gateway_core.upstream.posting import Poster
from gateway_core.vault import Vault

SECRET_NAME = "alerts webhook"
"""Its user in the keyring; no provider can have a name with a space in it."""
SECRET_VARIABLE = "LLMCONSOLE_WEBHOOK_SECRET"
SHORTEST_SECRET = 16


def secret_holder(setting: str) -> Provider:
    """The secret's place, in the form in which the vault knows places. setting: keyring, env:… or file:…"""
    return Provider(SECRET_NAME, "the webhook", (), "", key_env=(SECRET_VARIABLE,), api_key=setting)


class Webhook:
    """Posts {id, at, kind, text, data}. A status of 200 to 299 means that it was taken."""

    name = "webhook"

    def __init__(self, url: str, holder: Provider, vault: Vault, clock: Clock) -> None:
        self._url = url
        self._holder = holder
        self._vault = vault
        self._clock = clock
        self._poster = Poster()

    async def send(self, alert: Alert) -> None:
        """Raises Fault."""
        body = payload(alert)
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "content-type": "application/json",
            TIMESTAMP: timestamp,
            SIGNATURE: signature(await self._secret(), timestamp, body),
        }
        status = await self._poster.post(self._url, headers, body)
        if not 200 <= status < 300:
            which = ", a redirect, which is not followed" if 300 <= status < 400 else ""
            raise Fault(f"{urlsplit(self._url).hostname} answered {status}{which}")

    async def aclose(self) -> None:
        await self._poster.aclose()

    async def _secret(self) -> str:
        key = await self._vault.key(self._holder)
        if key is None:
            raise Fault(
                f"the webhook has no signing secret; store one with: llmconsole alerts secret, "
                f"or set {SECRET_VARIABLE}"
            )
        if len(key.text) < SHORTEST_SECRET:
            raise Fault(
                f"the webhook's secret is shorter than {SHORTEST_SECRET} characters; use a longer one"
            )
        return key.text


def payload(alert: Alert) -> bytes:
    """The body of the POST."""
    return msgspec.json.encode(
        {"id": alert.id, "at": alert.at, "kind": alert.kind, "text": alert.text, "data": alert.data}
    )
