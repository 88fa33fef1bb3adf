"""Second opinions: whose calls are asked again, at which price, and what came of it."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.routing import OpinionAnswer, OpinionsAnswer
from gateway_core.http.admin.bodies import OpinionBody
from gateway_core.http.admin.edits import Who, edit, named, put_named, without_named
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.expecting import About, Expected, Over
from gateway_core.http.admin.policy_parts import one, revision_alone
from gateway_core.http.admin.queries import instant
from gateway_core.http.admin.subject import subject
from gateway_core.model.money import usd_string
from gateway_core.model.policy import Opinion, Policy
from gateway_core.settings.opinions import opinion_fields, read_opinion
from gateway_core.settings.table import Table
from gateway_core.store.instants import micros
from gateway_core.store.opinions import Counted

router = subject("routes")


@router.get("/opinions")
async def opinions(gateway: Gateway, since: str = "30d") -> OpinionsAnswer:
    """Every second opinion of the policy, and what those taken since then have said."""
    start = instant(gateway, since)
    counted = await read(gateway.opinion_store.counted, micros(start))
    known = gateway.policies.current.opinions
    resting = [gateway.opinions.why_not(each) for each in known if each.enabled]
    return OpinionsAnswer(
        since=start,
        opinions=[_answer(gateway, each, counted.get(each.name, Counted())) for each in known],
        rests=resting[0] if resting and all(resting) else None,
    )


@router.put("/opinions/{name:path}")
async def put_opinion(name: str, body: OpinionBody, gateway: Gateway, who: Who, over: Over) -> OpinionAnswer:
    """Makes a second opinion, or changes what the body says of the one of that name."""
    await edit(gateway, "opinions", lambda old: _with(old, name, body), who, _about(name, over))
    counted = await read(gateway.opinion_store.counted, micros(instant(gateway, "30d")))
    opinion = named(gateway.policies.current.opinions, name, "opinion")
    return _answer(gateway, opinion, counted.get(name, Counted()))


@router.delete("/opinions/{name:path}")
async def delete_opinion(name: str, gateway: Gateway, who: Who, over: Over) -> DoneAnswer:
    """No second opinions of that name any more; what they said stays known."""

    def without(old: Policy) -> Policy:
        return replace(old, opinions=without_named(old.opinions, name, "opinion"))

    await edit(gateway, "opinions", without, who, _about(name, over))
    return DoneAnswer()


def _about(name: str, over: Expected) -> About:
    return About(f"second opinion {name!r}", one("opinions", name), over)


def _with(policy: Policy, name: str, body: OpinionBody) -> Policy:
    base = next((each for each in policy.opinions if each.name == name), None)
    fields = (opinion_fields(base) if base else {}) | body.model_dump(exclude_none=True) | {"name": name}
    opinion = read_opinion(Table(fields, f"opinion {name!r}"))
    return replace(policy, opinions=put_named(policy.opinions, opinion))


def _answer(engine: Engine, opinion: Opinion, counted: Counted) -> OpinionAnswer:
    return OpinionAnswer(
        name=opinion.name,
        when=dict(opinion.when),
        cheap=opinion.cheap,
        strong=opinion.strong,
        whose=str(opinion.whose),
        share=opinion.share,
        judge=opinion.judge,
        usd_per_day=usd_string(opinion.usd_per_day_nano),
        enabled=opinion.enabled,
        rests=engine.opinions.why_not(opinion),
        spent_usd=usd_string(engine.admission.account(opinion.budget).spent),
        taken=counted.taken,
        equal=counted.equal,
        strong_better=counted.strong,
        cheap_better=counted.cheap,
        last_at=counted.last_at,
        revision=revision_alone("opinions", opinion),
    )
