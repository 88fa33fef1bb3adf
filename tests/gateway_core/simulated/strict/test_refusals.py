"""What the real providers refuse is refused here, in the error of each format; what they take is taken."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES, WIRES, Wire

Body = dict[str, Any]
KEY = "provider-key-of-the-tests"
OPEN: Body = {"type": "object", "properties": {"city": {"type": "string"}}}
CLOSED: Body = {**OPEN, "required": ["city"], "additionalProperties": False}
HI: list[Body] = [{"role": "user", "content": "Hi"}]
CALLED: Body = {"id": "call_1", "type": "function", "function": {"name": "tides", "arguments": "{}"}}
ASSISTANT: Body = {"role": "assistant", "tool_calls": [CALLED]}
ANSWERED: Body = {"role": "tool", "tool_call_id": "call_1", "content": "calm"}
USE: Body = {
    "role": "assistant",
    "content": [{"type": "tool_use", "id": "toolu_1", "name": "tides", "input": {}}],
}
RESULT: Body = {
    "role": "user",
    "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "calm"}],
}
FUNCTION_CALL: Body = {"type": "function_call", "call_id": "call_1", "name": "tides", "arguments": "{}"}
OUTPUT: Body = {"type": "function_call_output", "call_id": "call_1", "output": "calm"}
SIGNATURE = "c2ltOng6MQ=="
"""A signature as the simulation makes them: base64 of sim:…"""


def function(**more: Any) -> Body:
    return {"type": "function", "function": {"name": "tides", "parameters": OPEN, **more}}


def turn(role: str, *parts: Body) -> Body:
    return {"role": role, "parts": list(parts)}


GEMINI_CALL: Body = {"functionCall": {"name": "tides", "args": {}}}
GEMINI_RESPONSE: Body = {"functionResponse": {"name": "tides", "response": {"output": "calm"}}}
USER = turn("user", {"text": "Hi"})
MARKED: Body = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}

REFUSED: list[tuple[Wire, Body, str]] = [
    (CHAT, {"surprise": 1}, "Unrecognized request argument supplied: surprise"),
    (CHAT, {"max_tokens": 5, "max_completion_tokens": None}, "'max_tokens' is not supported with this model"),
    (CHAT, {"temperature": 0.2}, "'temperature' does not support 0.2 with this model"),
    (CHAT, {"stop": list("abcde")}, "array too long"),
    (CHAT, {"top_logprobs": 2}, "only allowed when 'logprobs' is enabled"),
    (CHAT, {"response_format": {"type": "json_object"}}, "must contain the word 'json'"),
    (CHAT, {"messages": [*HI, ANSWERED]}, "must be a response to a preceeding message with 'tool_calls'"),
    (CHAT, {"messages": [*HI, ASSISTANT]}, "did not have response messages: call_1"),
    (CHAT, {"messages": [*HI, ASSISTANT, *HI]}, "did not have response messages: call_1"),
    (CHAT, {"tools": [function(strict=True)]}, "'additionalProperties' is required to be supplied"),
    (CHAT, {"tools": [function(name="no spaces")]}, "does not match pattern"),
    (
        CHAT,
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "t", "strict": True, "schema": OPEN},
            }
        },
        "Invalid schema for response_format 't'",
    ),
    (RESPONSES, {"surprise": 1}, "Unknown parameter: 'surprise'."),
    (RESPONSES, {"temperature": 0.2}, "'temperature' does not support 0.2"),
    (RESPONSES, {"input": [*HI, OUTPUT]}, "No tool call found for function call output with call_id call_1."),
    (RESPONSES, {"input": [*HI, FUNCTION_CALL]}, "No tool output found for function call call_1."),
    (
        RESPONSES,
        {"tools": [{"type": "function", "name": "tides", "parameters": OPEN, "strict": True}]},
        "Invalid schema for function 'tides'",
    ),
    (MESSAGES, {"surprise": 1}, "surprise: Extra inputs are not permitted"),
    (MESSAGES, {"max_tokens": None}, "Missing required parameter: 'max_tokens'"),
    (MESSAGES, {"messages": [*HI, USE, *HI]}, "`tool_use` ids were found without `tool_result` blocks"),
    (
        MESSAGES,
        {"messages": [*HI, RESULT]},
        "unexpected `tool_use_id` found in `tool_result` blocks: toolu_1",
    ),
    (
        MESSAGES,
        {"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]},
        "text content blocks must be non-empty",
    ),
    (
        MESSAGES,
        {"system": [MARKED] * 5},
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
    (MESSAGES, {"thinking": {"type": "enabled", "budget_tokens": 100}}, "greater than or equal to 1024"),
    (
        MESSAGES,
        {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2000, "temperature": 0.2},
        "`temperature` may only be set to 1",
    ),
    (
        MESSAGES,
        {"messages": [*HI, {"role": "assistant", "content": [{"type": "thinking", "thinking": "x"}]}, *HI]},
        "thinking.signature: Field required",
    ),
    (
        MESSAGES,
        {
            "messages": [
                *HI,
                {
                    "role": "assistant",
                    "content": [{"type": "thinking", "thinking": "x", "signature": "forged"}],
                },
                *HI,
            ]
        },
        "Invalid `signature` in `thinking` block",
    ),
    (MESSAGES, {"tools": [{"name": "a", "input_schema": OPEN}] * 2}, "Tool names must be unique"),
    (GEMINI, {"surprise": 1}, 'Unknown name "surprise"'),
    (GEMINI, {"generationConfig": {"maxTokens": 5}}, "Unknown name \"maxTokens\" at 'generation_config'"),
    (GEMINI, {"generationConfig": {"stopSequences": list("abcdef")}}, "at most 5"),
    (GEMINI, {"contents": [{"role": "user", "parts": []}]}, "contents.parts must not be empty"),
    (
        GEMINI,
        {"tools": [{"functionDeclarations": [{"name": "tides", "parameters": CLOSED}]}]},
        'Unknown name "additionalProperties"',
    ),
    (
        GEMINI,
        {"generationConfig": {"responseSchema": {"type": "object", "properties": {"a": {"const": 1}}}}},
        'Unknown name "const"',
    ),
    (
        GEMINI,
        {"contents": [USER, turn("model", GEMINI_CALL), turn("user", GEMINI_RESPONSE, GEMINI_RESPONSE)]},
        "the number of function response parts is equal to the number of function call parts",
    ),
]
TAKEN: list[tuple[Wire, Body]] = [
    (CHAT, {"messages": [*HI, ASSISTANT, ANSWERED]}),
    (CHAT, {"tools": [function(strict=True, parameters=CLOSED)]}),
    (CHAT, {"temperature": 1}),
    (RESPONSES, {"input": [*HI, FUNCTION_CALL, OUTPUT]}),
    (RESPONSES, {"client_metadata": {"a": "b"}, "include": ["reasoning.encrypted_content"]}),
    (MESSAGES, {"messages": [*HI, USE, RESULT]}),
    (MESSAGES, {"system": [MARKED] * 4}),
    (MESSAGES, {"context_management": {"edits": []}, "output_config": {"effort": "low"}}),
    (GEMINI, {"tools": [{"functionDeclarations": [{"name": "tides", "parametersJsonSchema": CLOSED}]}]}),
    (GEMINI, {"contents": [USER, turn("model", GEMINI_CALL), turn("user", GEMINI_RESPONSE)]}),
]


def post(simulated: SimulatedProvider, wire: Wire, more: Body, model: str | None = None) -> Any:
    body = {**copy.deepcopy(wire.ask("Hi", cap=2000)), **more}
    body = {key: value for key, value in body.items() if value is not None}
    path = wire.path if model is None else wire.for_model(model)
    return simulated.http.post(path, json=body, headers=wire.credential(KEY))


@pytest.mark.parametrize(
    ("wire", "more", "said"), REFUSED, ids=[f"{n}-{case[0].name}" for n, case in enumerate(REFUSED)]
)
def test_what_the_real_one_refuses(simulated: SimulatedProvider, wire: Wire, more: Body, said: str) -> None:
    answer = post(simulated, wire, more)
    assert answer.status_code == 400, answer.text
    assert said in wire.error_of(answer.json())[1]


@pytest.mark.parametrize(("wire", "more"), TAKEN, ids=[f"{n}-{case[0].name}" for n, case in enumerate(TAKEN)])
def test_what_the_real_one_takes(simulated: SimulatedProvider, wire: Wire, more: Body) -> None:
    answer = post(simulated, wire, more)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("signature", "status"),
    [
        (None, 400),
        ("Zm9yZ2Vk", 400),
        ("not base64!", 400),
        (SIGNATURE, 200),
        ("skip_thought_signature_validator", 200),
    ],
)
def test_gemini_3_wants_its_signature_back(
    simulated: SimulatedProvider, signature: str | None, status: int
) -> None:
    call = {**GEMINI_CALL, **({"thoughtSignature": signature} if signature else {})}
    more = {"contents": [USER, turn("model", call), turn("user", GEMINI_RESPONSE)]}
    assert post(simulated, GEMINI, more, "gemini-3.8-flash").status_code == status
    assert post(simulated, GEMINI, more, "gemini-2.5-flash").status_code == 200


@pytest.mark.parametrize("name", ["temperature", "top_p", "top_k"])
def test_sampling_is_refused_under_anthropics_newest_version(simulated: SimulatedProvider, name: str) -> None:
    body = {**MESSAGES.ask("Hi"), name: 1}
    newest = {**MESSAGES.credential(KEY), "anthropic-version": "2026-10-21"}
    assert simulated.http.post(MESSAGES.path, json=body, headers=newest).status_code == 400
    assert simulated.http.post(MESSAGES.path, json=body, headers=MESSAGES.credential(KEY)).status_code == 200
    without = {key: value for key, value in newest.items() if key != "anthropic-version"}
    assert simulated.http.post(MESSAGES.path, json=MESSAGES.ask("Hi"), headers=without).status_code == 400


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_an_unknown_model(simulated: SimulatedProvider, wire: Wire) -> None:
    body = wire.ask("Hi", model="no-such-model")
    answer = simulated.http.post(wire.for_model("no-such-model"), json=body, headers=wire.credential(KEY))
    assert answer.status_code == 404
