"""llmconsole cache: on kept answers of a running gateway, and on a file of questions without one."""

from __future__ import annotations

import json

import pytest

from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways
from tests.support.wires import CHAT

LINES = (
    {"put": "What is the capital of France?", "answer": "Paris"},
    {"put": "How do I fly from Paris to Rome?", "answer": {"by": "plane"}},
    {"get": "What's the capital of France?"},
    {"get": "How do I fly from Rome to Paris?"},
    {"get": "Who wrote Hamlet?"},
)


def written(*lines: object) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_eval_answers_each_get(llmconsole: CommandLine) -> None:
    found = [
        json.loads(line) for line in llmconsole.done("cache", "eval", stdin=written(*LINES)).splitlines()
    ]
    twin, turned, other = found
    assert twin == {
        "hit": True,
        "put": "What is the capital of France?",
        "similarity": 1.0,
        "answer": "Paris",
        "guard": None,
    }
    assert (turned["hit"], turned["put"], turned["guard"]) == (False, None, "order")
    assert (other["hit"], other["put"]) == (False, None)


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"put": 1}', '{"put": "a", "get": "b"}', "{}"])
def test_a_wrong_line_is_named(llmconsole: CommandLine, line: str) -> None:
    ran = llmconsole("cache", "eval", stdin=f"\n{line}\n")
    assert ran.returncode == 2
    assert ran.stderr.startswith("llmconsole: line 2 is not")
    assert len(ran.stderr.splitlines()) == 1


def test_an_endpoint_needs_a_gateway(offline: CommandLine) -> None:
    ran = offline("cache", "eval", "--endpoint", "openai/text-embedding-3-small", stdin=written(*LINES))
    assert ran.returncode == 3
    assert "llmconsole serve" in ran.stderr


def test_entries_of_a_running_gateway(gateways: Gateways, llmconsole: CommandLine) -> None:
    gateway = gateways.start()
    llmconsole.data = gateway.data
    assert "nothing is kept" in llmconsole.done("cache", "list")
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-cache": "on"}
    headers["x-llmconsole-tags"] = "project=web"
    _, answer = [gateway.http.post(CHAT.path, json=CHAT.ask("Keep me."), headers=headers) for _ in range(2)]
    key = answer.headers["x-llmconsole-cache-key"]
    assert key[:12] in llmconsole.done("cache", "list")
    (listed,) = json.loads(llmconsole.done("cache", "list", "--where", "project=web", "--json"))["entries"]
    assert (listed["key"], listed["hits"], listed["project"]) == (key, 1, "web")
    assert "is pinned" in llmconsole.done("cache", "pin", key[:8])
    assert "pinned" in llmconsole.done("cache", "show", key[:8])
    assert llmconsole.done("cache", "list", "--pinned").startswith("key")
    assert "no longer pinned" in llmconsole.done("cache", "unpin", key)
    stats = json.loads(llmconsole.done("cache", "stats", "--by", "tag:project", "--json"))
    assert (stats["rows"][0]["keys"], stats["rows"][0]["hits"]) == ({"tag:project": "web"}, 1)
    assert "50%" in llmconsole.done("cache", "stats", "--by", "tag:project")
    assert "The cache answered 1 of 2 calls" in llmconsole.done("report", "--since", "24h")
    ran = llmconsole("cache", "clear")
    assert (ran.returncode, "add --all" in ran.stderr) == (2, True)
    assert "discarded" in llmconsole.done("cache", "rm", key)
    assert llmconsole("cache", "show", key).returncode == 1
    assert llmconsole.done("cache", "restore", key[:8]) == f"{key[:8]} is kept again\n"
    assert llmconsole("cache", "restore", key).returncode == 1
    assert json.loads(llmconsole.done("cache", "rm", key, "--json"))["back_until"]
    assert json.loads(llmconsole.done("cache", "restore", key, "--json"))["hits"] == 1
    assert "discarded" in llmconsole.done("cache", "rm", key)
    assert llmconsole.done("cache", "clear", "--all") == "0 discarded\n"


def test_eval_by_the_embeddings_of_a_model(gateways: Gateways, llmconsole: CommandLine) -> None:
    gateway = gateways.start()
    llmconsole.data = gateway.data
    words = ("cache", "eval", "--endpoint", "openai/text-embedding-3-small", "--threshold", "0.7")
    lines = ({"put": "How do I sort a list in Python?"}, {"get": "how do I sort a list with Python?"})
    (found,) = [json.loads(line) for line in llmconsole.done(*words, stdin=written(*lines)).splitlines()]
    assert found["hit"]
    assert 0.7 <= found["similarity"] < 1.0
    assert {row["path"] for row in gateway.rows(2)} == {"/v1/embeddings"}
