"""What clients call: guards each request, reads it, and sends it down the pipeline."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from gateway_core.exchange import Inbound
from gateway_core.formats import DIALECTS
from gateway_core.formats.dialect import ModelCard
from gateway_core.http.asgi import AsgiClient, Gone, Receive, Scope, Send, read_body
from gateway_core.http.guard import Tokens, check_host
from gateway_core.http.paths import Door, dialect_of, find_door
from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.ids import request_id
from gateway_core.pipeline import Parts, serve

log = logging.getLogger(__name__)


@dataclass(slots=True)
class DataPlane:
    """The ASGI application of the data plane."""

    parts: Parts
    tokens: Tokens
    listening: frozenset[str]
    body_limit: int
    refusing: Callable[[], Refusal | None]
    """Why nothing new is served (draining), None while it is."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        now = self.parts.clock.now()
        call_id = request_id(int(now.timestamp() * 1000), secrets.randbits(80))
        dialect = dialect_of(scope["path"], headers)
        client = AsgiClient(send, dialect, call_id, headers)
        try:
            await self._serve(scope, receive, send, headers, call_id)
        except Refusal as refusal:
            await client.refuse(refusal)
        except Gone:
            return

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str], call_id: str
    ) -> None:
        began = self.parts.clock.monotonic()
        check_host(headers, self.listening)
        if headers.get("upgrade", "").lower() == "websocket":
            raise Refusal(
                426, "no_websocket", "web sockets are not served; use POST", headers={"upgrade": "HTTP/1.1"}
            )
        query = scope["query_string"].decode("latin-1")
        door = find_door(scope["method"], scope["raw_path"].decode("latin-1"), query, headers)
        token, token_header = self.tokens.find(headers)
        if (why := self.refusing()) is not None:
            raise why
        client = AsgiClient(send, door.dialect, call_id, headers)
        if door.operation is Operation.MODELS:
            await self._list_models(door, client)
            return
        _check_json(headers)
        try:
            body = await read_body(receive, headers, self.body_limit)
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
            raw_headers=_without(scope["headers"], token_header),
            token=token,
            body=body,
        )
        await self._until_left(request, client, receive)

    async def _until_left(self, request: Inbound, client: AsgiClient, receive: Receive) -> None:
        """Serves the request, and stops where it stands when the client leaves."""
        serving = asyncio.current_task()
        left = False

        async def watch() -> None:
            nonlocal left
            while (await receive())["type"] != "http.disconnect":
                continue
            left = True
            if serving is not None:
                serving.cancel()

        # It ends with this frame, whatever happens; a task group would cost twice as much for each call.
        watching = asyncio.create_task(watch())  # noqa: TID251
        try:
            await serve(self.parts, request, client)
        except asyncio.CancelledError:
            if not left or serving is None or serving.uncancel():
                raise
        except Exception:
            # A supervisor: whatever went wrong, the client gets an answer and the log the cause.
            log.exception("internal error in call %s", request.id)
            if not client.started:
                await client.refuse(
                    Refusal(500, "internal_error", f"internal error, see the gateway's log for {request.id}")
                )
        finally:
            watching.cancel()

    async def _list_models(self, door: Door, client: AsgiClient) -> None:
        cards = [card for card in self.parts.catalog.cards() if _lists(door, card, self.parts)]
        dialect = DIALECTS[door.dialect]
        if door.model is None:
            body = dialect.model_list(cards)
        else:
            found = next(
                (card for card in cards if door.model in (card.id, f"{card.provider}/{card.id}")), None
            )
            if found is None:
                raise Refusal(404, "model_not_found", f"model {door.model!r} is not known here")
            body = dialect.model_card(found)
        await client.answer(200, [(b"content-type", b"application/json")], body)


def _lists(door: Door, card: ModelCard, parts: Parts) -> bool:
    """Whether a client of that format can call the model."""
    dialects = parts.catalog.provider(card.provider).dialects
    return door.dialect in dialects or (
        door.dialect is DialectName.OPENAI_CHAT and DialectName.OPENAI_RESPONSES in dialects
    )


def _without(headers: list[tuple[bytes, bytes]], name: str | None) -> list[tuple[bytes, bytes]]:
    """The headers without the one that held our own token: no provider ever sees it."""
    encoded = (name or "").encode()
    return [each for each in headers if each[0] != encoded]


def _check_json(headers: dict[str, str]) -> None:
    """JSON only: a web page cannot send that content type without asking first."""
    kind = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refusal(
            415, "not_json", f"content-type {kind[:60]!r} is not served here; send application/json"
        )
