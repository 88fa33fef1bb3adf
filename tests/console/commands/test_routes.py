"""llmconsole routes: one line out for each line in, without a gateway."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def test_a_line_may_say_the_form_and_the_end() -> None:
    schema = {"type": "object", "required": ["masts"]}
    ask = {"prompt": "Tell me of a boat.", "answer": '{"name": "Ann"}'}
    good: list[dict[str, Any]] = [{}, {"schema": True}, {"schema": {}}, {"finish_reason": "stop"}]
    bad: list[dict[str, Any]] = [{"schema": schema}, {"finish_reason": "MAX_TOKENS"}]
    bad.append({"finish_reason": "refusal", "schema": schema})
    lines = [json.dumps(ask | each) for each in (*good, *bad)]
    found = [json.loads(line) for line in run("escalate", *lines, words=("--json",))]
    assert all(each == found[0] for each in found[:4]) and found[0]["distrust"] < 0.3
    assert [each["distrust"] for each in found[4:]] == [1.0, 1.0, 1.0]
    checks = [reason["check"] for each in found[4:] for reason in each["reasons"]]
    assert checks == ["schema", "capped", "declined"]


@pytest.mark.parametrize(
    ("more", "told"), [({"schema": "object"}, '"schema"'), ({"finish_reason": "lenght"}, "lenght")]
)
def test_a_form_or_end_that_is_none_is_named(more: dict[str, str], told: str) -> None:
    with pytest.raises(Trouble, match=f"line 1: .*{told}") as caught:
        run("escalate", json.dumps({"prompt": "?", "answer": "!"} | more))
    assert caught.value.exit_status == WRONG_USE


def lines_of(*, taught: bool = True) -> list[str]:
    return [
        json.dumps(
            {"prompt": f"Say what {what} {at} are.", "cheap": 0, "strong": int(taught and what == "proteins")}
        )
        for at in range(60)
        for what in ("proteins", "potatoes")
    ]


def test_what_is_learned_scores_and_is_forgotten(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    prompts = tuple(json.dumps({"prompt": f"Say what {what} are."}) for what in ("proteins", "potatoes"))
    with pytest.raises(Trouble, match="nothing was learned"):
        run("score", *prompts, words=("--learned", *data))
    (told,) = run("learn", *lines_of(), words=data)
    assert "learned from 120 outcomes" in told and "so it judges" in told
    hard, easy = run("score", *prompts, words=("--learned", *data))
    assert float(hard) > float(easy)
    shown = json.loads("\n".join(run("learned", words=("--json", *data))))
    assert shown["prompts"]["used"] is True and shown["answers"] is None
    assert shown["prompts"]["gain"][1] > 0
    assert run("forget", words=data) == ["forgotten: prompts"]
    assert run("learned", words=data)[0] == "prompts: nothing learned; the rule judges"


def test_answers_are_learned(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    asked = [
        {"prompt": f"How many are {at} and 1?", "answer": f"{at} + 1 = {at + 1}", "good": 1}
        for at in range(40)
    ]
    asked += [{**line, "answer": "I am sorry, I cannot.", "good": False} for line in asked]
    run("learn", *map(json.dumps, asked), words=("--answers", *data))
    trusted, refused = run("escalate", *(json.dumps(asked[at]) for at in (3, 43)), words=("--learned", *data))
    assert float(trusted) < float(refused)


def test_answers_are_learned_by_what_the_strong_model_gains(tmp_path: Path) -> None:
    """Long sums fail in both models, so that only a refusal is worth a second question."""
    data = ("--data", str(tmp_path))
    kinds = (("= 2", 1, 1), ("I am sorry, I cannot.", 0, 1), ("1 + 1 + 1 + 1 = 5, but 1 + 1 = 3", 0, 0))
    asked = [
        json.dumps({"prompt": f"How many are {at}?", "answer": answer, "cheap": cheap, "strong": strong})
        for at in range(40)
        for answer, cheap, strong in kinds
    ]
    run("learn", *asked, words=("--answers", *data))
    _, refused, wrong = map(float, run("escalate", *asked[:3], words=("--learned", *data)))
    assert refused > wrong
    with pytest.raises(Trouble, match='line 1 has no "good" from 0 to 1'):
        run("learn", '{"prompt": "a", "answer": "b", "cheap": 1}', words=("--answers", *data))


def test_too_little_to_learn_from_is_one_sentence(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    with pytest.raises(Trouble, match="too few"):
        run("learn", *lines_of()[:10], words=data)
    with pytest.raises(Trouble, match="no better"):
        run("learn", *lines_of(taught=False), words=data)
    with pytest.raises(Trouble, match='line 1 has no "strong" from 0 to 1'):
        run("learn", '{"prompt": "a", "cheap": 0, "strong": 2}', words=data)


@pytest.mark.parametrize("line", ["no", "[]", '{"prompt": 1}', "{}"])
def test_a_wrong_line_is_named(line: str) -> None:
    with pytest.raises(Trouble, match="line 2") as caught:
        run("score", '{"prompt": "a"}', line)
    assert caught.value.exit_status == WRONG_USE
