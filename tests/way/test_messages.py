"""Messages are kept of calls that a rule names, of nobody else's; without keys, for a time, until deleted."""

from __future__ import annotations

import base64
import json
import sqlite3
from typing import Any

import httpx
import pytest
import zstandard

from tests.support.gateway import PROVIDER_KEY, Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.wires import CHAT, WIRES, Wire

KEEPS = '[[capture]]\nmatch = { project = "web" }\ndays = 3\n'
WEB = "project=web"
SECRET = "sk-proj-0123456789abcdef4242"


def ask(
    gateway: RunningGateway, text: str, *, wire: Wire = CHAT, tags: str = WEB, stream: bool = False
) -> str:
    headers = {**wire.credential(gateway.token), "x-llmconsole-tags": tags}
    response = gateway.http.post(wire.at(stream), json=wire.ask(text, stream=stream), headers=headers)
    assert response.status_code == 200, response.text
    return str(response.headers["x-llmconsole-request-id"])


def kept(gateway: RunningGateway, call: str) -> dict[str, Any]:
    path = f"calls/{call}/messages"
    wait_for(lambda: gateway.admin_response("GET", path).is_success, what="the messages")
    return dict(gateway.admin("GET", path))


def refused(gateway: RunningGateway, call: str) -> httpx.Response:
    return gateway.admin_response("GET", f"calls/{call}/messages")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_what_was_said_can_be_read_in_every_format(gateways: Gateways, wire: Wire, stream: bool) -> None:
    gateway = gateways.start(KEEPS)
    call = ask(gateway, "Why is the sky blue?", wire=wire, stream=stream)
    found = kept(gateway, call)
    assert found["asked"][-1] == {"role": "user", "text": "Why is the sky blue?"}
    assert found["answer"] and not found["cut"]
    assert not found["answer"].startswith(("{", "data:", "["))


def test_nobody_elses_messages_are_kept(gateways: Gateways) -> None:
    gateway = gateways.start(KEEPS)
    other = ask(gateway, "of another project, never to be found", tags="project=other")
    kept(gateway, ask(gateway, "of web"))
    response = refused(gateway, other)
    assert response.status_code == 404 and "[[capture]]" in response.text
    assert gateway.admin("GET", "messages")["calls"] == 1
    assert b"never to be found" not in (gateway.data / "ledger.db").read_bytes()


def test_without_a_rule_nothing_is_kept(gateways: Gateways) -> None:
    gateway = gateways.start()
    call = ask(gateway, "of nobody")
    gateway.rows(1)
    assert refused(gateway, call).status_code == 404
    assert gateway.admin("GET", "messages") == {"calls": 0, "bytes": 0, "rules": []}


def test_keys_are_taken_out_and_no_report_has_the_words(gateways: Gateways) -> None:
    gateway = gateways.start(KEEPS)
    words = f"my key is {SECRET} and theirs {PROVIDER_KEY}, a peculiar sentence"
    found = kept(gateway, ask(gateway, words))
    told = json.dumps(found)
    assert SECRET not in told and PROVIDER_KEY not in told
    assert "my key is ••••4242" in found["asked"][-1]["text"]
    assert "a peculiar sentence" in found["asked"][-1]["text"]
    for path in ("export?format=jsonl", "export?format=csv", "report?by=tag:project", "calls", "doctor"):
        assert "a peculiar sentence" not in gateway.admin_response("GET", path).text
    assert gateway.doctor() == []


@pytest.mark.parametrize("model", ["gpt-4.1-mini", "claude-sonnet-4-5"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_a_key_that_comes_in_pieces_is_taken_out(gateways: Gateways, wire: Wire, model: str) -> None:
    """No piece of a stream looks like a key; what is kept of it must not make one."""
    gateway = gateways.start(KEEPS)
    words = f"the keys are {SECRET} and {PROVIDER_KEY}, said in a stream"
    told = f"{model}:{base64.urlsafe_b64encode(words.encode()).decode()}"
    headers = {**wire.credential(gateway.token), "x-llmconsole-tags": WEB}
    body = wire.ask(f"[[sim says={told}]]", model=model, stream=True)
    response = gateway.http.post(wire.for_model(model, stream=True), json=body, headers=headers)
    found = kept(gateway, response.headers["x-llmconsole-request-id"])
    assert found["answer"] == "the keys are ••••4242 and ••••7f3a, said in a stream"
    with sqlite3.connect(gateway.data / "ledger.db") as connection:
        ((answer,),) = connection.execute("SELECT answer FROM messages").fetchall()
    assert b"0123" not in zstandard.decompress(answer)


def test_a_key_where_the_kept_part_ends_is_taken_out(gateways: Gateways) -> None:
    gateway = gateways.start(KEEPS)
    body = json.dumps(CHAT.ask(f"{'x' * 1_000_000} {PROVIDER_KEY}"))
    start = body.index(PROVIDER_KEY)
    body = body.replace("x" * 1_000_000, "x" * (2_000_000 - start - 20))
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": WEB, "content-type": "application/json"}
    response = gateway.http.post(CHAT.path, content=body, headers=headers)
    found = kept(gateway, response.headers["x-llmconsole-request-id"])
    assert found["cut"] and PROVIDER_KEY[:12] not in found["asked"][-1]["text"]


def test_one_command_deletes_them(gateways: Gateways) -> None:
    gateway = gateways.start(KEEPS)
    calls = [ask(gateway, f"number {n}") for n in range(3)]
    for call in calls:
        kept(gateway, call)
    unknown = gateway.admin_response("DELETE", "calls/nobody/messages")
    assert unknown.status_code == 404 and unknown.json()["error"]["code"] == "no_such_call"
    assert gateway.admin("DELETE", f"calls/{calls[0]}/messages") == {"deleted": 1}
    assert gateway.admin("DELETE", f"calls/{calls[0]}/messages") == {"deleted": 0}
    assert refused(gateway, calls[0]).status_code == 404
    assert gateway.admin("DELETE", "messages") == {"deleted": 2}
    assert gateway.admin("GET", "messages")["calls"] == 0
    assert gateway.admin("DELETE", "messages") == {"deleted": 0}


def test_a_rule_must_say_whose(gateways: Gateways) -> None:
    gateway = gateways.start()
    for toml, problem in (
        ("[[capture]]\ndays = 3\n", "opted into by project"),
        ('[[capture]]\nmatch = { project = "web" }\ndays = 400\n', "1 to 90 days"),
    ):
        response = gateway.admin_response("PUT", "policy", json={"toml": toml})
        assert response.status_code == 400 and problem in response.text
    gateway.admin("PUT", "policy", json={"toml": KEEPS})
    assert "[[capture]]" in gateway.admin("GET", "policy")["toml"]
    kept(gateway, ask(gateway, "kept from now on"))
    settings = gateway.admin("GET", "settings")
    assert settings["capture"] == [{"match": {"project": "web"}, "days": 3}]
