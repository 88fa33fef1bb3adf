"""What clients call: guards each request, reads it, and sends it down the pipeline."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass

from gateway_core.formats import DIALECTS
from gateway_core.formats.dialect import ModelCard
from gateway_core.http.asgi import Scope
from gateway_core.http.client import Gone, HttpClient, read_body
from gateway_core.http.cycle import Cycle, cycle_of
from gateway_core.http.guard import Tokens, check_host
from gateway_core.http.paths import Door, dialect_of, find_door
from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.ids import request_id
from gateway_core.peers import Peers
from gateway_core.pipeline import serve
from gateway_core.pipeline.exchange import Inbound
from gateway_core.pipeline.parts import Parts

log = logging.getLogger(__name__)

KEYRING_SECONDS = 0.3
"""How long a list of models waits for the keyring, which may be asking a person for its password."""


@dataclass(slots=True)
class DataPlane:
    """The application of the data plane, on our own server: it asks a request's cycle, beside its scope."""

    parts: Parts
    tokens: Tokens
    listening: frozenset[str]
    body_limit: int
    refusing: Callable[[], Refusal | None]
    """Why nothing new is served (draining), None while it is."""
    peers: Peers

    async def __call__(self, scope: Scope) -> None:
        cycle = cycle_of(scope)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        # Chance that nobody need fail to guess: an id is no secret, it is shown in every answer.
        call_id = request_id(int(self.parts.clock.now().timestamp() * 1000), random.getrandbits(80))
        try:
            await self._serve(scope, cycle, headers, call_id)
        except Refusal as refusal:
            await HttpClient(cycle, dialect_of(scope["path"], headers), call_id, headers).refuse(refusal)
        except Gone:
            return

    async def _serve(self, scope: Scope, cycle: Cycle, headers: dict[str, str], call_id: str) -> None:
        began = self.parts.clock.monotonic()
        check_host(headers, self.listening, scope["server"][1])
        if headers.get("upgrade", "").lower() == "websocket":
            raise Refusal(
                426, "no_websocket", "web sockets are not served; use POST", headers={"upgrade": "HTTP/1.1"}
            )
        query = scope["query_string"].decode("latin-1")
        door = find_door(scope["method"], scope["raw_path"].decode("latin-1"), query, headers)
        token, token_headers = self.tokens.find(headers)
        if (why := self.refusing()) is not None:
            raise why
        self.peers.look(cycle.connection, scope["client"], scope["server"])
        client = HttpClient(cycle, door.dialect, call_id, headers, bare=door.operation is Operation.OTHER)
        if door.operation is Operation.MODELS:
            await self._list_models(door, client)
            return
        if door.operation is not Operation.OTHER:
            _check_json(headers)
        try:
            body = await read_body(cycle, headers, self.body_limit)
        except Refusal as refusal:
            await client.refuse(refusal)
            return
        request = Inbound(
            id=call_id,
            began=began,
            dialect=door.dialect,
            operation=door.operation,
            path=door.path,
            upstream_path=door.upstream_path,
            query=query,
            prefix=door.prefix,
            path_tags=door.tags,
            path_model=door.model,
            path_stream=door.stream,
            headers=headers,
            raw_headers=_without(scope["headers"], token_headers),
            token=token,
            peer_tags=await self.peers.tags(cycle.connection),
            body=body,
            method=scope["method"],
        )
        client.app = request.path_tags.get("app") or request.peer_tags.get("app", "")
        await self._until_left(request, client, cycle)

    async def _until_left(self, request: Inbound, client: HttpClient, cycle: Cycle) -> None:
        """Serves the request, and stops where it stands when the client leaves."""
        serving = asyncio.current_task()
        assert serving is not None
        cycle.when_left(serving.cancel)
        try:
            await serve(self.parts, request, client)
        except asyncio.CancelledError:
            if not cycle.disconnected or serving.uncancel():
                raise
        except Exception:
            # A supervisor: whatever went wrong, the client gets an answer and the log the cause.
            log.exception("internal error in call %s", request.id)
            if not client.started:
                await client.refuse(
                    Refusal(500, "internal_error", f"internal error, see the gateway's log for {request.id}")
                )
        finally:
            cycle.when_left(None)

    async def _list_models(self, door: Door, client: HttpClient) -> None:
        """Models of providers that can be called: a client's picker offers nothing that would fail."""
        catalog, vault = self.parts.catalog, self.parts.vault
        native = {card.id: _is_native(door, card, self.parts) for card in catalog.cards()}
        # Under a provider's own path, the models of its format; elsewhere all of them, those first.
        cards = [card for card in catalog.cards() if native[card.id] or door.prefix is None]
        cards.sort(key=lambda card: not native[card.id])
        providers = [catalog.provider(id) for id in {card.provider for card in cards}]
        ready = await vault.callable_ones(providers, within=KEYRING_SECONDS)
        dialect = DIALECTS[door.dialect]
        if door.model is None:
            body = dialect.model_list([card for card in cards if card.provider in ready])
        else:
            found = next(
                (card for card in cards if door.model in (card.id, f"{card.provider}/{card.id}")), None
            )
            if found is None:
                raise Refusal(404, "model_not_found", f"model {door.model!r} is not known here")
            if found.provider not in ready:
                raise Refusal(404, "model_not_found", vault.missing(catalog.provider(found.provider)))
            body = dialect.model_card(found)
        await client.answer(200, [(b"content-type", b"application/json")], body)


def _is_native(door: Door, card: ModelCard, parts: Parts) -> bool:
    """Whether a client of that format reaches the model without translation."""
    dialects = parts.catalog.provider(card.provider).serving(card.id).dialects
    return door.dialect in dialects or (
        door.dialect is DialectName.OPENAI_CHAT and DialectName.OPENAI_RESPONSES in dialects
    )


def _without(headers: list[tuple[bytes, bytes]], names: frozenset[str]) -> list[tuple[bytes, bytes]]:
    """The headers without those that held tokens of our own: no provider ever sees one."""
    encoded = {name.encode() for name in names}
    return [each for each in headers if each[0] not in encoded]


def _check_json(headers: dict[str, str]) -> None:
    """JSON only: a web page cannot send that content type without asking first."""
    kind = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refusal(
            415, "not_json", f"content-type {kind[:60]!r} is not served here; send application/json"
        )
