"""Gemini and Claude on Vertex AI on the whole way: tokens for a service account, Google's own paths."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import anthropic
import pytest
from google import genai
from google.genai import types

from tests.console.conftest import CommandLine
from tests.support.clouds import kept, vertex
from tests.support.gateway import Gateways, RunningGateway
from tests.support.keyring_session import KeyringSession
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI, MESSAGES, Wire, events_of

FLASH, CLAUDE = "vertex/gemini-2.5-flash", "vertex/claude-sonnet-4-5@20250929"
PLACE = "projects/sim-project/locations/global/publishers"
TIGHT = """
[[budgets]]
name = "tight"
match = { provider = "vertex" }
limit_usd = "0.00001"
window = "day"
at_limit = "block"
"""


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shared gateway's service account."""
    return tmp_path_factory.mktemp("account")


@pytest.fixture(scope="module")
def shared(shared_gateways: Gateways, simulated: SimulatedProvider, account: Path) -> RunningGateway:
    return shared_gateways.start(vertex(simulated, account), base_urls={}, top='log_level = "debug"')


@pytest.fixture
def gateway(shared: RunningGateway) -> RunningGateway:
    return shared.next_test()


def post(gateway: RunningGateway, wire: Wire, model: str, words: str, **more: Any) -> Any:
    stream = bool(more.get("stream"))
    body = {**wire.ask(words, model=model, stream=stream), **more.get("body", {})}
    headers = {**wire.credential(gateway.token), **more.get("headers", {})}
    return gateway.http.post(wire.for_model(model, stream=stream), json=body, headers=headers)


def calls(simulated: SimulatedProvider, since: int) -> list[dict[str, Any]]:
    """What arrived, the requests for tokens left out."""
    return [each for each in simulated.seen(since, bodies=True) if each["path"] != "/token"]


def tokens(simulated: SimulatedProvider, since: int) -> list[int]:
    return [each["status"] for each in simulated.seen(since) if each["path"] == "/token"]


@pytest.mark.parametrize("model", [FLASH, CLAUDE])
@pytest.mark.parametrize("stream", [False, True])
def test_every_format(
    gateway: RunningGateway, simulated: SimulatedProvider, wire: Wire, stream: bool, model: str
) -> None:
    before = simulated.mark()
    answer = post(gateway, wire, model, f"Hello from {wire.name}. [[sim output=40]]", stream=stream)
    assert answer.status_code == 200, answer.text
    (seen,) = calls(simulated, before)
    name = model.removeprefix("vertex/")
    if model is FLASH:
        verb = "streamGenerateContent" if stream else "generateContent"
        assert seen["path"] == f"/v1beta1/{PLACE}/google/models/{name}:{verb}"
    else:
        verb = "streamRawPredict" if stream else "rawPredict"
        assert seen["path"] == f"/v1/{PLACE}/anthropic/models/{name}:{verb}"
        assert "model" not in json.loads(seen["body"])
    (row,) = gateway.rows(1)
    assert (row["provider"], row["model"], row["outcome"]) == ("vertex", name, "ok")
    assert row["certainty"] == "computed" and Decimal(row["cost_usd"]) > 0
    assert (row["input_tokens"], row["output_tokens"]) == (seen["usage"]["input"], seen["usage"]["output"])
    if stream and wire is not CHAT:
        assert wire.last_usage(events_of(answer.content))


def test_claude_costs_a_tenth_more_inside_a_region(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path
) -> None:
    """From Sonnet 4.5 on; older ones and Gemini cost the same everywhere."""
    section = vertex(simulated, tmp_path)
    other = vertex(simulated, tmp_path, location="eu").replace("vertex]", 'vertex-eu]\nkind = "vertex"')
    gateway = gateways.start(section + other, base_urls={})
    older = "vertex/claude-opus-4-1@20250805"
    for model, wire in ((CLAUDE, MESSAGES), (older, MESSAGES), (FLASH, GEMINI)):
        words = f"What is {model}? [[sim input=100 output=100]]"
        assert post(gateway, wire, model, words).status_code == 200
        assert post(gateway, wire, model.replace("vertex/", "vertex-eu/"), words).status_code == 200
    cost = [Decimal(row["cost_usd"]) for row in gateway.rows(6)]
    assert (cost[1], cost[3], cost[5]) == (cost[0] * Decimal("1.1"), cost[2], cost[4])
    assert min(cost) > 0


def test_one_token_serves_many_calls(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path
) -> None:
    gateway = gateways.start(vertex(simulated, tmp_path), base_urls={})
    before = simulated.mark()
    for number in range(4):
        assert post(gateway, GEMINI, FLASH, f"Number {number}.").status_code == 200
    assert tokens(simulated, before) == [200]


def test_a_token_is_renewed_before_it_ends(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path
) -> None:
    """Tokens of four minutes are renewed at every call while the old one is still good."""
    gateway = gateways.start(vertex(simulated, tmp_path, life=240), base_urls={})
    before = simulated.mark()
    assert post(gateway, GEMINI, FLASH, "First.").status_code == 200
    assert post(gateway, GEMINI, FLASH, "Second.").status_code == 200
    wait_for(lambda: len(tokens(simulated, before)) >= 2, what="a second token")
    assert post(gateway, GEMINI, FLASH, "Third.").status_code == 200


def test_the_default_login_of_the_machine(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path
) -> None:
    section = vertex(simulated, tmp_path).partition("api_key")[0]
    environment = {"GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "account.json")}
    gateway = gateways.start(section, base_urls={}, environment=environment)
    assert post(gateway, GEMINI, FLASH, "Who am I?").status_code == 200
    shown = next(key for key in gateway.admin("GET", "keys")["keys"] if key["provider"] == "vertex")
    assert shown["source"] == "login"


def test_a_forged_key_gets_no_token(gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path) -> None:
    """A key of another pair: what the token endpoint says is told, the key is not."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    section = vertex(simulated, tmp_path)
    account = json.loads((tmp_path / "account.json").read_text())
    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kept(tmp_path, "account.json", json.dumps({**account, "private_key": pem.decode()}))
    gateway = gateways.start(section, base_urls={})
    before = simulated.mark()
    answer = post(gateway, GEMINI, FLASH, "Let me in.")
    assert answer.status_code == 401 and "Invalid JWT Signature" in answer.text
    assert not calls(simulated, before)
    assert "PRIVATE KEY" not in answer.text + gateway.child.output + str(gateway.export())


def test_the_file_of_an_account_is_kept_in_the_keyring(
    gateways: Gateways, simulated: SimulatedProvider, keyring_session: KeyringSession, tmp_path: Path
) -> None:
    section = vertex(simulated, tmp_path).partition("api_key")[0]
    gateway = gateways.start(section, base_urls={}, environment=keyring_session.environment)
    here = CommandLine(tmp_path, gateway.data)
    account = json.dumps(json.loads((tmp_path / "account.json").read_text()), indent=2)
    told = here.done("keys", "set", "vertex", stdin=account)
    assert "PRIVATE" not in told and "00a7" in told
    (tmp_path / "account.json").unlink()
    assert post(gateway, GEMINI, FLASH, "From the keyring.").status_code == 200
    shown = next(key for key in gateway.admin("GET", "keys")["keys"] if key["provider"] == "vertex")
    assert (shown["source"], shown["hint"]) == ("keyring", "••••00a7")
    assert "simulated-key" in keyring_session.search("service", "llmconsole")


def test_a_raw_token_is_sent_as_it_is(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path
) -> None:
    section = vertex(simulated, tmp_path)
    kept(tmp_path, "account.json", "ya29.not-issued-here")
    gateway = gateways.start(section, base_urls={})
    answer = post(gateway, MESSAGES, CLAUDE, "With what I have.")
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "authentication_error"


def test_no_secret_is_in_the_log_or_an_answer(gateway: RunningGateway, account: Path) -> None:
    post(gateway, GEMINI, FLASH, "Quietly.")
    gateway.rows(1)
    places = [gateway.admin_response("GET", path).text for path in ("keys", "status", "doctor")]
    secret = json.loads((account / "account.json").read_text())["private_key"][100:160]
    told = "".join((*places, gateway.child.output))
    assert secret not in told and "ya29." not in told


@pytest.mark.parametrize(
    ("model", "wire", "kind"),
    [(CLAUDE, MESSAGES, "rate_limit_error"), (FLASH, GEMINI, "RESOURCE_EXHAUSTED")],
    ids=["claude", "gemini"],
)
def test_an_error_is_one_of_the_clients_format(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path, model: str, wire: Wire, kind: str
) -> None:
    gateway = gateways.start(vertex(simulated, tmp_path), base_urls={})
    answer = post(gateway, wire, model, f"Too fast for {wire.name}. [[sim status=429]]")
    assert answer.status_code == 429
    assert wire.error_of(answer.json())[0] == kind


def test_a_client_that_leaves_is_booked(gateway: RunningGateway) -> None:
    words = "Long. [[sim output=4000 chunks=400 gap=0.05]]"
    body, headers = GEMINI.ask(words, cap=5000), GEMINI.credential(gateway.token)
    with gateway.http.stream(
        "POST", GEMINI.for_model(FLASH, stream=True), json=body, headers=headers
    ) as stream:
        next(stream.iter_lines())
    (row,) = gateway.rows(1)
    assert row["outcome"] == "cancelled" and Decimal(row["cost_usd"]) > 0


def test_a_budget_refuses_before_anything_is_sent(
    gateways: Gateways, simulated: SimulatedProvider, tmp_path: Path
) -> None:
    gateway = gateways.start(vertex(simulated, tmp_path) + TIGHT, base_urls={})
    before = simulated.mark()
    assert post(gateway, GEMINI, FLASH, "Too dear.").status_code == 402
    assert post(gateway, MESSAGES, CLAUDE, "Too dear.").status_code == 402
    assert not calls(simulated, before)


def test_tokens_are_counted_there(gateway: RunningGateway, simulated: SimulatedProvider) -> None:
    before = simulated.mark()
    contents = [{"role": "user", "parts": [{"text": "How long is this?"}]}]
    inner = {"model": "models/gemini-2.5-flash", "contents": contents}
    path = GEMINI.for_model(FLASH).replace("generateContent", "countTokens")
    bodies: list[Any] = [{"contents": contents}, {"generateContentRequest": inner}]
    for body in bodies:
        answer = gateway.http.post(path, json=body, headers=GEMINI.credential(gateway.token))
        assert answer.json()["totalTokens"] > 0
    body = MESSAGES.ask("How long is this?", model=CLAUDE)
    headers = MESSAGES.credential(gateway.token)
    assert (
        gateway.http.post("/v1/messages/count_tokens", json=body, headers=headers).json()["input_tokens"] > 0
    )
    paths = [each["path"].rpartition("/")[2] for each in calls(simulated, before)]
    assert paths == ["gemini-2.5-flash:countTokens"] * 2 + ["count-tokens:rawPredict"]


def test_embeddings_are_refused_in_plain_words(gateway: RunningGateway) -> None:
    body = {"content": {"parts": [{"text": "A vector, please."}]}}
    path = GEMINI.for_model("vertex/gemini-embedding-001").replace("generateContent", "embedContent")
    answer = gateway.http.post(path, json=body, headers=GEMINI.credential(gateway.token))
    assert answer.status_code == 400 and "embeddings" in answer.text


def test_its_models_are_listed_and_its_key_is_tried(gateway: RunningGateway) -> None:
    def listed() -> bool:
        """Without those whose login was not looked up in time, which on a busy machine takes a moment."""
        models = gateway.http.get("/v1/models", headers=MESSAGES.credential(gateway.token)).json()["data"]
        return {"vertex/gemini-3.8-flash", "vertex/claude-opus-5-5"} <= {model["id"] for model in models}

    wait_for(listed, what="the models of Vertex AI")
    test = gateway.admin("POST", "keys/vertex/test", json={})
    assert test["ok"] and test["models"] > 0, test
    assert not [check for check in gateway.doctor() if "vertex" in check["name"]]


def test_tools_through_the_sdks(gateway: RunningGateway) -> None:
    """Twice around: ids of calls, which the client brings back, are none of Vertex AI's."""
    schema: dict[str, Any] = {"type": "object", "properties": {"city": {"type": "string"}}}
    words = "The weather? [[sim call=weather:eyJjaXR5IjoiQm9ubiJ9]]"
    declared = types.FunctionDeclaration(name="weather", parameters_json_schema=schema)
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[declared])])
    options = types.HttpOptions(base_url=gateway.url)
    for model in (CLAUDE, FLASH):
        with genai.Client(api_key=gateway.token, http_options=options, vertexai=False) as gemini:
            answer = gemini.models.generate_content(model=model, contents=words, config=config)
            (called,) = answer.function_calls or []
            assert called.args == {"city": "Bonn"}
            said = types.FunctionResponse(id=called.id or "call-1", name="weather", response={"sky": "blue"})
            assert answer.candidates and answer.candidates[0].content
            contents = [
                types.Content(role="user", parts=[types.Part(text=words)]),
                answer.candidates[0].content,
                types.Content(role="user", parts=[types.Part(function_response=said)]),
            ]
            assert gemini.models.generate_content(model=model, contents=contents, config=config).text


def test_tools_of_claude_code_on_gemini(gateway: RunningGateway) -> None:
    words = "The weather? [[sim call=weather:eyJjaXR5IjoiQm9ubiJ9]]"
    schema: dict[str, Any] = {"type": "object", "properties": {"city": {"type": "string"}}}
    messages: list[Any] = [{"role": "user", "content": words}]
    tools: list[Any] = [{"name": "weather", "input_schema": schema}]
    with anthropic.Anthropic(base_url=gateway.url, api_key=gateway.token, max_retries=0) as claude:
        with claude.messages.stream(model=FLASH, max_tokens=400, messages=messages, tools=tools) as stream:
            message = stream.get_final_message()
        (used,) = [block for block in message.content if block.type == "tool_use"]
        assert used.input == {"city": "Bonn"}
        result = {"type": "tool_result", "tool_use_id": used.id, "content": "blue"}
        messages += [
            {
                "role": "assistant",
                "content": [block.model_dump(exclude_none=True) for block in message.content],
            },
            {"role": "user", "content": [result]},
        ]
        again = claude.messages.create(model=FLASH, max_tokens=400, messages=messages, tools=tools)
    assert [block.type for block in again.content if block.type == "text"] == ["text"]
