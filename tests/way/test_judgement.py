"""Judgement, end to end: groups, `auto`, weights, conversations that stay, switches thrown in a hurry."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest

from gateway_core.lessons import Subject, forget, prompt_outcome, teach
from tests.support.gateway import Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, WIRES, Wire

HARD = (
    "Prove step by step why the algorithm must terminate, then design, optimise and justify an architecture "
    "that handles exactly 3 of 5 failures without losing data unless the quorum is gone. Compare the "
    "trade-offs: at least 2 = 1 + 1, at most 7 * 6 = 42. ```def f(x): return x == 2``` Why? How? Which?"
)


def chat(gateway: RunningGateway, *turns: str, model: str = "gpt-5.5", **headers: str) -> httpx.Response:
    """A conversation in which the model has said ok to every turn but the last."""
    messages: list[dict[str, Any]] = []
    for turn in turns:
        messages += [{"role": "user", "content": turn}, {"role": "assistant", "content": "ok"}]
    body = {"model": model, "messages": messages[:-1], "max_completion_tokens": 50}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = gateway.http.post(CHAT.path, json=body, headers={**CHAT.credential(gateway.token), **named})
    assert answer.status_code == 200, answer.text
    return answer


ALL = '[[budgets]]\nname = "all"\nmatch = {}\nlimit_usd = "50"\nwindow = "month"\n'


def spent(gateway: RunningGateway) -> Decimal:
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    assert budget["held_usd"] == "0.00"
    return Decimal(budget["spent_usd"])


def served(answer: httpx.Response) -> str:
    return answer.headers["x-llmconsole-model"]


GROUP = '[aliases]\nfast = ["gpt-5-nano", "claude-haiku-4-5"]\nquick = "fast"\n'


@pytest.mark.parametrize("name", ["fast", "quick"])
def test_a_group_is_tried_in_its_order(gateways: Gateways, simulated: SimulatedProvider, name: str) -> None:
    gateway = gateways.start(GROUP)
    before = simulated.mark()
    assert served(chat(gateway, "Hello group.", model=name)) == "gpt-5-nano"
    failing = chat(gateway, f"The first one fails for {name}. [[sim status=503 times=1]]", model=name)
    assert served(failing) == "claude-haiku-4-5"
    assert [each["model"] for each in simulated.seen(before)] == [
        "gpt-5-nano",
        "gpt-5-nano",
        "claude-haiku-4-5",
    ]
    first, second = gateway.rows(2)
    assert (first["asked_model"], first["model"], first["saved_usd"]) == (name, "gpt-5-nano", "0.00")
    assert (second["model"], second["attempts"]) == ("claude-haiku-4-5", 2)


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_auto_sends_each_request_to_its_class(gateways: Gateways, wire: Wire) -> None:
    gateway = gateways.start(
        '[auto]\nsimple = ["gpt-5-nano"]\nmedium = ["claude-haiku-4-5"]\nhard = ["claude-opus-4-5"]\n'
    )
    for prompt, model in (("Hi!", "gpt-5-nano"), (HARD, "claude-opus-4-5")):
        answer = gateway.http.post(
            wire.for_model("auto"),
            json=wire.ask(prompt, model="auto"),
            headers=wire.credential(gateway.token),
        )
        assert (answer.status_code, served(answer)) == (200, model), answer.text
    simple, hard = gateway.rows(2)
    assert simple["route_reason"].startswith("auto, simple (0.")
    assert Decimal(simple["saved_usd"]) > 0, "against the hard model"
    assert Decimal(hard["saved_usd"]) == 0


def test_what_was_learned_judges_where_it_beats_the_rule(gateways: Gateways) -> None:
    """Learned beside the running gateway, in force for its next call, and gone again when forgotten."""
    gateway = gateways.start(
        '[auto]\nsimple = ["gpt-5-nano"]\nmedium = ["claude-opus-4-5"]\nhard = ["claude-opus-4-5"]\n'
    )
    easy, hard = "Say what potatoes are.", "Say what proteins are."
    assert served(chat(gateway, hard, model="auto")) == "gpt-5-nano"
    outcomes = [prompt_outcome(f"{easy[:-1]} in {at}.", 0.0, 0.0) for at in range(60)]
    outcomes += [prompt_outcome(f"{hard[:-1]} in {at}.", 0.0, 1.0) for at in range(60)]
    outcomes += [prompt_outcome(f"{HARD} {at}", 1.0, 1.0) for at in range(60)]
    teach(gateway.data, Subject.PROMPTS, outcomes, "2026-11-01")
    assert served(chat(gateway, hard, model="auto")) == "claude-opus-4-5"
    assert served(chat(gateway, easy, model="auto")) == "gpt-5-nano"
    forget(gateway.data, Subject.PROMPTS)
    assert served(chat(gateway, hard, model="auto")) == "gpt-5-nano"


def test_auto_needs_no_setting(gateways: Gateways) -> None:
    """Each provider has a model for each class; the cheapest that can be called comes first."""
    gateway = gateways.start()
    assert served(chat(gateway, "Hi!", model="auto")) == "gpt-5.4-nano"
    (row,) = gateway.rows(1)
    assert (row["asked_model"], row["provider"]) == ("auto", "openai")


def test_weights_share_conversations_out(gateways: Gateways) -> None:
    gateway = gateways.start(
        '[[routes]]\nname = "half"\nwhen = {}\nuse = ["gpt-5-nano", "gpt-5-mini"]\n'
        'pick = "weighted"\nweights = [1, 1]\n' + ALL
    )
    first = [served(chat(gateway, f"Conversation {number}.")) for number in range(24)]
    assert {"gpt-5-nano", "gpt-5-mini"} == set(first)
    second = [served(chat(gateway, f"Conversation {number}.", "And on.")) for number in range(24)]
    assert second == first, "a conversation stays where it was drawn to"
    rows = gateway.rows(48)
    prices = {"gpt-5-nano": ("0.05", "0.4"), "gpt-5-mini": ("0.25", "2")}
    for row in rows:
        fresh, out = map(Decimal, prices[row["model"]])
        cost = (fresh * row["input_tokens"] + out * row["output_tokens"]) / 10**6
        assert Decimal(row["cost_usd"]) == cost, "each at the price of the model that it was drawn to"
    assert spent(gateway) == sum((Decimal(row["cost_usd"]) for row in rows), Decimal(0))
    assert not gateway.doctor()


def picking(pick: str) -> str:
    return f'[[routes]]\nname = "two"\nuse = ["gpt-4.1", "gpt-4.1-mini"]\npick = "{pick}"\npin = false\n'


def test_the_cheapest_is_picked_and_said_to_be(gateways: Gateways) -> None:
    answer = chat(gateways.start(picking("price")), "Which is cheaper?")
    assert served(answer) == "gpt-4.1-mini"
    assert "cheapest, $0.70 per million tokens" in answer.headers["x-llmconsole-route"]


def test_the_fastest_is_picked_once_all_were_measured(gateways: Gateways) -> None:
    gateway = gateways.start(picking("latency"))
    first = [served(chat(gateway, f"Ask {n}. [[sim hang=1 at=gpt-4.1 times=1]]")) for n in range(2)]
    assert first == ["gpt-4.1", "gpt-4.1-mini"], "who was not called lately comes first"
    third = chat(gateway, "And who is faster?")
    assert served(third) == "gpt-4.1-mini"
    assert "fastest, first byte after" in third.headers["x-llmconsole-route"]


def test_the_least_busy_is_picked(gateways: Gateways) -> None:
    gateway = gateways.start(picking("least_busy"))
    body = CHAT.ask("Hang on. [[sim hang=after:1:20]]", stream=True)
    with gateway.http.stream("POST", CHAT.path, json=body, headers=CHAT.credential(gateway.token)) as running:
        assert running.headers["x-llmconsole-model"] == "gpt-4.1"
        assert served(chat(gateway, "Who is free?")) == "gpt-4.1-mini"
        (held,) = gateway.admin("GET", "calls")["in_flight"]
        gateway.admin("POST", f"calls/{held['id']}/end")
    gateway.rows(2)
    assert served(chat(gateway, "And now?")) == "gpt-4.1"


STAYING = """
[[routes]]
name = "hard ones go up"
when = { complexity = "hard" }
use = ["claude-opus-4-5"]

[[routes]]
name = "simple ones go down"
when = { complexity = "simple" }
use = ["gpt-5-nano"]
"""


def test_a_conversation_stays_and_moves_upwards_only(gateways: Gateways) -> None:
    gateway = gateways.start(STAYING)
    assert served(chat(gateway, "Hi!")) == "gpt-5-nano"
    assert served(chat(gateway, "Hi!", "And again, please.")) == "gpt-5-nano"
    up = chat(gateway, "Hi!", "And again, please.", HARD)
    assert served(up) == "claude-opus-4-5"
    assert "moves up from openai/gpt-5-nano, now hard" in up.headers["x-llmconsole-route"]
    after = chat(gateway, "Hi!", "And again, please.", HARD, "Thanks!")
    assert served(after) == "claude-opus-4-5"
    assert "stays at anthropic/claude-opus-4-5" in after.headers["x-llmconsole-route"]
    assert served(chat(gateway, "Another conversation.")) == "gpt-5-nano"


def test_moving_up_is_weighed_against_the_prompt_cache(gateways: Gateways) -> None:
    routes = STAYING.replace('"simple"', '"simple,medium"')
    gateway = gateways.start(routes + '[routing]\nmost_loss_usd = "0.05"\n')
    opening = "word " * 12_000
    warm = chat(gateway, f"{opening} [[sim input=16000 cached=15000]]", session_id="s1")
    assert served(warm) == "gpt-5-nano"
    kept = chat(gateway, opening, HARD, session_id="s1")
    assert served(kept) == "gpt-5-nano"
    assert "16,000 cached tokens are read anew for $0.07992" in kept.headers["x-llmconsole-route"]
    gateway.admin("PUT", "policy", json={"toml": routes + '[routing]\nmost_loss_usd = "0.1"\n'})
    warm_again = chat(gateway, f"{opening} [[sim input=16000 cached=15000]]", "Go on.", session_id="s1")
    assert served(warm_again) == "gpt-5-nano"
    assert served(chat(gateway, opening, HARD, session_id="s1")) == "claude-opus-4-5"


def test_a_shadow_only_watches(gateways: Gateways) -> None:
    gateway = gateways.start(STAYING.replace("use =", "shadow = true\nuse ="))
    assert served(chat(gateway, "Hi!")) == "gpt-5.5"


STOPPED = '[[panics]]\nrestraint = "stop"\nmatch = { project = "web" }\nsince = "2026-11-26T10:00:00Z"\n'


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_stop_lets_only_through_what_costs_nothing(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire
) -> None:
    gateway = gateways.start(STOPPED + '[prices."openai/gpt-5-nano"]\ninput = "0"\noutput = "0"\n')
    headers = {**wire.credential(gateway.token), "x-llmconsole-tags": "project=web"}
    before = simulated.mark()
    refused = gateway.http.post(wire.path, json=wire.ask("Stop."), headers=headers)
    assert (refused.status_code, refused.headers["x-should-retry"]) == (402, "false")
    assert "spending is stopped for project=web since" in wire.error_of(refused.json())[1]
    assert not simulated.seen(before)
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=web"}
    free = gateway.http.post(CHAT.path, json=CHAT.ask("Free.", model="gpt-5-nano"), headers=headers)
    assert free.status_code == 200, free.text
    other = gateway.http.post(wire.path, json=wire.ask("Others."), headers=wire.credential(gateway.token))
    assert other.status_code == 200


def test_cheapest_only_sends_everything_to_the_cheapest(gateways: Gateways) -> None:
    gateway = gateways.start('[[panics]]\nrestraint = "cheap"\n')
    answer = gateway.http.post(
        MESSAGES.path, json=MESSAGES.ask("Dear."), headers=MESSAGES.credential(gateway.token)
    )
    assert (answer.status_code, served(answer)) == (200, "gpt-5.4-nano"), answer.text
    assert answer.headers["x-llmconsole-route"].startswith("cheapest only; ")
    (row,) = gateway.rows(1)
    assert Decimal(row["saved_usd"]) > 0


def test_a_switch_is_thrown_and_lifted(gateways: Gateways) -> None:
    gateway = gateways.start()

    def ask(project: str) -> int:
        headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": f"project={project}"}
        return gateway.http.post(CHAT.path, json=CHAT.ask("Hello"), headers=headers).status_code

    (thrown,) = gateway.admin("POST", "panics", json={"restraint": "stop", "match": {"project": "web"}})[
        "panics"
    ]
    assert (thrown["restraint"], thrown["match"]) == ("stop", {"project": "web"})
    assert (ask("web"), ask("docs")) == (402, 200)
    again = {"restraint": "cheap", "match": {"project": "web"}}
    assert len(gateway.admin("POST", "panics", json=again)["panics"]) == 1
    assert ask("web") == 200
    gateway.admin("POST", "panics", json={"restraint": "stop"})
    assert (ask("web"), ask("docs")) == (402, 402)
    assert gateway.admin("DELETE", "panics")["panics"] == []
    assert (ask("web"), ask("docs")) == (200, 200)
    assert gateway.admin_response("POST", "panics", json={"restraint": "now"}).status_code == 400
    gateway.admin("POST", "policy/undo", json={})
    assert ask("docs") == 402, "lifting is an edit like any other, and taken back like one"
