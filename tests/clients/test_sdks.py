"""The official SDKs for Python and Node, and Vercel's, on models of all makers: what they say is booked.

Each SDK runs once for each model, all cases in one process; a test looks at one case of that run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.clients.driven import Driven
from tests.support.gateway import Gateways

GPT, CLAUDE, GEMINI = "gpt-5-mini", "claude-sonnet-4-5", "gemini-2.5-flash"
MODELS = (GPT, CLAUDE, GEMINI)
SDKS = {
    "openai": MODELS,
    "anthropic": MODELS,
    "genai": MODELS,
    "python-openai": MODELS,
    "python-anthropic": MODELS,
    "python-genai": MODELS,
    "vercel": (
        f"openai:{GPT}",
        f"compatible:{CLAUDE}",
        f"compatible:{GEMINI}",
        f"anthropic:{CLAUDE}",
        f"anthropic:{GPT}",
        f"google:{GEMINI}",
        f"google:{CLAUDE}",
    ),
}
WITHOUT = {
    "openai": {"thinking"},
    "anthropic": {"stream_usage", "responses", "responses_stream", "tools_stream", "reasoning", "embeddings"},
    "genai": {"stream_usage", "responses", "responses_stream", "tools_stream", "reasoning", "error_529"},
    "python-openai": {"thinking"},
    "python-anthropic": {"stream_usage", "responses", "responses_stream", "reasoning", "embeddings"},
    "python-genai": {
        "stream_usage", "responses", "responses_stream", "tools_stream", "reasoning", "error_529",
    },
    "vercel": {
        "stream_usage", "responses", "responses_stream", "thinking", "reasoning", "cached", "counting",
        "models", "error_400", "error_404", "error_529",
    },
}  # fmt: skip
"""What an SDK has no way to say."""
POLICY = """
[[budgets]]
name = "tiny"
match = { case = "budget" }
limit_usd = "0.000001"
window = "month"
"""

pytestmark = pytest.mark.timeout(180)


def runs(*cases: str) -> pytest.MarkDecorator:
    """A test of these cases in every run that has them: one run after the other."""
    found = [
        pytest.param((sdk, model), case, id=f"{sdk}-{model.replace(':', '-')}-{case}")
        for sdk, models in SDKS.items()
        for model in models
        for case in cases
        if case not in WITHOUT[sdk]
        and not (case == "embeddings" and model.partition(":")[0] in ("compatible", "anthropic"))
    ]
    return pytest.mark.parametrize(("run", "case"), found, indirect=["run"])


@pytest.fixture
def run(request: pytest.FixtureRequest, shared_folder: Path, gateways: Gateways) -> Driven:
    """The run of an SDK on a model: made once, on a gateway of its own."""
    sdk, model = request.param
    return Driven.once(shared_folder, sdk, model, lambda: gateways.start(POLICY))


def output_tokens(usage: dict[str, Any]) -> int:
    """In the words of any of the SDKs."""
    names = ("completion_tokens", "output_tokens", "outputTokens")
    found = next((usage[name] for name in names if name in usage), None)
    if found is None:
        return int(usage["candidatesTokenCount"]) + int(usage.get("thoughtsTokenCount") or 0)
    return int(found)


@runs("simple", "stream", "stream_usage", "responses", "responses_stream")
def test_an_answer_and_its_usage(run: Driven, case: str) -> None:
    answer = run.said(case)
    assert answer["text"]
    row = run.row(case)
    assert row["stream"] is ("stream" in case)
    if answer["usage"] is not None:
        assert output_tokens(answer["usage"]) == row["output_tokens"]
    else:
        assert run.sdk.endswith("openai") and case == "stream"


@runs("multi_turn", "image")
def test_conversations_and_images(run: Driven, case: str) -> None:
    assert run.said(case)["text"]
    assert all(row["outcome"] == "ok" for row in run.rows(case))


@runs("tools", "tools_stream")
def test_a_round_of_parallel_tools(run: Driven, case: str) -> None:
    answer = run.said(case)
    assert sorted(answer["seen"]) == [["tides", ["city", "days"]], ["weather", ["city", "days"]]]
    assert answer["text"]
    outcomes = [row["outcome"] for row in run.rows(case)]
    # Anthropic's runner asks for a thread first, and goes on without one where another provider serves.
    assert outcomes[-2:] == ["ok", "ok"] and outcomes[:-2] in ([], ["refused"])


@runs("structured")
def test_a_structured_answer(run: Driven, case: str) -> None:
    assert run.said(case)["keys"] == ["city", "days"]
    run.row(case)


@runs("thinking", "reasoning")
def test_thinking_is_counted(run: Driven, case: str) -> None:
    answer = run.said(case)
    row = run.row(case)
    assert row["reasoning_tokens"] > 0
    assert output_tokens(answer["usage"]) == row["output_tokens"]


@runs("cached")
def test_cached_input_is_told_apart(run: Driven, case: str) -> None:
    usage = run.said(case)["usage"]
    row = run.row(case)
    assert (row["input_tokens"], row["cached_input_tokens"]) == (1000, 4000)
    cached = {
        "openai": lambda: usage["prompt_tokens_details"]["cached_tokens"],
        "anthropic": lambda: usage["cache_read_input_tokens"],
        "genai": lambda: usage["cachedContentTokenCount"],
    }
    assert cached[run.sdk.removeprefix("python-")]() == 4000


@runs("counting")
def test_counting_costs_nothing(run: Driven, case: str) -> None:
    counted = run.said(case)
    assert next(value for value in counted.values() if isinstance(value, int)) > 0
    (row,) = run.rows(case)
    assert (row["outcome"], row["cost_usd"]) == ("ok", "0.00")


@runs("embeddings")
def test_embeddings(run: Driven, case: str) -> None:
    sizes = run.said(case)["sizes"]
    assert len(sizes) == 2 and len(set(sizes)) == 1
    run.row(case)


@runs("models")
def test_lists_of_models(run: Driven, case: str) -> None:
    assert run.said(case) == {"listed": True, "one": run.model}


ERRORS = {
    "error_400": 400,
    "error_401": 401,
    "error_404": 404,
    "budget": 402,
    "error_429": 429,
    "error_500": 500,
    "error_529": 529,
}


@runs(*ERRORS)
def test_an_error_is_the_clients_own(run: Driven, case: str) -> None:
    error = run.said(case)
    assert error["status"] == ERRORS[case], error
    if case == "budget":
        assert "'tiny'" in error["message"]
    assert all(float(row["cost_usd"]) == 0 for row in run.rows(case))


@runs("broken")
def test_a_stream_that_breaks_is_no_success(run: Driven, case: str) -> None:
    assert run.said(case)["kind"] != "nothing"
    (row,) = run.rows(case)
    assert (row["outcome"], row["certainty"]) == ("failed", "estimated")
    assert float(row["cost_usd"]) > 0


@runs("cancel")
def test_who_leaves_is_booked(run: Driven, case: str) -> None:
    run.said(case)
    (row,) = run.rows(case)
    assert (row["outcome"], row["certainty"]) == ("cancelled", "estimated")
    assert 0 < row["output_tokens"] < 400


@runs("parallel")
def test_a_hundred_at_once(run: Driven, case: str) -> None:
    assert run.said(case)["answers"] == 100
    rows = run.rows(case)
    assert len(rows) == 100 and {row["outcome"] for row in rows} == {"ok"}
