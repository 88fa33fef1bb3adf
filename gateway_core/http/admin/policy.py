"""The whole policy as one TOML text."""

from __future__ import annotations

from gateway_core.http.admin.answers.policy import EditAnswer, HistoryAnswer, PolicyAnswer, UndoneAnswer
from gateway_core.http.admin.bodies import NothingBody, PolicyBody
from gateway_core.http.admin.edits import Who, announce, edit, explained
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.expecting import About, Over
from gateway_core.http.admin.policy_changes import changed_lines
from gateway_core.http.admin.policy_parts import EMPTY, everything, revision_of
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Policy
from gateway_core.settings.policy import read_policy, write_policy
from gateway_core.settings.table import Table
from gateway_core.store.policy import Edit

router = subject("policy")


@router.get("/policy")
async def policy(gateway: Gateway) -> PolicyAnswer:
    """Budgets, throttles, routes, cache rules and the user's own prices."""
    return _answer(gateway.policies.current)


@router.put("/policy")
async def put_policy(
    body: PolicyBody, gateway: Gateway, who: Who, over: Over, dry_run: bool = False
) -> PolicyAnswer:
    """Replaces the whole policy, or nothing of it where it is wrong; with dry_run only says how it would
    stand."""
    table = Table.parse(body.toml, "policy")
    wanted = read_policy(table)
    table.done()
    if not dry_run:
        await edit(gateway, "policy", lambda _: wanted, who, About("the policy", everything, over))
    return _answer(wanted)


def _answer(policy: Policy) -> PolicyAnswer:
    return PolicyAnswer(toml=write_policy(policy), revision=revision_of(everything, policy))


@router.get("/policy/history")
async def history(gateway: Gateway, limit: int = 50) -> HistoryAnswer:
    """Who changed what and when, the latest first."""
    edits = await read(gateway.store.history, max(1, min(limit, 1000)))
    latest = edits[0].after if edits else gateway.policies.current
    return HistoryAnswer(edits=[_edit(each) for each in edits], revision=revision_of(everything, latest))


def _edit(step: Edit) -> EditAnswer:
    return EditAnswer(
        n=step.n,
        at=step.at,
        who=step.who,
        what=step.what,
        undoes=step.undoes,
        lines=changed_lines(step.before or EMPTY, step.after),
        names=_names(step),
    )


def _names(step: Edit) -> list[str]:
    """Of the entries that are not in the other state as they are in the one."""
    before, after = step.before or EMPTY, step.after
    found: dict[str, None] = {}
    for one, other in ((before, after), (after, before)):
        for section in ("budgets", "throttles", "routes", "opinions"):
            there = getattr(other, section)
            found |= {entry.name: None for entry in getattr(one, section) if entry not in there}
    return list(found)


@router.post("/policy/undo")
async def undo(body: NothingBody, gateway: Gateway, who: Who, over: Over) -> UndoneAnswer:
    """Takes the last edit back that still stands; the one of config.toml stays."""
    about = About("the policy", everything, over)
    try:
        what = await gateway.policies.undo(who, about.check)
    except Refusal as refusal:
        raise await explained(gateway, refusal, about) from None
    if what is None:
        raise Refusal(404, "nothing_to_undo", "no edit of the policy is left to take back")
    announce(gateway, what)
    return UndoneAnswer(what=what)
