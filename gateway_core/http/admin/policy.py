"""The whole policy as one TOML text."""

from __future__ import annotations

import difflib

from fastapi import APIRouter

from gateway_core.http.admin.answers.policy import EditAnswer, HistoryAnswer, PolicyAnswer, UndoneAnswer
from gateway_core.http.admin.bodies import NothingBody, PolicyBody
from gateway_core.http.admin.edits import Who
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Policy
from gateway_core.settings.policy import SECTIONS, read_policy, write_policy
from gateway_core.settings.table import Table
from gateway_core.store.policy import Edit

router = APIRouter(tags=["policy"])


@router.get("/policy")
async def policy(gateway: Gateway) -> PolicyAnswer:
    """Budgets, throttles, routes, cache rules and the user's own prices."""
    return PolicyAnswer(toml=write_policy(gateway.policies.current))


@router.put("/policy")
async def put_policy(body: PolicyBody, gateway: Gateway, who: Who, dry_run: bool = False) -> PolicyAnswer:
    """Replaces the whole policy, or nothing of it where it is wrong; with dry_run only says how it would
    stand."""
    table = Table.parse(body.toml, "policy")
    wanted = read_policy(table)
    table.done()
    if not dry_run:
        await gateway.policies.change("policy", wanted, who)
        for section in SECTIONS:
            gateway.changed(section)
    return PolicyAnswer(toml=write_policy(wanted))


@router.get("/policy/history")
async def history(gateway: Gateway, limit: int = 50) -> HistoryAnswer:
    """Who changed what and when, the latest first."""
    edits = await read(gateway.store.history, max(1, min(limit, 1000)))
    return HistoryAnswer(edits=[_edit(each) for each in edits])


def _edit(step: Edit) -> EditAnswer:
    before = write_policy(step.before) if step.before else ""
    lines = difflib.unified_diff(before.splitlines(), write_policy(step.after).splitlines(), n=0, lineterm="")
    changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return EditAnswer(
        n=step.n,
        at=step.at,
        who=step.who,
        what=step.what,
        undoes=step.undoes,
        lines=changed,
        names=_names(step),
    )


def _names(step: Edit) -> list[str]:
    """Of the entries that are not in the other state as they are in the one."""
    before, after = step.before or Policy(), step.after
    found: dict[str, None] = {}
    for one, other in ((before, after), (after, before)):
        for section in ("budgets", "throttles", "routes", "opinions"):
            there = getattr(other, section)
            found |= {entry.name: None for entry in getattr(one, section) if entry not in there}
    return list(found)


@router.post("/policy/undo")
async def undo(body: NothingBody, gateway: Gateway, who: Who) -> UndoneAnswer:
    """Takes the last edit back that still stands; the one of config.toml stays."""
    what = await gateway.policies.undo(who)
    if what is None:
        raise Refusal(404, "nothing_to_undo", "no edit of the policy is left to take back")
    for section in SECTIONS if what == "policy" else (what,):
        gateway.changed(section)
    return UndoneAnswer(what=what)
