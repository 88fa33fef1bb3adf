"""The thresholds of classes and what else holds for all routes: the section [routing], as one thing.

Fields that a write leaves out stay as they are.
"""

from __future__ import annotations

from dataclasses import replace

from gateway_core.http.admin.answers.routing import ClassesAnswer, ThresholdsAnswer
from gateway_core.http.admin.bodies import ThresholdsBody
from gateway_core.http.admin.edits import Who, edit
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.expecting import About, Over
from gateway_core.http.admin.policy_parts import revision_of, whole
from gateway_core.http.admin.queries import instant
from gateway_core.http.admin.subject import subject
from gateway_core.model.policy import Policy, Routing
from gateway_core.settings.routes import read_routing, routing_fields, routing_words
from gateway_core.settings.table import Table

router = subject("routes", "/thresholds")
ROUTING = whole("routing")


@router.get("")
async def thresholds(gateway: Gateway) -> ThresholdsAnswer:
    """As they are in force."""
    return _answer(gateway.policies.current.routing)


@router.put("")
async def put_thresholds(body: ThresholdsBody, gateway: Gateway, who: Who, over: Over) -> ThresholdsAnswer:
    """Changes what the body says, all of it in one edit, or nothing where it makes no sense."""
    said = body.model_dump(exclude_none=True)

    def changed(old: Policy) -> Policy:
        fields = {**routing_fields(old.routing), **said}
        return replace(old, routing=read_routing(Table(fields, "routing")))

    await edit(gateway, "routing", changed, who, About("[routing]", ROUTING, over, always=True))
    return _answer(gateway.policies.current.routing)


@router.get("/classes")
async def classes(gateway: Gateway, since: str = "7d") -> ClassesAnswer:
    """How many calls since then fell in each class, by the thresholds that were in force at each."""
    first = instant(gateway, since)
    found = await read(gateway.queries.by_class, first)
    return ClassesAnswer(since=first, **found)


def _answer(routing: Routing) -> ThresholdsAnswer:
    revision = revision_of(ROUTING, Policy(routing=routing), always=True)
    return ThresholdsAnswer.model_validate({**routing_words(routing), "revision": revision})
