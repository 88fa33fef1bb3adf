"""Budgets: limits on what calls may use, where each stands and where it lands."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter

from gateway_core.http.admin.answers import BudgetAnswer, BudgetsAnswer, DoneAnswer
from gateway_core.http.admin.bodies import BudgetBody
from gateway_core.http.admin.edits import edit, put_named, without_named
from gateway_core.http.admin.engine import Gateway
from gateway_core.http.admin.standing import standing
from gateway_core.policy_toml import read_budget

router = APIRouter(tags=["budgets"])


@router.get("/budgets")
async def budgets(gateway: Gateway) -> BudgetsAnswer:
    """Every budget and where it stands."""
    return BudgetsAnswer(budgets=[await standing(gateway, each) for each in gateway.policies.current.budgets])


@router.put("/budgets/{name:path}")
async def put_budget(name: str, body: BudgetBody, gateway: Gateway) -> BudgetAnswer:
    """Makes a budget or replaces the one of that name; it counts what its window has already seen."""
    budget = read_budget(body.table("budget", name))
    await edit(gateway, "budgets", lambda old: replace(old, budgets=put_named(old.budgets, budget)))
    return await standing(gateway, budget)


@router.delete("/budgets/{name:path}")
async def delete_budget(name: str, gateway: Gateway) -> DoneAnswer:
    """Removes a budget."""
    await edit(
        gateway,
        "budgets",
        lambda old: replace(old, budgets=without_named(old.budgets, name, "budget")),
    )
    return DoneAnswer()
