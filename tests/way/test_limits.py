"""What budgets do at their limit, end to end: proper last events, cheaper models, questions, raises."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.support.crowd import all_at_once
from tests.support.gateway import Gateways, RunningGateway
from tests.support.money import total_cost
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, RESPONSES, Wire, events_of

pytestmark = pytest.mark.anyio

CHEAP, DEAR = "gpt-4.1-nano", "gpt-4.1"


def prices(wire: Wire, model: str, output: str = "100") -> str:
    return f'[prices."{wire.provider}/{model}"]\ninput = "0"\noutput = "{output}"\n'


def budget(limit: str, more: str = "", match: str = "{}") -> str:
    return f'[[budgets]]\nname = "b"\nmatch = {match}\nlimit_usd = "{limit}"\nwindow = "month"\n{more}\n'


def ask(gateway: RunningGateway, wire: Wire, output: int, model: str | None = None) -> Any:
    """A call that uses its whole cap."""
    body = wire.ask(f"Go on. [[sim output={output} ttft=0]]", cap=output, model=model)
    return gateway.http.post(wire.path, json=body, headers=wire.credential(gateway.token))


def the_budget(gateway: RunningGateway) -> dict[str, Any]:
    (found,) = gateway.admin("GET", "budgets")["budgets"]
    return dict(found)


async def test_a_stream_that_finds_no_room_ends_with_an_event_that_says_why(gateways: Gateways) -> None:
    """Two answers of 60 cents on a budget of 60: their slices meet, and what is handed on is covered."""
    wire = MESSAGES
    gateway = gateways.start(prices(wire, wire.model) + budget("0.60"))
    prompt = "Go on and on. [[sim output=6000 chunks=300 gap=0.004 ttft=0]]"
    bodies = [wire.ask(f"{number} {prompt}", cap=6000, stream=True) for number in range(2)]
    answers = await all_at_once(gateway, wire, bodies, stream=True)
    assert [answer.status_code for answer in answers] == [200, 200]
    last = [events_of(answer.content)[-1] for answer in answers]
    cut = [event for event in last if event["type"] == "error"]
    assert cut and "budget 'b'" in cut[0]["error"]["message"]
    rows = gateway.rows(2)
    assert {row["outcome"] for row in rows} <= {"ok", "refused"}
    assert total_cost(rows) <= Decimal("0.60")
    ended = next(row for row in rows if row["outcome"] == "refused")
    assert ended["output_tokens"] > 0 and Decimal(ended["cost_usd"]) > 0
    assert ended["certainty"] == "estimated" and "ends here" in ended["error"]
    assert the_budget(gateway)["held_usd"] == "0.00"
    assert not gateway.doctor()


async def test_a_long_stream_alone_is_served_to_its_end(gateways: Gateways) -> None:
    wire = MESSAGES
    gateway = gateways.start(prices(wire, wire.model) + budget("1.00"))
    body = wire.ask("All of it. [[sim output=6000 chunks=300 gap=0 ttft=0]]", cap=6000, stream=True)
    (answer,) = await all_at_once(gateway, wire, [body], stream=True)
    assert events_of(answer.content)[-1]["type"] == "message_stop"
    (row,) = gateway.rows(1)
    assert (row["outcome"], row["cost_usd"], row["certainty"]) == ("ok", "0.60", "computed")


def test_a_budget_near_its_limit_goes_on_with_a_cheaper_target(gateways: Gateways) -> None:
    route = f'[[routes]]\nname = "all"\nwhen = {{}}\nuse = ["{DEAR}", "{CHEAP}"]\n'
    gateway = gateways.start(
        prices(CHAT, DEAR) + prices(CHAT, CHEAP, "10") + budget("1.00", 'at_limit = "downgrade"') + route
    )
    first, second = ask(gateway, CHAT, 8000, DEAR), ask(gateway, CHAT, 1000, DEAR)
    assert first.headers["x-llmconsole-model"] == DEAR
    assert second.headers["x-llmconsole-model"] == CHEAP
    assert "budget b at 80%" in second.headers["x-llmconsole-route"]
    rows = gateway.rows(2)
    assert [row["cost_usd"] for row in rows] == ["0.80", "0.01"]
    assert f"{CHEAP} instead of openai/{DEAR}" in rows[1]["route_reason"]


def test_a_named_model_takes_over_where_nothing_else_fits(gateways: Gateways) -> None:
    named = f'at_limit = "downgrade"\ndowngrade_to = "{CHEAP}"'
    gateway = gateways.start(prices(CHAT, DEAR) + prices(CHAT, CHEAP, "10") + budget("0.10", named))
    answer = ask(gateway, CHAT, 5000, DEAR)
    assert answer.headers["x-llmconsole-model"] == CHEAP
    assert ask(gateway, CHAT, 11_000, DEAR).status_code == 402
    assert total_cost(gateway.rows(2)) == Decimal("0.05")


def test_what_nothing_bounds_is_refused_unless_its_owner_allows_it(gateways: Gateways) -> None:
    wire = MESSAGES
    gateway = gateways.start(prices(wire, wire.model) + budget("1.00"))
    body = wire.ask("Search. [[sim output=10]]") | {
        "tools": [{"type": "web_search_20250305", "name": "web_search"}]
    }
    headers = wire.credential(gateway.token)
    refused = gateway.http.post(wire.path, json=body, headers=headers)
    assert refused.status_code == 402
    assert "web_search" in wire.error_of(refused.json())[1]
    allowed = {"match": {}, "limit_usd": "1.00", "unbounded": "allow"}
    assert gateway.admin("PUT", "budgets/b", json=allowed)["unbounded"] == "allow"
    assert gateway.http.post(wire.path, json=body, headers=headers).status_code == 200


def test_a_limit_is_raised_until_the_end_of_its_window_and_undone(gateways: Gateways) -> None:
    gateway = gateways.start(prices(CHAT, DEAR) + budget("0.10"))
    assert ask(gateway, CHAT, 1000, DEAR).status_code == 200
    assert ask(gateway, CHAT, 1000, DEAR).status_code == 402
    gateway.rows(2)
    stands = gateway.admin("POST", "budgets/b/raise", json={"to_usd": "0.20"})
    assert (stands["limit_usd"], stands["limit_now_usd"]) == ("0.10", "0.20")
    assert stands["raised_until"][:19] == stands["resets_at"][:19]
    assert ask(gateway, CHAT, 1000, DEAR).status_code == 200
    assert gateway.admin("POST", "policy/undo", json={})["what"] == "budgets"
    assert the_budget(gateway)["limit_now_usd"] == "0.10"
    assert ask(gateway, CHAT, 1000, DEAR).status_code == 402
    latest, raised, *_ = gateway.admin("GET", "policy/history")["edits"]
    assert latest["undoes"] == raised["n"]
    assert any("raised_to_usd" in line and line.startswith("+") for line in raised["lines"])


def test_an_edit_says_what_it_would_mean_and_who_made_it(gateways: Gateways) -> None:
    gateway = gateways.start(prices(CHAT, DEAR) + budget("1.00"))
    assert ask(gateway, CHAT, 2000, DEAR).status_code == 200
    gateway.rows(1)
    smaller = {"match": {}, "limit_usd": "0.10"}
    would = gateway.admin("PUT", "budgets/b", params={"dry_run": True}, json=smaller)
    assert (would["state"], would["spent_usd"], would["limit_usd"]) == ("over", "0.20", "0.10")
    assert the_budget(gateway)["limit_usd"] == "1.00"
    token = {"authorization": f"Bearer {gateway.admin_token}", "x-llmconsole-who": "ann, by hand"}
    gateway.http.put("/admin/v1/budgets/b", json=smaller, headers=token)
    assert gateway.admin("GET", "policy/history")["edits"][0]["who"] == "ann, by hand"


@contextmanager
def answering(gateway: RunningGateway, answer: str, raise_to: str | None = None) -> Iterator[list[Any]]:
    """Somebody who watches the events and answers each question."""
    asked: list[Any] = []
    headers = {"authorization": f"Bearer {gateway.admin_token}"}
    watching = threading.Event()

    def watch() -> None:
        with gateway.http.stream("GET", "/admin/v1/events", headers=headers) as events:
            watching.set()
            for line in events.iter_lines():
                if not line.startswith("data:") or "may_cost_usd" not in line:
                    continue
                question = json.loads(line.removeprefix("data:"))
                asked.append(question.get("data", question))
                if raise_to:
                    gateway.admin("POST", "budgets/b/raise", json={"to_usd": raise_to})
                gateway.admin("POST", f"questions/{asked[-1]['id']}", json={"answer": answer})
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    watching.wait(10)
    yield asked
    thread.join(10)


@pytest.mark.parametrize(
    ("answer", "raise_to", "status"), [("once", None, 200), ("raised", "0.30", 200), ("refuse", None, 402)]
)
def test_a_budget_asks_whoever_watches(
    gateways: Gateways, answer: str, raise_to: str | None, status: int
) -> None:
    gateway = gateways.start(prices(CHAT, DEAR) + budget("0.10", 'at_limit = "ask"'))
    assert ask(gateway, CHAT, 1000, DEAR).status_code == 200
    gateway.rows(1)
    with answering(gateway, answer, raise_to) as asked:
        found = ask(gateway, CHAT, 1000, DEAR)
    assert found.status_code == status, found.text
    (question,) = asked
    assert (question["budget"], question["model"]) == ("b", f"openai/{DEAR}")
    assert gateway.admin("GET", "questions")["questions"] == []
    spent = Decimal("0.20") if status == 200 else Decimal("0.10")
    assert total_cost(gateway.rows(2)) == spent


def test_nobody_there_to_be_asked_is_a_no_at_once(gateways: Gateways) -> None:
    gateway = gateways.start(prices(CHAT, DEAR) + budget("0.10", 'at_limit = "ask"'))
    assert ask(gateway, CHAT, 1000, DEAR).status_code == 200
    assert ask(gateway, CHAT, 1000, DEAR).status_code == 402


OLDER = """
[providers.older]
format = "openai"
base_url = "URL"
api_key = "env:OLDER_KEY"
models = ["gpt-4.1"]
older_cap = true
"""


@pytest.mark.parametrize("limit", [None, "9.00"], ids=["unbounded", "bounded"])
def test_a_cap_that_a_hard_limit_rests_on_is_said_in_the_providers_word(
    gateways: Gateways, simulated: SimulatedProvider, limit: str | None
) -> None:
    price = '[prices."older/gpt-4.1"]\ninput = "0"\noutput = "100"\n'
    config = OLDER.replace("URL", simulated.base_url("openai")) + price + (budget(limit) if limit else "")
    gateway = gateways.start(config, environment={"OLDER_KEY": "sk-simulated"})
    before = simulated.mark()
    body = CHAT.ask("Hi. [[sim output=20]]", cap=50, model="older/gpt-4.1")
    assert gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token)).status_code == 200
    (seen,) = simulated.seen(before, bodies=True)
    word = "max_tokens" if limit else "max_completion_tokens"
    assert json.loads(seen["body"])[word] == 50


def test_a_hard_budget_limits_the_uses_of_a_search_that_nobody_limited(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    """As Codex offers it with every call. What the client limits itself is left as it is."""
    gateway = gateways.start(
        '[[budgets]]\nname = "hard"\nmatch = { project = "web" }\nlimit_usd = "5"\nwindow = "day"\n'
    )
    before = simulated.mark()

    def ask(project: str, **more: object) -> httpx.Response:
        body = {"model": "gpt-5-mini", "input": "Search.", "tools": [{"type": "web_search"}], **more}
        headers = {**RESPONSES.credential(gateway.token), "x-llmconsole-tags": f"project={project}"}
        return gateway.http.post(RESPONSES.path, json=body, headers=headers)

    assert [ask("web").status_code, ask("other").status_code] == [200, 200]
    assert ask("web", max_tool_calls=3).status_code == 200
    sent = [json.loads(each["body"]).get("max_tool_calls") for each in simulated.seen(before, bodies=True)]
    assert sent == [1, None, 3]
    refused = ask("web", max_tool_calls=1000)
    assert refused.status_code == 402
