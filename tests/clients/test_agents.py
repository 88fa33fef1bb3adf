"""The real agents, headless, through the gateway: what they do, what they show, and what is booked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread
import httpx
import pytest

from tests.clients.agents import (
    AIDER,
    BRANCH,
    CLAUDE,
    CODEX,
    GEMINI,
    LLM,
    OPENCODE,
    Agent,
    Workplace,
    calling,
)
from tests.support.eavesdropping import Listener
from tests.support.gateway import PROVIDERS, Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider

GPT, SONNET, FLASH = "gpt-5-mini", "claude-sonnet-4-5", "gemini-2.5-flash"
WITH_TOOLS = (CLAUDE, CODEX, GEMINI, OPENCODE)
ALL = (*WITH_TOOLS, LLM, AIDER)


def pace(agent: Agent) -> str:
    """A throttle of its own for each: one that was emptied is full again after a minute."""
    return f'''
[[throttles]]
name = "pace of {agent.name}"
match = {{ kind = "paced", app = "{agent.name}" }}
requests_per_minute = 40
'''


POLICY = f"""
[providers.mistral]
api_key = "keyring"
{"".join(map(pace, ALL))}
[[throttles]]
name = "slow pace"
match = {{ kind = "slow" }}
concurrent = 1

[[budgets]]
name = "tiny"
match = {{ kind = "tiny" }}
limit_usd = "0.000001"
window = "month"
unbounded = "allow"

[[budgets]]
name = "hard"
match = {{ kind = "hard" }}
limit_usd = "5.00"
window = "month"
"""

pytestmark = pytest.mark.timeout(150)


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, simulated: SimulatedProvider, compiled_prices: Path
) -> Iterator[RunningGateway]:
    """One gateway for all of them."""
    base_urls = {name: simulated.base_url(name) for name in PROVIDERS}
    started = Gateways(tmp_path_factory.mktemp("agents"), base_urls, compiled_prices)
    yield started.start(POLICY)
    started.close()


@pytest.fixture
def place(shared: RunningGateway, tmp_path: Path) -> Workplace:
    return Workplace(shared, tmp_path)


SUBJECTS = (
    "the request handler", "a background worker", "the cache layer", "this migration", "the retry loop",
    "the parser", "our fixture", "the connection pool", "a naïve implementation", "the scheduler",
    "the event bus", "each session", "the café demo", "the build step", "the feature flag",
)  # fmt: skip
"""What every sentence of the simulated model begins with."""


MAKERS = ("api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com", "aiplatform")
"""Where models answer: nobody may go there around the gateway. Codex also wants to ask github.com and
chatgpt.com for plugins, Gemini CLI to tell play.googleapis.com how it is used."""


def answered(shown: str) -> bool:
    """Whether the model's answer stands in what a person sees."""
    return any(subject in shown.lower() for subject in SUBJECTS)


def named(agent: Agent) -> str:
    return agent.name


@pytest.mark.parametrize("model", [GPT, SONNET, FLASH])
@pytest.mark.parametrize("agent", WITH_TOOLS, ids=named)
def test_a_tool_round(place: Workplace, agent: Agent, model: str) -> None:
    """The model has the agent run a command, reads what came of it, and answers."""
    assert agent.tool is not None
    ran = place.run(agent, model, calling(agent.tool, "echo made > made.txt"))
    assert ran.code == 0, ran.shown
    assert (place.project / "made.txt").read_text() == "made\n"
    assert answered(ran.out), ran.out
    assert len([row for row in ran.rows if row["model"] == model]) >= 2
    for row in ran.rows:
        assert (row["outcome"], row["error"]) == ("ok", None), row["error"]
        wanted = {"client": agent.client, "project": "harbour", "branch": BRANCH, "app": agent.name}
        assert row["tags"].items() >= wanted.items()
    if agent.session:
        assert len({row["session"] for row in ran.rows}) == 1 and ran.rows[0]["session"]
    assert not [each for each in ran.elsewhere if any(maker in each for maker in MAKERS)], ran.elsewhere
    assert ran.cost > 0 and abs(ran.told - ran.cost) < Decimal("0.0001")


@pytest.mark.parametrize("agent", [CLAUDE, CODEX, OPENCODE, LLM], ids=named)
def test_a_conversation_goes_on(place: Workplace, agent: Agent) -> None:
    model = SONNET if agent is CLAUDE else GPT
    first = place.run(agent, model, "Remember the tide tables.")
    second = place.run(agent, model, "What did I ask you to remember?", again=True)
    assert (first.code, second.code) == (0, 0), second.shown
    (asked,) = [row for row in first.rows if row["model"] == model][-1:]
    (then,) = [row for row in second.rows if row["model"] == model][-1:]

    def read(row: dict[str, int]) -> int:
        return row["input_tokens"] + row["cached_input_tokens"] + row["cache_write_tokens"]

    assert read(then) > read(asked), "the first exchange is part of the second request"
    if agent.session:
        assert then["session"] == asked["session"]


@pytest.mark.parametrize(
    ("agent", "model"),
    [(LLM, GPT), (AIDER, GPT), (AIDER, SONNET), (AIDER, FLASH)],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_question(place: Workplace, agent: Agent, model: str) -> None:
    ran = place.run(agent, model, "Say hello.")
    assert ran.code == 0, ran.shown
    row = ran.rows[-1]
    assert (row["outcome"], row["model"], row["tags"]["app"]) == ("ok", model, agent.name)
    assert float(row["cost_usd"]) > 0
    assert answered(ran.out), ran.out


def test_claude_counts_the_same_dollars(place: Workplace) -> None:
    """Claude Code reckons its own cost from the usage that it is told: cache writes and reads included."""
    ran = place.run(CLAUDE, SONNET, "Say hello.")
    told = json.loads(ran.out)
    assert told["is_error"] is False
    assert abs(Decimal(str(told["total_cost_usd"])) - ran.cost) < Decimal("0.000001")
    assert sum(row["cache_write_tokens"] for row in ran.rows) > 10_000


def test_codex_counts_the_same_tokens(place: Workplace) -> None:
    ran = place.run(CODEX, GPT, "Say hello.")
    (ended,) = [json.loads(line) for line in ran.out.splitlines() if '"turn.completed"' in line]
    (row,) = ran.rows
    usage = ended["usage"]
    assert usage["input_tokens"] == row["input_tokens"] + row["cached_input_tokens"]
    assert (usage["output_tokens"], usage["reasoning_output_tokens"]) == (
        row["output_tokens"], row["reasoning_tokens"],
    )  # fmt: skip


def test_codex_falls_back_from_its_web_socket(place: Workplace) -> None:
    """With its built-in provider and another base URL it first asks for a web socket."""
    (place.home / ".codex").mkdir()
    (place.home / ".codex" / "auth.json").write_text(
        json.dumps({"OPENAI_API_KEY": place.gateway.token}), encoding="utf-8"
    )
    with Listener(place.gateway.url) as relay:
        more = ("-c", 'model_provider="openai"', "-c", f'openai_base_url="{relay.url}/v1"')
        ran = place.run(CODEX, GPT, "Say hello.", more=more)
    assert ran.code == 0, ran.shown
    responses = [each for each in relay.asked if "/v1/responses" in each]
    assert responses == ["GET /v1/responses -> websocket", "POST /v1/responses"], "it falls back at once"
    assert 426 in relay.answered
    (row,) = ran.rows
    assert (row["outcome"], row["path"]) == ("ok", "/v1/responses")


def test_codex_works_under_a_hard_budget(place: Workplace) -> None:
    """It offers a web search without a limit, which nothing would bound."""
    ran = place.run(CODEX, GPT, "Say hello.", tags=("kind=hard",))
    assert ran.code == 0, ran.shown
    (row,) = ran.rows
    assert row["outcome"] == "ok"


MOST_CALLS = {"claude": 2, "codex": 1, "gemini": 1, "opencode": 2, "llm": 1, "aider": 1}
"""Claude Code and opencode ask for a title beside."""


@pytest.mark.parametrize("agent", ALL, ids=named)
def test_a_used_up_budget_reaches_the_person_at_once(place: Workplace, agent: Agent) -> None:
    model = {"claude": SONNET, "gemini": FLASH}.get(agent.name, GPT)
    ran = place.run(agent, model, "Too dear.", tags=("kind=tiny",))
    assert "budget 'tiny' has too little left" in ran.shown, ran.shown
    assert {row["outcome"] for row in ran.rows} == {"refused"}
    assert len(ran.rows) <= MOST_CALLS[agent.name]
    assert ran.cost == 0


@pytest.mark.parametrize("agent", [CLAUDE, CODEX, GEMINI], ids=named)
def test_an_unknown_model_is_named(place: Workplace, agent: Agent) -> None:
    """Claude Code says it in words of its own."""
    ran = place.run(agent, "no-such-model", "Hello.")
    said = "issue with the selected model (no-such-model)" if agent is CLAUDE else "is not known here"
    assert "no-such-model" in ran.shown and said in ran.shown, ran.shown
    assert {row["outcome"] for row in ran.rows} == {"refused"}


def emptied(place: Workplace, tags: str, requests: int) -> None:
    """The pace of calls with these tags is used up."""
    headers = {"authorization": f"Bearer {place.gateway.token}", "x-llmconsole-tags": tags}
    body = {
        "model": "gpt-5-nano",
        "max_completion_tokens": 16,
        "messages": [{"role": "user", "content": "a"}],
    }
    for _ in range(requests):
        place.gateway.http.post("/v1/chat/completions", json=body, headers=headers)


@contextmanager
def busy(place: Workplace, kind: str) -> Iterator[None]:
    """A call of that kind runs until another one was refused, but no longer than what is done beside it."""
    done = threading.Event()
    headers = {"authorization": f"Bearer {place.gateway.token}", "x-llmconsole-tags": f"kind={kind}"}
    body = {"model": "gpt-5-nano", "messages": [{"role": "user", "content": "Slowly. [[sim hang=90]]"}]}

    def refused() -> bool:
        return any(
            (row["tags"].get("kind"), row["outcome"]) == (kind, "refused")
            for row in place.gateway.export()[before:]
        )

    def wait() -> None:
        while not done.wait(0.5) and not refused():
            pass

    async def call() -> None:
        async with httpx.AsyncClient(timeout=100) as client, anyio.create_task_group() as group:
            url = f"{place.gateway.url}/v1/chat/completions"
            group.start_soon(partial(client.post, url, json=body, headers=headers))
            await anyio.to_thread.run_sync(wait)
            group.cancel_scope.cancel()

    before = len(place.gateway.export())
    thread = threading.Thread(target=anyio.run, args=(call,))
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("agent", ALL, ids=named)
def test_a_short_throttle_is_not_noticed(place: Workplace, agent: Agent) -> None:
    """Their calls are held for the second or two that are missing."""
    model = {"claude": SONNET, "gemini": FLASH}.get(agent.name, GPT)
    emptied(place, f"kind=paced,app={agent.name}", 40)
    ran = place.run(agent, model, "Say hello.", tags=("kind=paced",))
    assert ran.code == 0 and answered(ran.out), ran.shown
    assert {row["outcome"] for row in ran.rows} == {"ok"}


@pytest.mark.parametrize("agent", ALL, ids=named)
def test_a_throttle_is_waited_for_or_shown(place: Workplace, agent: Agent) -> None:
    """While another call takes the only place they get a 429: what comes of it is an answer, or why not.
    Codex says that in words of its own."""
    model = {"claude": SONNET, "gemini": FLASH}.get(agent.name, GPT)
    with busy(place, "slow"):
        ran = place.run(agent, model, "Say hello.", tags=("kind=slow",))
    assert "refused" in {row["outcome"] for row in ran.rows}, ran.rows
    said = "429 Too Many Requests" if agent is CODEX else "slow pace"
    assert answered(ran.out) or said in ran.shown, ran.shown


@pytest.mark.parametrize("agent", [CLAUDE, CODEX, GEMINI, AIDER], ids=named)
def test_a_missing_key_is_told_with_its_mend(place: Workplace, agent: Agent) -> None:
    asked = "openai/mistral/mistral-large-latest" if agent is AIDER else "mistral/mistral-large-latest"
    ran = place.run(agent, asked, "Say hello.")
    assert "llmconsole keys set mistral" in ran.shown, ran.shown
    assert {row["outcome"] for row in ran.rows} == {"refused"}
    # Gemini CLI and aider try once more.
    assert len(ran.rows) <= max(2, MOST_CALLS[agent.name]), ran.rows


@pytest.mark.parametrize("fault", ["status=503", "status=529", "break=clean:2 output=200 chunks=9"])
@pytest.mark.parametrize("agent", [CLAUDE, CODEX], ids=named)
def test_what_breaks_is_no_success(place: Workplace, agent: Agent, fault: str) -> None:
    none = ("-c", "model_providers.llmconsole.request_max_retries=0")
    more = (*none, "-c", "model_providers.llmconsole.stream_max_retries=0") if agent is CODEX else ()
    model = SONNET if agent is CLAUDE else GPT
    words = f"Fail with {fault.partition('=')[0]}. [[sim {fault}]]"
    ran = place.run(agent, model, words, more=more, variables={"CLAUDE_CODE_MAX_RETRIES": "0"})
    assert ran.code != 0 or '"is_error":true' in ran.out, ran.shown
    assert "failed" in {row["outcome"] for row in ran.rows}
