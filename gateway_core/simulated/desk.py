"""The short answers of every family: counted prompts, embeddings, lists of models."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gateway_core.model.usage import Usage
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.options import Options
from gateway_core.simulated.routes import Family, Route
from gateway_core.simulated.wire import (
    anthropic,
    anthropic_face,
    clouds,
    gemini,
    gemini_embeddings,
    gemini_face,
    openai,
    openai_embeddings,
    openai_responses,
)
from gateway_core.simulated.wire.base import Call, Face

FACES: dict[Family, Face] = {
    Family.OPENAI: openai.OpenAIFace(),
    Family.ANTHROPIC: anthropic_face.AnthropicFace(),
    Family.GEMINI: gemini_face.GeminiFace(),
    Family.BEDROCK: clouds.BedrockFace(),
    Family.MANTLE: anthropic_face.AnthropicFace(),
    Family.VERTEX: gemini_face.GeminiFace(),
}
KEYS: dict[Family, Callable[[Call], str]] = {
    Family.OPENAI: openai.openai_key,
    Family.ANTHROPIC: anthropic.anthropic_key,
    Family.GEMINI: gemini_face.gemini_key,
    Family.BEDROCK: partial(clouds.aws_key, "bedrock"),
    Family.MANTLE: partial(clouds.aws_key, "bedrock-mantle"),
}


def models(route: Route, options: Options) -> bytes:
    """The list, or the one model that the path names. Raises Refusal 404 for an unknown one."""
    match route.family:
        case Family.ANTHROPIC:
            listed, card = anthropic_face.model_list, anthropic_face.model_card
        case Family.GEMINI:
            listed, card = gemini_face.model_list, gemini_face.model_card
        case Family.BEDROCK:
            return clouds.profiles()
        case Family.VERTEX:
            return gemini_face.published_models()
        case _:
            listed, card = openai.model_list, openai.model_card
    return card(route.model, options) if route.model else listed(options)


def count(call: Call, route: Route, options: Options, responses: openai_responses.Responses) -> bytes:
    """The tokens of a prompt that is not run. Raises Refusal as the run would."""
    match route.family:
        case Family.ANTHROPIC | Family.MANTLE:
            return anthropic.count_tokens(call, options)
        case Family.VERTEX if call.verb == "rawPredict":
            return anthropic.count_tokens(clouds.vertex_call(call), options)
        case Family.GEMINI | Family.VERTEX:
            return gemini.count_tokens(call, options)
        case _:
            return openai_responses.count_tokens(responses.read(call))


def embedded_text(call: Call, route: Route) -> str:
    """The last text to embed: where its knobs are looked for."""
    if route.family is Family.GEMINI:
        texts: list[str] = [gemini_embeddings.text_in(one) for one in gemini_embeddings.requests(call)]
    else:
        texts = [item for item in openai_embeddings.inputs(call) if isinstance(item, str)]
    return texts[-1] if texts else ""


def embed(call: Call, route: Route, knobs: Knobs, options: Options) -> tuple[bytes, Usage]:
    """Vectors and what they cost. Raises Refusal for an unknown model."""
    if route.family is Family.GEMINI:
        body, used = gemini_embeddings.embeddings(call, gemini_embeddings.requests(call), knobs, options)
    else:
        body, used = openai_embeddings.embeddings(call, openai_embeddings.inputs(call), knobs, options)
    return body, Usage(input=used)
