"""llmconsole routes: one line out for each line in, without a gateway."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from console.commands.routes import routes
from console.trouble import WRONG_USE, Trouble
from gateway_core import measure


def run(command: str, *lines: str, words: tuple[str, ...] = ()) -> list[str]:
    done = CliRunner().invoke(routes, [command, *words], input="\n".join(lines), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_a_score_for_each_prompt() -> None:
    prompts = ("Hi", "Prove step by step why the algorithm must halt on every input.")
    easy, hard = run("score", *(json.dumps({"prompt": prompt}) for prompt in prompts))
    assert float(easy) == pytest.approx(measure(prompts[0]).value, abs=1e-6)
    assert float(easy) < float(hard) <= 1


def test_the_parts_add_up() -> None:
    (line,) = run("score", json.dumps({"prompt": "Why is 2 + 2 = 4?"}), words=("--json",))
    found = json.loads(line)
    assert sum(found["parts"].values()) == pytest.approx(found["score"], abs=1e-5)


def test_a_wrong_answer_is_distrusted_more() -> None:
    ask = "What is the total of 3 and 4?"
    lines = (json.dumps({"prompt": ask, "answer": answer}) for answer in ("3 + 4 = 7", "3 + 4 = 8"))
    right, wrong = run("escalate", *lines)
    assert float(right) < float(wrong)


def test_the_reasons_are_named() -> None:
    (line,) = run("escalate", json.dumps({"prompt": "?", "answer": "3 + 4 = 8"}), words=("--json",))
    found = json.loads(line)
    assert {"check": "arithmetic", "value": 0.4, "why": "3 + 4 = 8 is wrong"} in found["reasons"]


@pytest.mark.parametrize("line", ["no", "[]", '{"prompt": 1}', "{}"])
def test_a_wrong_line_is_named(line: str) -> None:
    with pytest.raises(Trouble, match="line 2") as caught:
        run("score", '{"prompt": "a"}', line)
    assert caught.value.exit_status == WRONG_USE
