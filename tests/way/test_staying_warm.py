"""A conversation stays on the key and provider that has its prompt, and leaving it is weighed in money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx

from tests.support.gateway import Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES

RULES = "Every boat in the harbour has a name, a number and a captain, who signs for it. " * 150
HARD = (
    "Prove step by step why the algorithm must terminate, then design, optimise and justify an architecture "
    "that handles exactly 3 of 5 failures without losing data unless the quorum is gone. Compare the "
    "trade-offs: at least 2 = 1 + 1, at most 7 * 6 = 42. ```def f(x): return x == 2``` Why? How? Which?"
)
ALL = '[[budgets]]\nname = "all"\nmatch = {}\nlimit_usd = "50"\nwindow = "month"\n'


def talk(
    gateway: RunningGateway, turns: int, last: str = "", model: str = "gpt-4.1", about: str = "boats"
) -> httpx.Response:
    """A conversation of so many questions; `last` stands behind the last one."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": f"About {about}. {RULES}"}]
    for number in range(turns):
        messages += [
            {"role": "user", "content": f"Question {number}?"},
            {"role": "assistant", "content": "ok"},
        ]
    messages[-2]["content"] += last
    body = {"model": model, "messages": messages[:-1], "max_completion_tokens": 50}
    answer = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    assert answer.status_code == 200, answer.text
    return answer


def spent(gateway: RunningGateway) -> Decimal:
    (budget,) = [each for each in gateway.admin("GET", "budgets")["budgets"] if each["name"] == "all"]
    assert budget["held_usd"] == "0.00"
    return Decimal(budget["spent_usd"])


FALLBACK = '[[routes]]\nname = "two"\nwhen = {}\nuse = ["gpt-4.1", "claude-sonnet-4-5"]\n'


def test_after_a_fallback_it_does_not_flip_back(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(FALLBACK + "[cache]\nmarks = { when = {} }\n" + ALL)
    before = simulated.mark()
    talk(gateway, 1)
    talk(gateway, 2, " [[sim status=503 times=1]]")
    talk(gateway, 3)
    talk(gateway, 4)
    assert [each["model"] for each in simulated.seen(before)] == [
        "gpt-4.1",
        "gpt-4.1",
        "claude-sonnet-4-5",
        "claude-sonnet-4-5",
        "claude-sonnet-4-5",
    ]
    first, second, third, fourth = rows = gateway.rows(4)
    assert [row["attempts"] for row in rows] == [1, 2, 1, 1]
    assert "stays at anthropic/claude-sonnet-4-5" in third["route_reason"]
    assert third["cached_input_tokens"] > 2500, "what the fallback wrote is read"
    assert fourth["cached_input_tokens"] > third["cached_input_tokens"]
    assert first["cached_input_tokens"] == 0
    assert second["cache_write_tokens"] > 2500
    assert spent(gateway) == sum((Decimal(row["cost_usd"]) for row in rows), Decimal(0))
    assert not gateway.doctor()


def test_a_group_stays_where_it_was_answered(gateways: Gateways, simulated: SimulatedProvider) -> None:
    """Without any route as well."""
    gateway = gateways.start('[aliases]\nfast = ["gpt-4.1", "gpt-4.1-mini"]\n')
    before = simulated.mark()
    talk(gateway, 1, model="fast", about="groups")
    talk(gateway, 2, " [[sim id=group status=503 times=1]]", model="fast", about="groups")
    talk(gateway, 3, model="fast", about="groups")
    models = [each["model"] for each in simulated.seen(before)]
    assert models == ["gpt-4.1", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-mini"]
    last = gateway.rows(3)[-1]
    assert "stays at openai/gpt-4.1-mini" in last["route_reason"]
    assert last["cached_input_tokens"] > 1024


def two_keys(simulated: SimulatedProvider, folder: str) -> str:
    """One provider by two keys, which share conversations out."""
    sections = [
        f'[providers.{name}]\nformat = "anthropic"\nbase_url = "{simulated.url}"\n'
        f'api_key = "env:KEY_{name}"\n'
        f'models = ["claude-sonnet-4-5"]\n[prices."{name}/claude-sonnet-4-5"]\ninput = "3"\noutput = "15"\n'
        'cached_input = "0.3"\ncache_write = "3.75"\n'
        for name in ("work", "home")
    ]
    route = (
        '[[routes]]\nname = "keys"\nwhen = {}\nuse = ["work/claude-sonnet-4-5", "home/claude-sonnet-4-5"]\n'
        'pick = "weighted"\nweights = [1, 1]\n[cache]\nmarks = { when = {} }\n'
    )
    return "\n".join([*sections, route, folder])


def test_each_conversation_keeps_its_key(gateways: Gateways, simulated: SimulatedProvider) -> None:
    keys = {"KEY_work": "sim-key-work", "KEY_home": "sim-key-home"}
    gateway = gateways.start(two_keys(simulated, ALL), environment=keys)
    for turns in (1, 2, 3):
        for talk_id in range(6):
            messages: list[dict[str, Any]] = []
            for number in range(turns):
                messages += [
                    {"role": "user", "content": f"{RULES} Boat {talk_id}, question {number}?"},
                    {"role": "assistant", "content": "ok"},
                ]
            body = {"model": "claude-sonnet-4-5", "max_tokens": 50, "messages": messages[:-1]}
            headers = {**MESSAGES.credential(gateway.token), "session-id": f"boat {talk_id}"}
            assert gateway.http.post(MESSAGES.path, json=body, headers=headers).status_code == 200
    rows = gateway.rows(18)
    by_talk = {
        session: [row["provider"] for row in rows if row["session"] == session]
        for session in {row["session"] for row in rows}
    }
    assert {len(set(providers)) for providers in by_talk.values()} == {1}, "none of them changed its key"
    assert {row["provider"] for row in rows} == {"work", "home"}, "and both are used"
    third = rows[12:]
    assert all(row["cached_input_tokens"] > 2500 for row in third)
    assert spent(gateway) == sum((Decimal(row["cost_usd"]) for row in rows), Decimal(0))
    for row in rows:
        nano = 3000 * row["input_tokens"] + 300 * row["cached_input_tokens"]
        nano += 3750 * row["cache_write_tokens"] + 15000 * row["output_tokens"]
        assert Decimal(row["cost_usd"]) == Decimal(nano) / 10**9


UP = """
[[routes]]
name = "hard ones go up"
when = { complexity = "hard" }
use = ["gpt-5.5"]

[[routes]]
name = "the others"
when = {}
use = ["gpt-4.1-mini"]

[routing]
most_loss_usd = "1"
"""


def test_what_a_move_loses_is_what_it_then_costs(gateways: Gateways) -> None:
    """The reason names tokens and dollars: those that the old model read, at the new one's full price."""
    gateway = gateways.start(UP + ALL)
    talk(gateway, 1, about="moves")
    warm = talk(gateway, 2, about="moves")
    assert warm.headers["x-llmconsole-model"] == "gpt-4.1-mini"
    moved = talk(gateway, 3, HARD, about="moves")
    assert moved.headers["x-llmconsole-model"] == "gpt-5.5"
    _, second, third = rows = gateway.rows(3)
    assert second["cached_input_tokens"] > 1024
    kept = second["input_tokens"] + second["cached_input_tokens"]
    loss = kept * (Decimal(5) - Decimal("0.1")) / 10**6
    told = f"moves up from openai/gpt-4.1-mini, now hard; {kept:,} cached tokens are read anew for ${loss}"
    assert told.rstrip("0") in third["route_reason"]
    assert third["cached_input_tokens"] == 0
    assert third["input_tokens"] > kept, "and all of them were paid in full"
    assert spent(gateway) == sum((Decimal(row["cost_usd"]) for row in rows), Decimal(0))
