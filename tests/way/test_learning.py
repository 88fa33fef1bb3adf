"""Learning from own traffic, end to end: only where it is allowed, without text, from what people do."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.wires import CHAT

LEARN = "[routing]\nlearn = true\n"
WORDS = "What is a zyzzyva, and who named it?"


def ask(gateway: RunningGateway, prompt: str = WORDS, **more: str) -> httpx.Response:
    headers = CHAT.credential(gateway.token) | {"x-llmconsole-route": more.get("route", "")}
    body = CHAT.ask(prompt, model=more.get("model", CHAT.model))
    answer = gateway.http.post(CHAT.path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def kept(gateway: RunningGateway, count: int) -> list[dict[str, Any]]:
    """The remembered calls, oldest first, once there are so many."""

    def found() -> list[dict[str, Any]] | None:
        with sqlite3.connect(gateway.data / "ledger.db") as connection:
            connection.row_factory = sqlite3.Row
            rows = [dict(row) for row in connection.execute("SELECT * FROM outcomes ORDER BY at")]
        return rows if len(rows) == count else None

    return wait_for(found, what=f"{count} remembered calls")


def test_nothing_is_remembered_unless_allowed(gateways: Gateways) -> None:
    gateway = gateways.start()
    ask(gateway)
    gateway.rows(1)
    with sqlite3.connect(gateway.data / "ledger.db") as connection:
        assert connection.execute("SELECT count(*) FROM outcomes").fetchone() == (0,)


def test_no_text_is_kept(gateways: Gateways) -> None:
    gateway = gateways.start(LEARN)
    ask(gateway)
    (row,) = kept(gateway, 1)
    assert "zyzzyva" not in json.dumps(row) and row["bad"] is None
    assert json.loads(row["features"])["rule"] > 0


@pytest.mark.parametrize(
    ("again", "why", "bad"),
    [({}, "retry", 0.7), ({"route": "off"}, "override", 1.0), ({"model": "gpt-5"}, "override", 1.0)],
)
def test_asking_again_says_how_it_was_taken(
    gateways: Gateways, again: dict[str, str], why: str, bad: float
) -> None:
    gateway = gateways.start(LEARN)
    ask(gateway)
    ask(gateway, "Something else.")
    ask(gateway, **again)
    first, other, last = kept(gateway, 3)
    assert (first["why"], first["bad"]) == (why, bad)
    assert other["why"] is None and last["why"] is None


def test_a_thumb_is_a_persons_word_and_stands(gateways: Gateways) -> None:
    gateway = gateways.start(LEARN)
    ask(gateway)
    (row,) = kept(gateway, 1)
    assert (
        gateway.admin_response("POST", f"calls/{row['call_id']}/thumb", json={"thumb": "up"}).status_code
        == 200
    )
    ask(gateway)
    first, _ = kept(gateway, 2)
    assert (first["why"], first["bad"]) == ("thumb", 0.0)
    unknown = gateway.admin_response("POST", "calls/nobody/thumb", json={"thumb": "down"})
    assert unknown.status_code == 404 and "learn = true" in unknown.text


def test_a_lesson_from_own_calls(gateways: Gateways) -> None:
    gateway = gateways.start(LEARN)
    few = gateway.admin_response("POST", "lessons/own")
    assert few.status_code == 409 and "too few" in few.text
    for at in range(24):
        for what in ("proteins", "potatoes"):
            ask(gateway, f"Say what {what} number {at} are.")
    for number, row in enumerate(kept(gateway, 48)):
        thumb = "up" if number % 2 else "down"
        gateway.admin_response("POST", f"calls/{row['call_id']}/thumb", json={"thumb": thumb})
    lesson = gateway.admin_response("POST", "lessons/own").json()
    assert lesson["labels"] == 48 and lesson["used"] and lesson["gain"][1] > 0, lesson
