"""Claude on Bedrock on the whole way: signed, unwrapped, held for and booked like any other call."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest

from gateway_core.simulated.sigv4 import ACCESS, SECRET, SESSION, SESSION_ACCESS
from tests.support.clouds import BEARER, CLAUDE, PAIR, SESSION_PAIR, bedrock
from tests.support.gateway import Gateways, RunningGateway
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, MESSAGES, Wire, events_of

TIGHT = """
[[budgets]]
name = "tight"
match = { provider = "bedrock" }
limit_usd = "0.0001"
window = "day"
at_limit = "block"
"""


@pytest.fixture(scope="module")
def shared(
    shared_gateways: Gateways, simulated: SimulatedProvider, tmp_path_factory: pytest.TempPathFactory
) -> RunningGateway:
    section = bedrock(simulated, tmp_path_factory.mktemp("account"))
    return shared_gateways.start(section, base_urls={}, top='log_level = "debug"')


@pytest.fixture
def gateway(shared: RunningGateway) -> RunningGateway:
    return shared.next_test()


@pytest.fixture
def failing(gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path) -> RunningGateway:
    """A gateway of the test's own: one that sees failure after failure lets its provider rest."""
    return gateways.start(bedrock(simulated, tmp_path), base_urls={})


def post(gateway: RunningGateway, wire: Wire, words: str, *, model: str = CLAUDE, **more: Any) -> Any:
    stream = bool(more.get("stream"))
    body = {**wire.ask(words, model=model, stream=stream), **more.get("body", {})}
    headers = {**wire.credential(gateway.token), **more.get("headers", {})}
    return gateway.http.post(wire.for_model(model, stream=stream), json=body, headers=headers)


@pytest.mark.parametrize("key", [PAIR, SESSION_PAIR, BEARER])
def test_a_key_of_either_kind(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path, key: str
) -> None:
    gateway = gateways.start(bedrock(simulated, tmp_path, key), base_urls={})
    answer = post(gateway, MESSAGES, "Which key was that?")
    assert answer.status_code == 200, answer.text
    assert answer.json()["type"] == "message"


def test_the_login_of_the_machine(gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path) -> None:
    """No key is stored: what AWS's own tools would find is used, here from the environment."""
    section = bedrock(simulated, tmp_path).partition("api_key")[0]
    environment = {
        "AWS_ACCESS_KEY_ID": SESSION_ACCESS,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": SESSION,
    }
    gateway = gateways.start(section, base_urls={}, environment=environment)
    assert post(gateway, MESSAGES, "Who am I?").status_code == 200
    shown = next(key for key in gateway.admin("GET", "keys")["keys"] if key["provider"] == "bedrock")
    assert shown["source"] == "login"
    assert not [check for check in gateway.doctor() if "bedrock" in check["name"]]


def test_without_any_key_the_ways_are_named(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path
) -> None:
    section = bedrock(simulated, tmp_path).partition("api_key")[0]
    environment = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
    gateway = gateways.start(section, base_urls={}, environment=environment)
    answer = post(gateway, MESSAGES, "Nobody?")
    assert answer.status_code == 401
    assert "llmconsole keys set bedrock" in answer.text and "aws sso login" in answer.text


@pytest.mark.parametrize("stream", [False, True])
def test_every_format(
    gateway: RunningGateway, simulated: SimulatedProvider, wire: Wire, stream: bool
) -> None:
    before = simulated.mark()
    answer = post(gateway, wire, f"Hello from {wire.name}. [[sim output=40]]", stream=stream)
    assert answer.status_code == 200, answer.text
    (seen,) = simulated.seen(before, bodies=True)
    verb = "invoke-with-response-stream" if stream else "invoke"
    assert seen["path"] == f"/model/{CLAUDE}/{verb}"
    assert not {"model", "stream"} & json.loads(seen["body"]).keys()
    (row,) = gateway.rows(1)
    assert (row["provider"], row["model"], row["outcome"]) == ("bedrock", CLAUDE, "ok")
    assert row["certainty"] == "computed" and row["provider_request_id"].startswith("aws-")
    assert (row["input_tokens"], row["output_tokens"]) == (seen["usage"]["input"], seen["usage"]["output"])
    if stream and wire is not CHAT:
        # Chat completions tell no usage unless they are asked for it.
        assert wire.last_usage(events_of(answer.content))


def test_the_price_is_that_of_the_region_and_of_the_cache(gateway: RunningGateway) -> None:
    """Inference inside a region costs a tenth more than Bedrock's global profiles."""
    words = "Read this again. " * 500 + "[[sim input=2000 cached=1000 written=500 output=200]]"
    assert post(gateway, MESSAGES, words, stream=True).status_code == 200
    assert post(gateway, MESSAGES, words, model=CLAUDE.replace("eu.", "global.")).status_code == 200
    regional, worldwide = gateway.rows(2)
    assert (regional["cached_input_tokens"], regional["cache_write_tokens"]) == (1000, 500)
    assert Decimal(regional["cost_usd"]) == Decimal(worldwide["cost_usd"]) * Decimal("1.1")
    assert Decimal(worldwide["cost_usd"]) > 0


def test_an_arn_is_a_model_whose_price_is_its_owners(
    gateway: RunningGateway, simulated: SimulatedProvider
) -> None:
    arn = "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3"
    before = simulated.mark()
    assert post(gateway, MESSAGES, "By another name.", model=arn).status_code == 200
    (seen,) = simulated.seen(before)
    assert seen["path"] == f"/model/{arn}/invoke"
    (row,) = gateway.rows(1)
    assert (row["model"], row["certainty"]) == (arn, "unpriced")


def test_betas_that_bedrock_does_not_know_are_left_out_and_named(
    gateway: RunningGateway, simulated: SimulatedProvider
) -> None:
    betas = "claude-code-20250219,interleaved-thinking-2025-05-14,prompt-caching-scope-2026-01-05"
    before = simulated.mark()
    answer = post(gateway, MESSAGES, "Think in between.", headers={"anthropic-beta": betas})
    assert answer.status_code == 200, answer.text
    (seen,) = simulated.seen(before, bodies=True)
    assert json.loads(seen["body"])["anthropic_beta"] == ["interleaved-thinking-2025-05-14"]
    dropped = "beta claude-code-20250219, beta prompt-caching-scope-2026-01-05"
    assert answer.headers["x-llmconsole-dropped"] == dropped
    (row,) = gateway.rows(1)
    assert row["route_reason"].endswith(f"dropped: {dropped}")
    assert not [name for name in seen["header_names"] if name.startswith("anthropic-")]


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [
        (400, 400, "invalid_request_error"),
        (404, 404, "not_found_error"),
        (424, 502, "api_error"),
        (429, 429, "rate_limit_error"),
        (500, 500, "api_error"),
        (503, 503, "overloaded_error"),
    ],
)
def test_an_error_is_one_of_anthropics(failing: RunningGateway, status: int, told: int, kind: str) -> None:
    answer = post(failing, MESSAGES, f"Fail with {status}. [[sim status={status}]]", stream=True)
    assert answer.status_code == told
    assert answer.json()["error"]["type"] == kind
    (row,) = failing.rows(1)
    assert (row["outcome"], row["cost_usd"]) == ("failed", "0.00")


@pytest.mark.parametrize("wire", [MESSAGES, CHAT], ids=lambda each: each.name)
def test_an_exception_inside_a_stream_is_no_success(gateway: RunningGateway, wire: Wire) -> None:
    answer = post(gateway, wire, "Break. [[sim output=60 chunks=6 break=error:3]]", stream=True)
    assert answer.status_code == 200
    assert "error" in json.dumps(events_of(answer.content)[-1])
    assert b"message_stop" not in answer.content
    (row,) = gateway.rows(1)
    assert row["outcome"] == "failed" and Decimal(row["cost_usd"]) > 0


def test_a_stream_that_stops_is_no_success(gateway: RunningGateway) -> None:
    answer = post(gateway, MESSAGES, "Stop. [[sim output=60 chunks=6 break=clean:3]]", stream=True)
    assert "error" in json.dumps(events_of(answer.content)[-1])
    (row,) = gateway.rows(1)
    assert row["outcome"] == "failed"


def test_a_wrong_secret_is_told_without_what_was_signed(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path
) -> None:
    """AWS quotes back what it should have been, with the signature that was sent."""
    wrong = f"{ACCESS}:{SECRET.lower()}"
    gateway = gateways.start(bedrock(simulated, tmp_path, wrong), base_urls={}, top='log_level = "debug"')
    answer = post(gateway, MESSAGES, "Let me in.")
    assert answer.status_code == 403 and "does not match" in answer.text
    assert "Signature=••••" in answer.text
    test = gateway.admin("POST", "keys/bedrock/test", json={})
    assert not test["ok"]
    told = [answer.text, str(test), str(gateway.export()), gateway.child.output]
    assert not [each for each in told if SECRET.lower() in each]


def test_no_secret_is_in_the_log_or_an_answer(gateway: RunningGateway) -> None:
    post(gateway, MESSAGES, "Quietly.")
    gateway.rows(1)
    places = [gateway.admin_response("GET", path).text for path in ("keys", "status", "doctor")]
    assert not [each for each in (*places, gateway.child.output) if SECRET in each or "AWS4" in each]


def test_a_client_that_leaves_is_booked(gateway: RunningGateway) -> None:
    words = "Long. [[sim output=4000 chunks=400 gap=0.05]]"
    body = MESSAGES.ask(words, model=CLAUDE, cap=5000, stream=True)
    headers = MESSAGES.credential(gateway.token)
    with gateway.http.stream("POST", MESSAGES.path, json=body, headers=headers) as stream:
        for line in stream.iter_lines():
            if "text_delta" in line:
                break
    (row,) = gateway.rows(1)
    assert row["outcome"] == "cancelled" and Decimal(row["cost_usd"]) > 0
    assert row["certainty"] == "estimated"


def test_a_budget_refuses_before_anything_is_sent(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path
) -> None:
    gateway = gateways.start(bedrock(simulated, tmp_path) + TIGHT, base_urls={})
    before = simulated.mark()
    assert post(gateway, MESSAGES, "Too dear.").status_code == 402
    assert not simulated.seen(before)


def test_tokens_are_counted_here(gateway: RunningGateway, simulated: SimulatedProvider) -> None:
    before = simulated.mark()
    body = {"model": CLAUDE, "messages": [{"role": "user", "content": "How long is this?"}]}
    headers = MESSAGES.credential(gateway.token)
    answer = gateway.http.post("/v1/messages/count_tokens", json=body, headers=headers)
    assert answer.json()["input_tokens"] > 0
    assert not simulated.seen(before)


def test_its_models_are_listed_and_its_key_is_tried(gateway: RunningGateway) -> None:
    listed = gateway.http.get("/v1/models", headers=MESSAGES.credential(gateway.token)).json()["data"]
    assert "global.anthropic.claude-sonnet-5-5" in {model["id"] for model in listed}
    test = gateway.admin("POST", "keys/bedrock/test", json={})
    assert test["ok"] and test["models"] == 2
    assert not [check for check in gateway.doctor() if "bedrock" in check["name"]]


def test_tools_through_the_sdks(gateway: RunningGateway) -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    }
    claude = anthropic.Anthropic(base_url=gateway.url, api_key=gateway.token, max_retries=0)
    chat = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.token, max_retries=0)
    with claude, chat:
        with claude.messages.stream(
            model=CLAUDE,
            max_tokens=400,
            messages=[{"role": "user", "content": "Weather here? [[sim call=weather:eyJjaXR5IjoiQm9ubiJ9]]"}],
            tools=[{"name": "weather", "description": "The weather.", "input_schema": schema}],
        ) as stream:
            message = stream.get_final_message()
        answer = chat.chat.completions.create(
            model=CLAUDE,
            messages=[{"role": "user", "content": "Weather there? [[sim call=weather:eyJjaXR5IjoiVWxtIn0]]"}],
            tools=[{"type": "function", "function": {"name": "weather", "parameters": schema}}],
        )
    (used,) = [block for block in message.content if block.type == "tool_use"]
    assert used.input == {"city": "Bonn"} and message.stop_reason == "tool_use"
    (called,) = answer.choices[0].message.tool_calls or []
    assert called.type == "function" and json.loads(called.function.arguments) == {"city": "Ulm"}
