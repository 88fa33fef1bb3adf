"""Second opinions, end to end: asked beside the calls of clients, paid for out of a budget of their own, on
rows of their own, and learned from."""

from __future__ import annotations

import base64
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, WIRES, Wire

CHEAP, STRONG, JUDGE = "gpt-4.1-mini", "claude-sonnet-4-5", "gpt-5-mini"
OPINION = f"""
[[opinions]]
name = "mini is enough"
cheap = "{CHEAP}"
strong = "{STRONG}"
share = 1.0
judge = "{JUDGE}"
usd_per_day = "0.50"
"""
ALL = '[[budgets]]\nname = "all"\nlimit_usd = "50"\nwindow = "month"\n'


def says(**words: str) -> str:
    """A knob by which each model says what it is told to."""
    names = {"cheap": CHEAP, "strong": STRONG, "judge": JUDGE}
    told = (f"{names[who]}:{base64.urlsafe_b64encode(text.encode()).decode()}" for who, text in words.items())
    return f"[[sim says={','.join(told)}]]"


def send(
    gateway: RunningGateway,
    prompt: str,
    *,
    model: str = CHEAP,
    wire: Wire = CHAT,
    stream: bool = False,
    **more: Any,
) -> httpx.Response:
    body = wire.ask(prompt, model=model, stream=stream) | more
    headers = wire.credential(gateway.token)
    answer = gateway.http.post(wire.for_model(model, stream=stream), json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def taken(gateway: RunningGateway, count: int = 1) -> list[dict[str, Any]]:
    """The opinions that were taken, oldest first, once there are so many."""

    def found() -> list[dict[str, Any]] | None:
        with sqlite3.connect(gateway.data / "ledger.db") as connection:
            connection.row_factory = sqlite3.Row
            rows = [dict(row) for row in connection.execute("SELECT * FROM opinions ORDER BY at")]
        return rows if len(rows) >= count else None

    return wait_for(found, what=f"{count} second opinions")


def by_purpose(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["tags"].get("purpose", "client"): row for row in rows}


def outcome(gateway: RunningGateway, call_id: str) -> tuple[float, str]:
    with sqlite3.connect(gateway.data / "ledger.db") as connection:
        row = connection.execute("SELECT bad, why FROM outcomes WHERE call_id = ?", (call_id,)).fetchone()
    return row[0], row[1]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_both_answers_are_paid_for_and_compared(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire, stream: bool
) -> None:
    gateway = gateways.start(OPINION + ALL)
    mark = simulated.mark()
    told = says(cheap="A quiet bay with two piers.", strong="An island.", judge="The second is.\nSECOND")
    send(gateway, f"Where did the boats land? {told}", wire=wire, stream=stream)
    (opinion,) = taken(gateway)
    assert [each["model"] for each in simulated.seen(mark)] == [CHEAP, STRONG, JUDGE]
    rows = by_purpose(gateway.rows(3))
    client, shadow, judge = rows["client"], rows["shadow"], rows["judge"]
    assert (client["model"], shadow["model"], judge["model"]) == (CHEAP, STRONG, JUDGE)
    assert (opinion["call_id"], opinion["shadow_id"], opinion["judge_id"]) == (
        client["id"], shadow["id"], judge["id"],
    )  # fmt: skip
    assert "opinion" not in client["tags"] and shadow["tags"]["opinion"] == "mini is enough"
    assert client["id"] in shadow["route_reason"] and client["id"] in judge["route_reason"]
    assert {row["attempts"] for row in rows.values()} == {1}
    assert all(Decimal(row["cost_usd"]) > 0 for row in rows.values())
    strong_first = bool(int(client["id"][-1], 36) % 2)
    assert opinion["gain"] == (-1.0 if strong_first else 1.0)
    assert outcome(gateway, client["id"]) == (opinion["gain"], "judge")
    spent = {each["name"]: each["spent_usd"] for each in gateway.admin("GET", "budgets")["budgets"]}
    assert Decimal(spent["all"]) == sum(Decimal(row["cost_usd"]) for row in rows.values())
    own = gateway.admin("GET", "opinions")["opinions"][0]
    assert Decimal(own["spent_usd"]) == Decimal(shadow["cost_usd"]) + Decimal(judge["cost_usd"])
    assert not gateway.doctor()


def test_a_call_of_the_strong_model_is_asked_of_the_cheap_one(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    gateway = gateways.start(OPINION)
    mark = simulated.mark()
    send(gateway, f"How many boats are 12 plus 30? {says(cheap='41', strong='42')}", model=STRONG)
    (opinion,) = taken(gateway)
    assert [each["model"] for each in simulated.seen(mark)][:2] == [STRONG, CHEAP]
    assert (opinion["target"], opinion["other"]) == (f"anthropic/{STRONG}", f"openai/{CHEAP}")


@pytest.mark.parametrize("cap", [16, 50, 255])
def test_a_call_that_wants_few_words_is_asked_again_for_as_few(
    gateways: Gateways, simulated: SimulatedProvider, cap: int
) -> None:
    gateway = gateways.start(OPINION.replace(f'judge = "{JUDGE}"', ""))
    mark = simulated.mark()
    told = says(cheap="So the answer is 41.", strong="So the answer is 42.")
    send(gateway, f"How many are 12 and 30, in {cap}? {told}", max_completion_tokens=cap)
    assert taken(gateway)[0]["gain"] == 1.0
    assert json.loads(simulated.seen(mark, bodies=True)[1]["body"])["max_tokens"] == cap
    assert gateway.admin("GET", "opinions")["rests"] is None


@pytest.mark.parametrize(
    ("words", "gain", "how"),
    [
        ({"cheap": "42", "strong": "It is 42."}, 0.0, "same words"),
        ({"cheap": "So the answer is 41.", "strong": "12 + 30 = 42, the answer is 42."}, 1.0, "final answer"),
    ],
    ids=["same", "other"],
)
def test_checks_compare_without_a_judge(
    gateways: Gateways, words: dict[str, str], gain: float, how: str
) -> None:
    gateway = gateways.start(OPINION.replace(f'judge = "{JUDGE}"', ""))
    ask = "Tom has 12 boats and buys 30 more at the harbour. How many boats does Tom have in total?"
    send(gateway, f"{ask} {says(**words)}")
    (opinion,) = taken(gateway)
    assert opinion["gain"] == gain and opinion["how"].startswith(how) and opinion["judge_id"] is None
    client = by_purpose(gateway.rows(2))["client"]
    assert outcome(gateway, client["id"]) == (gain, "check")


def test_a_schema_is_a_check_that_no_judge_overrules(gateways: Gateways) -> None:
    gateway = gateways.start(OPINION)
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    form = {"type": "json_schema", "json_schema": {"name": "count", "schema": schema}}
    told = says(cheap='{"n": "three"}', strong='{"n": 3}', judge="FIRST")
    send(gateway, f"Count the boats. {told}", response_format=form)
    (opinion,) = taken(gateway)
    assert (opinion["gain"], opinion["how"], opinion["judge_id"]) == (
        1.0, "schema: fits the strong only", None,
    )  # fmt: skip
    gateway.rows(2)


def test_it_ends_with_its_own_budget_and_leaves_that_of_clients_alone(gateways: Gateways) -> None:
    gateway = gateways.start(OPINION.replace('"0.50"', '"0.02"').replace(f'judge = "{JUDGE}"', "") + ALL)
    for number in range(6):
        send(gateway, f"Which boat is number {number}? [[sim output=400]]")
    told = wait_for(lambda: gateway.admin("GET", "opinions")["rests"], what="a rest")
    assert "second opinion mini is enough" in told
    send(gateway, "Which boat is the last? [[sim output=400]]")
    rows = wait_for(lambda: _settled(gateway, 8), what="the rows of clients and of second opinions")
    asked = [row for row in rows if row["tags"].get("opinion")]
    spent = sum(Decimal(row["cost_usd"]) for row in asked)
    assert len(rows) - len(asked) == 7 and 0 < spent <= Decimal("0.02")
    assert {row["outcome"] for row in rows} == {"ok"}, "what found no room leaves no row"
    (standing,) = gateway.admin("GET", "opinions")["opinions"]
    assert Decimal(standing["spent_usd"]) == spent and standing["taken"] == len(asked)
    assert not gateway.doctor()


def _settled(gateway: RunningGateway, least: int) -> list[dict[str, Any]] | None:
    rows = gateway.export()
    return rows if len(rows) >= least and all(row["status"] == "settled" for row in rows) else None


NEAR = '[[budgets]]\nname = "all"\nlimit_usd = "0.002"\nwindow = "month"\nunbounded = "allow"\n'


@pytest.mark.parametrize("why", ["panic", "budget", "server tools", "off", "share", "cache"])
def test_what_is_not_asked_again(gateways: Gateways, simulated: SimulatedProvider, why: str) -> None:
    config = {
        "budget": OPINION + NEAR,
        "off": OPINION + "enabled = false\n",
        "share": OPINION.replace("share = 1.0", "share = 0.0"),
        "cache": OPINION + '[cache]\nexact = { when = {}, ttl = "1h" }\n',
    }
    gateway = gateways.start(config.get(why, OPINION))
    if why == "panic":
        gateway.admin("POST", "panics", json={"restraint": "cheap", "match": {"project": "web"}})
    mark, prompt = simulated.mark(), f"A question about {why}. {says(cheap='One.', strong='One.')}"
    more: dict[str, Any] = {"web_search_options": {}} if why == "server tools" else {}
    send(gateway, prompt, **more)
    sent = [CHEAP]
    if why == "cache":
        taken(gateway)
        gateway.rows(2)
        send(gateway, prompt)
        sent = [CHEAP, STRONG]
    if why == "budget":
        told = wait_for(lambda: gateway.admin("GET", "opinions")["rests"], what="a rest")
        assert told == "'all' has no room to spare for a call that no client waits for"
    gateway.rows(3 if why == "cache" else 1)
    assert [each["model"] for each in simulated.seen(mark)] == sent


def test_a_client_that_needs_the_room_gets_it_at_once(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    """The shadow hangs and holds; the client's call would not fit beside it."""
    limit = '[[throttles]]\nname = "two"\nmatch = {}\nconcurrent = 2\n'
    gateway = gateways.start(OPINION + limit)
    send(gateway, f"Which pier is it? [[sim hang=30 at={STRONG}]]")
    wait_for(lambda: _shadow_runs(gateway), what="the shadow call")
    bodies = [
        (CHAT.path, CHAT.ask(f"Client {number}: [[sim ttft=0.5]]", model="gpt-4.1")) for number in range(2)
    ]

    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda each: gateway.http.post(each[0], json=each[1], headers=CHAT.credential(gateway.token)),
                bodies,
            )
        )
    assert [answer.status_code for answer in answers] == [200, 200]
    rows = wait_for(lambda: _settled(gateway, 4), what="four rows")
    (shadow,) = [row for row in rows if row["tags"].get("opinion")]
    assert shadow["outcome"] == "cancelled" and "make room" in shadow["error"]
    assert Decimal(shadow["cost_usd"]) > 0, "its provider may bill what it was sent"
    assert not gateway.doctor()


def test_a_client_cannot_spend_of_its_budget_or_pass_for_it(gateways: Gateways) -> None:
    gateway = gateways.start(OPINION.replace("share = 1.0", "share = 0.0").replace('"0.50"', '"0.0000001"'))
    said = {"x-llmconsole-tags": "opinion=mini is enough,purpose=shadow"}
    answer = gateway.http.post(
        CHAT.path,
        json=CHAT.ask("Whose boat is it?", model=CHEAP),
        headers=CHAT.credential(gateway.token) | said,
    )
    assert answer.status_code == 200, answer.text
    (row,) = gateway.rows(1)
    assert not {"opinion", "purpose"} & {*row["tags"]}
    (standing,) = gateway.admin("GET", "opinions")["opinions"]
    assert Decimal(standing["spent_usd"]) == 0


def test_a_call_with_as_many_tags_as_there_may_be_is_asked_again(gateways: Gateways) -> None:
    gateway = gateways.start(OPINION)
    said = {"x-llmconsole-tags": ",".join(f"tag-{number}=x" for number in range(32))}
    body = CHAT.ask(f"Which buoy is it? {says(cheap='One.', strong='One.')}", model=CHEAP)
    answer = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token) | said)
    assert answer.status_code == 200, answer.text
    taken(gateway)


def test_a_call_that_the_other_model_cannot_take_stops_none_after_it(gateways: Gateways) -> None:
    gateway = gateways.start(OPINION.replace('"0.50"', '"9"'))
    audio = {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}
    send(gateway, "", messages=[{"role": "user", "content": [audio]}])
    send(gateway, f"Which crane is it? {says(cheap='One.', strong='One.')}")
    taken(gateway)
    assert gateway.admin("GET", "opinions")["rests"] is None


def _shadow_runs(gateway: RunningGateway) -> bool:
    running = gateway.admin("GET", "calls")["in_flight"]
    return any(call["tags"].get("purpose") == "shadow" for call in running)


def test_the_gateway_ends_without_waiting_for_it(gateways: Gateways) -> None:
    gateway = gateways.start(OPINION)
    send(gateway, f"Which quay is it? [[sim hang=60 at={STRONG}]]")
    wait_for(lambda: _shadow_runs(gateway), what="the shadow call")
    assert gateway.stop() == 0


@pytest.mark.parametrize("toml", [ALL, OPINION + "enabled = false\n" + ALL], ids=["removed", "switched off"])
def test_no_judge_is_asked_once_it_is_no_longer_wanted(
    gateways: Gateways, simulated: SimulatedProvider, toml: str
) -> None:
    """Its budget is gone with it: nothing would hold for the judge's call."""
    gateway = gateways.start(OPINION + ALL)
    mark = simulated.mark()
    told = says(cheap="A quiet bay.", strong="An island.", judge="SAME")
    send(gateway, f"Where is harbour {len(toml)}? {told} [[sim ttft=2 at={STRONG}]]")
    wait_for(lambda: _shadow_runs(gateway), what="the shadow call")
    gateway.admin("PUT", "policy", json={"toml": toml})
    taken(gateway)
    gateway.rows(2)
    assert [each["model"] for each in simulated.seen(mark)] == [CHEAP, STRONG]


def test_it_is_part_of_no_conversation_and_no_pattern(gateways: Gateways) -> None:
    """The same words again, a moment later, at another model: a person's retry looks just like that."""
    gateway = gateways.start(OPINION + "[routing]\nlearn = true\n")
    send(gateway, f"Which mast is it? {says(cheap='One.', strong='One.')}")
    (opinion,) = taken(gateway)
    rows = by_purpose(gateway.rows(2))
    assert outcome(gateway, rows["client"]["id"]) == (0.0, "check")
    assert rows["shadow"]["session"] is None
    told = gateway.admin("GET", f"calls/{opinion['call_id']}/decision")["second_opinion"]
    assert (told["how"], told["other"]) == ("same words", f"anthropic/{STRONG}")
    assert Decimal(told["cost_usd"]) == Decimal(rows["shadow"]["cost_usd"])
    own = gateway.admin("GET", f"calls/{opinion['shadow_id']}/decision")
    assert not own["known"] and "second opinion" in own["why_unknown"]


TWO = """
[[opinions]]
name = "poor"
when = { project = "poor" }
cheap = "gpt-4.1-mini"
strong = "claude-sonnet-4-5"
share = 1.0
usd_per_day = "0.000001"

[[opinions]]
name = "rich"
when = { project = "rich" }
cheap = "gpt-4.1-mini"
strong = "claude-sonnet-4-5"
share = 1.0
usd_per_day = "0.50"
"""


def _of(gateway: RunningGateway, project: str, prompt: str) -> None:
    headers = CHAT.credential(gateway.token) | {"x-llmconsole-tags": f"project={project}"}
    body = CHAT.ask(f"{prompt} {says(cheap='One.', strong='One.')}", model=CHEAP)
    assert gateway.http.post(CHAT.path, json=body, headers=headers).status_code == 200


def test_one_that_finds_no_room_rests_alone(gateways: Gateways) -> None:
    gateway = gateways.start(TWO)
    _of(gateway, "poor", "Which oar is it?")

    def rests() -> dict[str, Any]:
        return {each["name"]: each["rests"] for each in gateway.admin("GET", "opinions")["opinions"]}

    wait_for(lambda: rests()["poor"], what="a rest")
    assert rests()["rich"] is None and gateway.admin("GET", "opinions")["rests"] is None
    _of(gateway, "rich", "Which sail is it?")
    (opinion,) = taken(gateway)
    assert opinion["opinion"] == "rich"
    gateway.admin("PUT", "opinions/poor", json={"usd_per_day": "0.50"})
    assert rests()["poor"] is None, "what was edited is tried again"
    _of(gateway, "poor", "Which rope is it?")
    assert [each["opinion"] for each in taken(gateway, 2)] == ["rich", "poor"]


def test_what_a_judge_cost_that_did_not_answer_is_told(gateways: Gateways) -> None:
    """It broke off on its way: what was sent may be billed, and is a cost of the opinion."""
    gateway = gateways.start(OPINION + ALL)
    told = says(cheap="A quiet bay with two piers.", strong="An island.")
    send(gateway, f"Where did they land? {told} [[sim break=after:1 at={JUDGE}]]")
    (first,) = taken(gateway)
    assert first["gain"] is None and first["how"].endswith(f"openai/{JUDGE} did not answer")
    rows = by_purpose(gateway.rows(3))
    judge = rows["judge"]
    assert judge["outcome"] == "failed" and Decimal(judge["cost_usd"]) > 0
    explained = gateway.admin("GET", f"calls/{rows['client']['id']}/decision")["second_opinion"]
    assert explained["judge_id"] == first["judge_id"] == judge["id"]
    assert Decimal(explained["cost_usd"]) == Decimal(rows["shadow"]["cost_usd"]) + Decimal(judge["cost_usd"])


def test_the_judge_reads_the_conversation(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(OPINION)
    mark = simulated.mark()
    told = says(cheap="Une baie.", strong="Une ile.", judge="SAME")
    turns = [
        {"role": "system", "content": "Answer in French, as a pilot."},
        {"role": "user", "content": "Which boat came?"},
        {"role": "assistant", "content": "Le bleu."},
        {"role": "user", "content": f"Where did it land? {told}"},
    ]
    send(gateway, "", messages=turns)
    taken(gateway)
    asked = json.loads(simulated.seen(mark, bodies=True)[2]["body"])["messages"][0]["content"]
    before, _, request = asked.partition("<<<REQUEST")
    for words in ("[system] Answer in French", "[user] Which boat came?", "[assistant] Le bleu."):
        assert words in before
    assert "Where did it land?" in request and "Where did it land?" not in before
