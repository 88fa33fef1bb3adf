"""Budgets: limits on what calls may use, where each stands and where it lands."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.limits import BudgetAnswer, BudgetsAnswer
from gateway_core.http.admin.bodies import BudgetBody, RaiseBody
from gateway_core.http.admin.edits import Who, allowed, edit, named, put_named, without_named
from gateway_core.http.admin.engine import Gateway
from gateway_core.http.admin.expecting import About, Expected, Over
from gateway_core.http.admin.policy_parts import one
from gateway_core.http.admin.standing import as_it_would_stand, standing, standings
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Budget, Policy
from gateway_core.settings.policy import budget_fields, read_budget
from gateway_core.settings.table import Table

router = subject("budgets")


@router.get("/budgets")
async def budgets(gateway: Gateway) -> BudgetsAnswer:
    """Every budget and where it stands."""
    return BudgetsAnswer(budgets=await standings(gateway, gateway.policies.current.budgets))


@router.put("/budgets/{name:path}")
async def put_budget(
    name: str, body: BudgetBody, gateway: Gateway, who: Who, over: Over, dry_run: bool = False
) -> BudgetAnswer:
    """Makes a budget or replaces the one of that name; it counts what its window has already seen. With
    dry_run only says how it would stand."""
    budget = read_budget(body.table("budget", name))
    if dry_run:
        allowed(_with(gateway.policies.current, budget))
        return await as_it_would_stand(gateway, budget)
    await edit(gateway, "budgets", lambda old: _with(old, budget), who, _about(name, over))
    return await standing(gateway, budget)


@router.post("/budgets/{name:path}/raise")
async def raise_budget(name: str, body: RaiseBody, gateway: Gateway, who: Who, over: Over) -> BudgetAnswer:
    """Sets a temporary limit, until an instant or the end of the window; `policy/undo` takes it back."""
    until = body.until
    if until is None:
        end = gateway.admission.account(named(gateway.policies.current.budgets, name, "budget")).end
        if end is None:
            raise Refusal(
                400, "no_end", f"the window of budget {name!r} has no end; say until when the limit is raised"
            )
        until = instant_text(end)
    given = {"raised_to_usd": body.to_usd, "raised_to_tokens": body.to_tokens, "raised_until": until}

    def raised(old: Policy) -> Policy:
        fields = budget_fields(named(old.budgets, name, "budget"))
        fields |= {key: value for key, value in given.items() if value is not None}
        return _with(old, read_budget(Table(fields, f"budget {name!r}")))

    await edit(gateway, "budgets", raised, who, _about(name, over))
    return await standing(gateway, named(gateway.policies.current.budgets, name, "budget"))


@router.delete("/budgets/{name:path}")
async def delete_budget(name: str, gateway: Gateway, who: Who, over: Over) -> DoneAnswer:
    """Removes a budget."""

    def without(old: Policy) -> Policy:
        return replace(old, budgets=without_named(old.budgets, name, "budget"))

    await edit(gateway, "budgets", without, who, _about(name, over))
    return DoneAnswer()


def _with(policy: Policy, budget: Budget) -> Policy:
    return replace(policy, budgets=put_named(policy.budgets, budget))


def _about(name: str, over: Expected) -> About:
    return About(f"budget {name!r}", one("budgets", name), over)
