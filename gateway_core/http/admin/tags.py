"""Tags: which are in use, and what their values are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, TypeVar

import anyio.to_thread
from fastapi import Query

from gateway_core.http.admin.answers.tags import (
    RenamedAnswer,
    TagAnswer,
    TagNameAnswer,
    TagNamesAnswer,
    TagsAnswer,
)
from gateway_core.http.admin.bodies import RenameBody
from gateway_core.http.admin.edits import Who
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.queries import instant
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.model.money import usd_string
from gateway_core.model.policy import OPINION_TAG, Budget, Match, ModeRule, Policy, Route, Throttle
from gateway_core.model.tags import checked

router = subject("tags")
MOST = 10_000
EVER = "1970-01-01T00:00:00Z"

Matching = TypeVar("Matching", Budget, Throttle, ModeRule)


@router.get("/tags")
async def tags(
    gateway: Gateway,
    since: str = "30d",
    key: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 200,
) -> TagsAnswer:
    """The tags of calls since then, the dearest first; a call counts at each of its tags."""
    found = await read(gateway.queries.top_tags, instant(gateway, since), None, key, limit)
    return TagsAnswer(tags=[TagAnswer(**each) for each in found])


@router.get("/tags/names")
async def names(gateway: Gateway) -> TagNamesAnswer:
    """Every renaming in force."""
    found = await anyio.to_thread.run_sync(gateway.tag_store.all)
    return TagNamesAnswer(names=[TagNameAnswer(key=e.key, value=e.value, name=e.name) for e in found])


@router.post("/tags/rename")
async def rename(body: RenameBody, gateway: Gateway, who: Who) -> RenamedAnswer:
    """Calls values of a key by another name, in all that was counted and all that comes; rules that match on
    them follow. Without `apply` it only says what that would change."""
    if body.key == OPINION_TAG:
        raise Refusal(
            400, "own_tag", f"tag {OPINION_TAG!r} is the gateway's own: budgets are held by its value"
        )
    for value in (*body.values, body.name):
        try:
            checked({body.key: value})
        except ValueError as error:
            raise Refusal(400, "invalid_tags", str(error)) from None
    answer = await _what_changes(gateway, body)
    if body.apply:
        await anyio.to_thread.run_sync(
            lambda: gateway.tag_store.rename(body.key, body.values, body.name, who=who)
        )
        if answer.rules:
            await gateway.policies.edit("tags", lambda old: _renamed(old, body), who)
        await gateway.tags_renamed()
    return answer


@router.delete("/tags/names/{key}/{value:path}")
async def restore(key: str, value: str, gateway: Gateway) -> RenamedAnswer:
    """Shows a value as it was written again, also on calls that came with it meanwhile; what came with the
    new name keeps that."""
    if not await anyio.to_thread.run_sync(gateway.tag_store.restore, key, value):
        raise Refusal(404, "no_such_name", f"{key}={value} was not renamed; see: llmconsole tags names")
    await gateway.tags_renamed()
    return await _what_changes(gateway, RenameBody(key=key, values=[value], name=value))


async def _what_changes(engine: Engine, body: RenameBody) -> RenamedAnswer:
    found = await read(engine.queries.top_tags, EVER, None, body.key, MOST)
    there = [each for each in found if each["value"] in body.values]
    policy = engine.policies.current
    return RenamedAnswer(
        calls=sum(each["calls"] for each in there),
        cost_usd=usd_string(await _spent(engine, body)),
        rules=list(_rules(policy, body)),
        applied=body.apply,
    )


async def _spent(engine: Engine, body: RenameBody) -> int:
    spent = [await read(engine.queries.spent, {body.key: value}, EVER) for value in body.values]
    return sum(nano for nano, _ in spent)


def _rules(policy: Policy, body: RenameBody) -> Iterable[str]:
    """What matches on the old values, in words."""
    for what, entries in (
        ("budget", [(each.name, each.match) for each in policy.budgets]),
        ("throttle", [(each.name, each.match) for each in policy.throttles]),
        ("route", [(each.name, each.when) for each in policy.routes]),
        ("mode rule", [(each.mode, each.match) for each in policy.mode_rules]),
        ("cache rule", [("exact", policy.exact_cache.when)]),
        ("cache rule", [("semantic", each.when) for each in policy.semantic_cache]),
    ):
        yield from (f"{what} {name}" for name, match in entries if match.get(body.key) in body.values)


def _renamed(policy: Policy, body: RenameBody) -> Policy:
    return replace(
        policy,
        budgets=tuple(_matching(each, body) for each in policy.budgets),
        throttles=tuple(_matching(each, body) for each in policy.throttles),
        routes=tuple(_routing(each, body) for each in policy.routes),
        mode_rules=tuple(_matching(each, body) for each in policy.mode_rules),
        exact_cache=replace(policy.exact_cache, when=_match(policy.exact_cache.when, body)),
        semantic_cache=tuple(replace(each, when=_match(each.when, body)) for each in policy.semantic_cache),
    )


def _matching(entry: Matching, body: RenameBody) -> Matching:
    return replace(entry, match=_match(entry.match, body))


def _routing(route: Route, body: RenameBody) -> Route:
    return replace(route, when=_match(route.when, body))


def _match(match: Match, body: RenameBody) -> Match:
    return match if match.get(body.key) not in body.values else {**match, body.key: body.name}
