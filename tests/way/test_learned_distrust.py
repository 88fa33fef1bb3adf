"""What was learned of answers, in the gateway's own escalation: only where it surely beats the rule."""

from __future__ import annotations

import json

from click.testing import CliRunner

from console.commands.routes import routes
from gateway_core import distrust, recall
from gateway_core.lessons import Lessons, Subject, learned_distrust
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT
from tests.way.test_escalation_terms import says

PLAIN = "They are what many people eat."
DOUBTFUL = "Perhaps they are, I think, what many people eat; maybe not, it seems."
GOOD, BAD = "proteins", "potatoes"


def prompt(topic: str, number: int | str, answer: str) -> str:
    """Asks for that very answer, so that what is judged is what was learned of."""
    return f"Say what {topic} {number} are. [[sim {says(answer, 'gpt-4.1-mini')}]]"


def _rule(answer: str) -> float:
    return distrust(prompt(GOOD, "here", answer), answer).value


BETWEEN = round((_rule(PLAIN) + _rule(DOUBTFUL)) / 2, 3)
"""Of what the rule says of a plain answer, and of a doubtful one."""


def lines(*, taught: bool) -> str:
    """Answers about one topic went ill, plain or doubtful; untaught: every other one of both."""
    said = [
        {
            "prompt": prompt(topic, number, answer),
            "answer": answer,
            "good": int(topic == GOOD) if taught else (number // 2) % 2,
        }
        for number in range(60)
        for topic in (GOOD, BAD)
        for answer in (PLAIN, DOUBTFUL)
    ]
    return "\n".join(map(json.dumps, said))


def run(gateway: RunningGateway, *words: str, stdin: str = "") -> str:
    done = CliRunner().invoke(
        routes, [*words, "--data", str(gateway.data)], input=stdin, catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def route(threshold: float) -> str:
    use = '["gpt-4.1-mini", "claude-sonnet-4-5"]'
    return f'[[routes]]\nname = "up"\nwhen = {{}}\nuse = {use}\nescalate = {threshold}\npin = false\n'


def reason(gateway: RunningGateway, topic: str, answer: str, count: int) -> str:
    """How a call was routed whose cheap answer is that one."""
    body = CHAT.ask(prompt(topic, "here", answer))
    sent = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    assert sent.status_code == 200, sent.text
    return str(gateway.rows(count)[-1]["route_reason"])


def test_escalation_goes_by_what_was_learned_until_it_is_forgotten(gateways: Gateways) -> None:
    gateway = gateways.start(route(BETWEEN))
    assert "distrusted" not in reason(gateway, BAD, PLAIN, 1)
    assert "hedging" in reason(gateway, GOOD, DOUBTFUL, 2)
    run(gateway, "learn", "--answers", stdin=lines(taught=True))
    assert "so it judges" in run(gateway, "learned").splitlines()[1]
    assert "(learned, " in reason(gateway, BAD, PLAIN, 3)
    assert "distrusted" not in reason(gateway, GOOD, DOUBTFUL, 4)
    assert run(gateway, "forget") == "forgotten: answers\n"
    assert "distrusted" not in reason(gateway, BAD, PLAIN, 5)
    assert "hedging" in reason(gateway, GOOD, DOUBTFUL, 6)
    assert not gateway.doctor()


def test_what_is_not_sure_to_be_better_is_not_used(gateways: Gateways) -> None:
    gateway = gateways.start(route(BETWEEN))
    run(gateway, "learn", "--answers", stdin=lines(taught=False))
    assert "so the rule judges" in run(gateway, "learned").splitlines()[1]
    lesson = recall(gateway.data, Subject.ANSWERS)
    assert lesson is not None and Lessons(gateway.data).of_answers() is None
    assert learned_distrust(lesson, prompt(GOOD, 1, DOUBTFUL), DOUBTFUL).reasons[0].check == "learned"
    told = reason(gateway, GOOD, DOUBTFUL, 1)
    assert "hedging" in told and "learned" not in told
