"""llmconsole messages and llmconsole tags mode, on a real gateway."""

from __future__ import annotations

import pytest

from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.wires import CHAT

KEEPS = '[[capture]]\nmatch = { project = "web" }\ndays = 3\n'


@pytest.fixture
def gateway(gateways: Gateways, llmconsole: CommandLine) -> RunningGateway:
    gateway = gateways.start(KEEPS)
    llmconsole.data = gateway.data
    return gateway


def call(gateway: RunningGateway, words: str) -> str:
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=web,mode=building"}
    answer = gateway.http.post(CHAT.path, json=CHAT.ask(words), headers=headers)
    return str(answer.headers["x-llmconsole-request-id"])


def test_messages_are_counted_shown_and_deleted(gateway: RunningGateway, llmconsole: CommandLine) -> None:
    calls = [call(gateway, f"peculiar words {n}") for n in range(2)]
    wait_for(lambda: "2 calls" in llmconsole.done("messages", "kept"), what="the messages")
    assert llmconsole.done("messages", "kept").startswith("kept of project=web, for 3 days\n")
    shown = llmconsole.done("messages", "show", calls[0])
    assert "--- user\npeculiar words 0\n--- answer\n" in shown
    assert llmconsole.done("messages", "rm", calls[0]) == "messages of 1 call are deleted\n"
    gone = llmconsole("messages", "show", calls[0])
    assert gone.returncode != 0 and len(gone.stderr.splitlines()) == 1
    assert llmconsole.done("messages", "rm", calls[0]) == "messages of 0 calls are deleted\n"
    unknown = llmconsole("messages", "rm", "01nobody")
    assert unknown.returncode == 1 and unknown.stdout == ""
    assert unknown.stderr.count("\n") == 1 and "there is no call '01nobody'" in unknown.stderr
    vague = llmconsole("messages", "rm")
    assert vague.returncode == 2 and "name a call, or say --all" in vague.stderr
    assert llmconsole.done("messages", "rm", "--all") == "messages of 1 call are deleted\n"
    assert "peculiar words" not in llmconsole.done("export", "--format", "jsonl")


@pytest.mark.parametrize("word", ["..", ".", "x/..", "../..", "..%2f.."])
def test_a_word_that_is_no_call_deletes_nothing(
    gateway: RunningGateway, llmconsole: CommandLine, word: str
) -> None:
    call(gateway, "kept words")
    wait_for(lambda: "1 call," in llmconsole.done("messages", "kept"), what="the messages")
    llmconsole("messages", "rm", word)
    assert "1 call," in llmconsole.done("messages", "kept")


def test_a_call_is_given_another_mode_and_its_own_again(
    gateway: RunningGateway, llmconsole: CommandLine
) -> None:
    id = call(gateway, "to be labelled by a command")
    gateway.rows(1)
    assert llmconsole.done("tags", "mode", id, "vibing") == f"call {id} counts as vibing\n"
    assert "vibing" in llmconsole.done("report", "--by", "mode")
    assert llmconsole.done("tags", "mode", id) == f"call {id} counts as building\n"
    wrong = llmconsole("tags", "mode", id, "dreaming")
    assert wrong.returncode != 0 and "vibing, building" in wrong.stderr
