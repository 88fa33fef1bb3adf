"""The explanation of one call: its decision, the policy of that moment, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.decisions import (
    AskedAnswer,
    BudgetThenAnswer,
    ExplanationAnswer,
    PartAnswer,
    RuleAnswer,
    ScoreAnswer,
    SecondOpinionAnswer,
    TargetAnswer,
    TryAnswer,
)
from gateway_core.http.admin.engine import Engine
from gateway_core.model.call import Target
from gateway_core.model.decision import Decision
from gateway_core.model.money import nano_from_usd, usd_string
from gateway_core.model.policy import OPINION_TAG, Budget, Policy
from gateway_core.model.usage import Usage
from gateway_core.rules.budgets import Position, limit_of, state
from gateway_core.rules.complexity import Thresholds, unsure
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.pricing import cost
from gateway_core.rules.routing.explaining import steps
from gateway_core.rules.windows import window_bounds

Row = Mapping[str, Any]


def explain(engine: Engine, row: Row) -> ExplanationAnswer:
    """Why a call went where it went. row: as `Queries.call` answers it.

    Reads the ledger: in a worker thread.
    """
    decision = engine.queries.decision(row["id"]) or engine.live_decision(row["id"])
    policy = engine.store.at(row["started_at"]) or engine.policies.current
    known = {} if decision is None else _known(engine, row, decision, policy)
    served = f"{row['provider']}/{row['model']}" if row["model"] else ""
    return ExplanationAnswer(
        id=row["id"],
        started_at=row["started_at"],
        known=decision is not None,
        why_unknown=None if decision is not None else _why_unknown(row),
        route=row["route"],
        reason=row["route_reason"] or "",
        budgets=[
            _budget(engine, each, row) for each in policy.all_budgets if matches(each.match, _facts(row))
        ],
        attempts=[_try(each) for each in row.get("earlier", ())],
        outcome=row["outcome"],
        http_status=row["http_status"],
        served=served,
        error=row["error"],
        cache=row["cache"],
        cost_usd=row["cost_usd"],
        saved_usd=row["saved_usd"],
        second_opinion=_opinion(engine, row),
        **known,
    )


def _opinion(engine: Engine, row: Row) -> SecondOpinionAnswer | None:
    """What another model's answer to the same question was worth."""
    taken = engine.opinion_store.about(row["id"])
    if taken is None:
        return None
    ids = [each for each in (taken.shadow_id, taken.judge_id) if each is not None]
    found = {each: call for each in ids if (call := engine.queries.call(each)) is not None}
    costs = [call["cost_usd"] for call in found.values() if call["cost_usd"] is not None]
    if taken.judge_id not in found:
        # It was refused before it was sent: such a call leaves no row.
        taken = replace(taken, judge_id=None)
    return SecondOpinionAnswer(**asdict(taken), cost_usd=usd_string(sum(map(nano_from_usd, costs))))


def usage_of(row: Row) -> Usage:
    """The tokens of a call as it stands on record."""
    return Usage(
        input=row["input_tokens"],
        cached_input=row["cached_input_tokens"],
        cache_write=row["cache_write_tokens"],
        cache_write_1h=row["cache_write_1h_tokens"],
        output=row["output_tokens"],
    )


def _known(engine: Engine, row: Row, decision: Decision, policy: Policy) -> dict[str, Any]:
    """What only a decision on record tells."""
    targets = [_target(engine, each, row, decision) for each in decision.tried or decision.targets]
    asked = _target(engine, decision.shape.target, row, decision)
    return {
        "asked": _asked(row, decision),
        "rules": [
            RuleAnswer(name=each.name, when=each.when, use=list(each.use), state=str(each.said), why=each.why)
            for each in steps(policy.routes, decision)
        ],
        "score": _score(decision, policy),
        "kept": decision.kept,
        "overruled": list(decision.overruled),
        "targets": targets,
        "asked_usd": None if asked.served else asked.usd,
    }


def _asked(row: Row, decision: Decision) -> AskedAnswer:
    shape = decision.shape
    return AskedAnswer(
        model=shape.asked,
        target=shape.target,
        format=row["format"],
        operation=shape.operation,
        stream=row["stream"],
        tools=shape.tools,
        images=shape.images,
        context_tokens=shape.context,
        messages=shape.messages,
        conversation=shape.conversation,
    )


def _score(decision: Decision, policy: Policy) -> ScoreAnswer | None:
    shape = decision.shape
    if shape.score is None:
        return None
    medium, hard = decision.thresholds or (policy.routing.medium, policy.routing.hard)
    return ScoreAnswer(
        value=shape.score,
        complexity=decision.complexity or "",
        medium=medium,
        hard=hard,
        margin=decision.margin,
        unsure=unsure(shape.score, Thresholds(medium, hard, decision.margin)),
        judge=shape.judge,
        parts=[PartAnswer(name=name, value=value) for name, value in shape.parts.items()],
    )


def _target(engine: Engine, name: str, row: Row, decision: Decision) -> TargetAnswer:
    """A target and what this call's tokens cost there."""
    provider, _, model = name.partition("/")
    price = engine.prices.find(provider, model, datetime.fromisoformat(row["started_at"]))
    served = (provider, model) == (row["provider"], row["model"])
    usage = usage_of(row)
    nano = cost(usage, price) if price is not None and usage.total else None
    return TargetAnswer(
        target=name,
        usd=None if nano is None else usd_string(nano),
        asked=name == decision.shape.target,
        served=served,
    )


def _budget(engine: Engine, budget: Budget, row: Row) -> BudgetThenAnswer:
    """Where a budget stood when the call began, recounted from the rows."""
    at = datetime.fromisoformat(row["started_at"])
    start, _ = window_bounds(budget.window, at, engine.timezone)
    nano, tokens = engine.queries.spent(budget.match, instant_text(start), row["started_at"])
    spent = nano if budget.limit_nano is not None else tokens
    position = Position(limit_of(budget, at), spent)
    return BudgetThenAnswer(
        name=budget.name,
        window=budget.window,
        at_limit=str(budget.at_limit),
        share=position.share,
        state=str(state(position, budget.alerts)),
    )


def _facts(row: Row) -> Facts:
    return Facts(row["tags"], row["token"], row["model"], row["provider"])


def _try(attempt: Row) -> TryAnswer:
    return TryAnswer(
        number=attempt["number"],
        target=str(Target(attempt["provider"], attempt["model"])),
        http_status=attempt["http_status"],
        ended=attempt["error"],
        cost_usd=attempt["cost_usd"],
    )


def _why_unknown(row: Row) -> str:
    if row["tags"].get(OPINION_TAG) and (row["route_reason"] or "").startswith("second opinion"):
        return "the gateway itself asked, for a second opinion; no route is asked"
    if (row["route_reason"] or "").startswith("path of "):
        return "its path passes through to its provider as it is; no route is asked"
    if row["outcome"] is None:
        return "the call has only just come in, and where it goes is decided next"
    if row["outcome"] == "refused" and not row["route_reason"]:
        return "it was refused before any route was asked"
    if row["outcome"] == "recovered":
        return "the gateway ended before the call did"
    return "its row was written before decisions were kept"
