"""Calls of each format as clients write them, for hypothesis: everything that the neutral form can say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import strategies as st

from gateway_core.formats import DIALECTS
from gateway_core.model.call import Ask, DialectName, Operation

CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI
MODELS = {
    CHAT: "gpt-5-mini",
    RESPONSES: "gpt-5-mini",
    ANTHROPIC: "claude-sonnet-4-5",
    GEMINI: "gemini-3.8-flash",
}
PATH_MODEL = MODELS[GEMINI]

Body = dict[str, Any]
just = st.just
words = st.text(st.characters(codec="utf-8", exclude_characters="{}[]"), min_size=1, max_size=12).filter(
    lambda text: (
        not text.isspace()
        and not text.strip().startswith(("-", '"'))
        and text not in ("null", "true", "false")
        and not text.strip()[0].isdigit()
    )
)
names = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
ids = st.from_regex(r"[a-z]{3,6}_[0-9a-z]{6}", fullmatch=True)
base64s = st.sampled_from(["iVBORw0KGgo=", "AAAA", "JVBERi0xLjc="])
numbers = st.floats(0, 1, width=16)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2),
    max_leaves=4,
)
arguments = st.dictionaries(names, plain, max_size=3)
schemas = st.fixed_dictionaries(
    {
        "type": just("object"),
        "properties": st.dictionaries(
            names, st.sampled_from([{"type": "string"}, {"type": "integer"}]), min_size=1, max_size=2
        ),
    },
    optional={"required": just([]), "additionalProperties": just(False)},
)
unknown = st.dictionaries(st.sampled_from(["xnew", "ynew"]), words, max_size=1)


def some(
    fields: Mapping[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[Body]:
    """An object with these fields, perhaps some of the others, and perhaps one that nobody knows."""
    known = st.fixed_dictionaries(dict(fields), optional=optional)
    return st.builds(lambda body, new: {**body, **new}, known, unknown)


def only(
    fields: Mapping[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]
) -> st.SearchStrategy[Body]:
    return st.fixed_dictionaries(dict(fields), optional=optional)


def turns(
    user: st.SearchStrategy[list[Any]], round_: st.SearchStrategy[list[Any]]
) -> st.SearchStrategy[list[Any]]:
    """A user's turn, perhaps rounds of tools, each followed by another turn."""
    return st.builds(
        lambda first, rounds: first + [each for made, after in rounds for each in (*made, *after)],
        user,
        st.lists(st.tuples(round_, user), max_size=2),
    )


def _calls(draw: Any, make: Any) -> list[Any]:
    count = draw(st.integers(1, 3))
    return [make(f"{draw(ids)}{at}", draw(names), draw(arguments)) for at in range(count)]


# Chat completions

chat_parts = st.lists(
    st.one_of(
        only({"type": just("text"), "text": words}),
        only(
            {
                "type": just("image_url"),
                "image_url": only(
                    {
                        "url": base64s.map(lambda data: f"data:image/png;base64,{data}")
                        | just("https://x.test/a.png")
                    },
                    detail=just("low"),
                ),
            }
        ),
        only(
            {
                "type": just("file"),
                "file": just({"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjc="}),
            }
        ),
    ),
    min_size=2,
    max_size=3,
)


@st.composite
def chat_round(draw: Any) -> list[Any]:
    def call(id: str, name: str, args: Body) -> Body:
        return {"id": id, "type": "function", "function": {"name": name, "arguments": _text(args)}}

    calls = _calls(draw, call)
    said = {"content": draw(words)} if draw(st.booleans()) else {}
    results = [{"role": "tool", "tool_call_id": each["id"], "content": draw(words)} for each in calls]
    return [{"role": "assistant", **said, "tool_calls": calls}, *results]


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


chat_tool = only(
    {"type": just("function"), "function": only({"name": names}, description=words, parameters=schemas)}
)
chat = some(
    {
        "model": just(MODELS[CHAT]),
        "messages": st.builds(
            lambda opening, rest: opening + rest,
            st.lists(only({"role": st.sampled_from(["system", "developer"]), "content": words}), max_size=2),
            turns(
                st.lists(only({"role": just("user"), "content": words | chat_parts}), min_size=1, max_size=1),
                chat_round(),
            ),
        ),
    },
    tools=st.lists(chat_tool, min_size=1, max_size=2),
    max_completion_tokens=st.integers(2000, 9000),
    temperature=numbers,
    top_p=numbers,
    seed=st.integers(0, 9),
    stop=st.lists(words, min_size=1, max_size=2),
    user=words,
    reasoning_effort=st.sampled_from(["none", "low", "medium", "high"]),
    response_format=just({"type": "json_object"})
    | st.builds(
        lambda schema: {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}, schemas
    ),
)


# Responses

response_parts = st.lists(
    st.one_of(
        only({"type": just("input_text"), "text": words}),
        only(
            {
                "type": just("input_image"),
                "image_url": base64s.map(lambda data: f"data:image/png;base64,{data}"),
            },
            detail=just("low"),
        ),
        just(
            {
                "type": "input_file",
                "filename": "a.pdf",
                "file_data": "data:application/pdf;base64,JVBERi0xLjc=",
            }
        ),
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def response_round(draw: Any) -> list[Any]:
    def call(id: str, name: str, args: Body) -> Body:
        return {
            "type": "function_call",
            "call_id": id,
            "name": name,
            "arguments": _text(args),
            "id": f"fc_{id}",
        }

    calls = _calls(draw, call)
    thought = [
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": draw(words)}],
            "encrypted_content": "gAAA",
        }
    ]
    results = [
        {"type": "function_call_output", "call_id": each["call_id"], "output": draw(words)} for each in calls
    ]
    return [*(thought if draw(st.booleans()) else []), *calls, *results]


responses = some(
    {
        "model": just(MODELS[RESPONSES]),
        "input": turns(
            st.lists(
                only({"type": just("message"), "role": just("user"), "content": response_parts}),
                min_size=1,
                max_size=1,
            ),
            response_round(),
        ),
    },
    instructions=words,
    tools=st.lists(
        only(
            {"type": just("function"), "name": names, "strict": just(False)},
            description=words,
            parameters=schemas,
        ),
        min_size=1,
        max_size=2,
    ),
    max_output_tokens=st.integers(2000, 9000),
    temperature=numbers,
    store=just(False),
    reasoning=st.builds(
        lambda effort: {"effort": effort, "summary": "auto"}, st.sampled_from(["low", "high"])
    ),
    text=st.builds(
        lambda schema: {"format": {"type": "json_schema", "name": "a", "schema": schema}}, schemas
    ),
)


# Messages

anthropic_blocks = st.lists(
    st.one_of(
        only({"type": just("text"), "text": words}, cache_control=just({"type": "ephemeral"})),
        st.builds(
            lambda data: {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/png", "data": data},
            },
            base64s,
        ),
        just(
            {
                "type": "document",
                "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0xLjc="},
            }
        ),
    ),
    min_size=2,
    max_size=3,
)


@st.composite
def anthropic_round(draw: Any) -> list[Any]:
    def call(id: str, name: str, args: Body) -> Body:
        return {"type": "tool_use", "id": id, "name": name, "input": args}

    calls = _calls(draw, call)
    thought = {"type": "thinking", "thinking": draw(words), "signature": "EqsiSIG=="}
    said = [{"type": "text", "text": draw(words)}] if draw(st.booleans()) else []
    results = [{"type": "tool_result", "tool_use_id": each["id"], "content": draw(words)} for each in calls]
    if draw(st.booleans()):
        results[0]["is_error"] = True
    return [
        {"role": "assistant", "content": [thought, *said, *calls]},
        {"role": "user", "content": results},
        {"role": "assistant", "content": draw(words)},
    ]


anthropic = some(
    {
        "model": just(MODELS[ANTHROPIC]),
        "max_tokens": st.integers(2000, 9000),
        "messages": turns(
            st.lists(
                only({"role": just("user"), "content": words | anthropic_blocks}), min_size=1, max_size=1
            ),
            anthropic_round(),
        ),
    },
    system=words
    | anthropic_blocks.map(
        lambda blocks: (
            [b for b in blocks if b["type"] == "text"]
            + [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
        )
    ),
    tools=st.lists(
        only(
            {"name": names, "input_schema": schemas},
            description=words,
            cache_control=just({"type": "ephemeral"}),
        ),
        min_size=1,
        max_size=2,
    ),
    temperature=numbers,
    stop_sequences=st.lists(words, min_size=1, max_size=2),
    thinking=st.sampled_from(
        [{"type": "disabled"}, {"type": "adaptive"}, {"type": "enabled", "budget_tokens": 1500}]
    ),
    metadata=just({"user_id": "ann"}),
    output_config=st.builds(lambda schema: {"format": {"type": "json_schema", "schema": schema}}, schemas)
    | just({"effort": "high"}),
)


# Content

gemini_parts = st.lists(
    st.one_of(
        only({"text": words}),
        st.builds(lambda data: {"inlineData": {"mimeType": "image/png", "data": data}}, base64s),
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def gemini_round(draw: Any) -> list[Any]:
    def call(id: str, name: str, args: Body) -> Body:
        return {"functionCall": {"id": id, "name": name, "args": args}}

    calls = _calls(draw, call)
    calls[0]["thoughtSignature"] = "c2ln"
    results = [
        {
            "functionResponse": {
                "id": each["functionCall"]["id"],
                "name": each["functionCall"]["name"],
                "response": {draw(st.sampled_from(["output", "error"])): draw(words)},
            }
        }
        for each in calls
    ]
    return [
        {"role": "model", "parts": calls},
        {"role": "user", "parts": results},
        {"role": "model", "parts": [{"text": draw(words)}]},
    ]


gemini = some(
    {
        "contents": turns(
            st.lists(only({"role": just("user"), "parts": gemini_parts}), min_size=1, max_size=1),
            gemini_round(),
        )
    },
    systemInstruction=st.builds(lambda text: {"parts": [{"text": text}]}, words),
    tools=st.builds(
        lambda tools: [{"functionDeclarations": tools}],
        st.lists(
            only({"name": names}, description=words, parametersJsonSchema=schemas), min_size=1, max_size=2
        ),
    ),
    generationConfig=only(
        {},
        maxOutputTokens=st.integers(2000, 9000),
        temperature=numbers,
        topK=st.integers(1, 40),
        seed=st.integers(0, 9),
        stopSequences=st.lists(words, min_size=1, max_size=2),
        thinkingConfig=st.sampled_from(
            [{"thinkingBudget": 0}, {"thinkingLevel": "HIGH", "includeThoughts": True}]
        ),
    ).filter(bool),
)

CALLS = {CHAT: chat, RESPONSES: responses, ANTHROPIC: anthropic, GEMINI: gemini}


def ask_of(dialect: DialectName, body: Body, *, stream: bool = False) -> Ask:
    """The call as the gateway reads it."""
    path_model = PATH_MODEL if dialect is GEMINI else None
    return DIALECTS[dialect].read(
        Operation.GENERATE, msgspec.json.encode(body), path_model=path_model, path_stream=stream
    )
