"""Client tokens: made, listed and revoked; their text is shown once."""

from __future__ import annotations

from gateway_core.http.admin.answers.access import NewTokenAnswer, TokenAnswer, TokensAnswer
from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.bodies import TokenBody
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.subject import subject
from gateway_core.http.client_tokens import FIRST
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ClientToken
from gateway_core.model.tags import checked

MAX_NAME = 64
router = subject("tokens")


@router.get("/tokens")
async def tokens(gateway: Gateway) -> TokensAnswer:
    """Every token by name, never its text."""
    used = await read(gateway.queries.tokens_used)
    found = await read(gateway.store.tokens)
    return TokensAnswer(tokens=[_answer(each, used.get(each.name)) for each in found])


def _answer(token: ClientToken, used: str | None) -> TokenAnswer:
    """used: when its name was used last, which may have been another token's name then."""
    ended = token.revoked_at
    own = used is not None and used >= token.created_at and (ended is None or used <= ended)
    return TokenAnswer(
        name=token.name,
        tags=dict(token.tags),
        created_at=token.created_at,
        revoked_at=ended,
        last_used_at=used if own else None,
    )


@router.post("/tokens")
async def create_token(body: TokenBody, gateway: Gateway) -> NewTokenAnswer:
    """Makes a token. Its text is in this answer and kept nowhere."""
    name = body.name.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise Refusal(400, "invalid_name", f"a token needs a name of 1 to {MAX_NAME} printable characters")
    try:
        tags = checked(body.tags)
    except ValueError as error:
        raise Refusal(400, "invalid_tags", str(error)) from None
    return NewTokenAnswer(name=name, token=await gateway.tokens.create(name, tags))


@router.delete("/tokens/{name:path}")
async def revoke_token(name: str, gateway: Gateway) -> DoneAnswer:
    """Lets a token in no longer, from now on."""
    await gateway.tokens.revoke(name)
    return DoneAnswer()


@router.get("/client-token")
async def client_token(gateway: Gateway) -> NewTokenAnswer:
    """The token of the first start, for pointing clients here."""
    text = gateway.tokens.first()
    live = {each.name for each in await read(gateway.store.tokens) if each.revoked_at is None}
    if not text or FIRST not in live:
        raise Refusal(
            404,
            "no_client_token",
            "the token of the first start was revoked; make one with: llmconsole tokens create NAME",
        )
    return NewTokenAnswer(name=FIRST, token=text)
