"""How many tokens a call may use before a provider has counted them: a bound for money, an estimate for pace.

A tokenizer that works on bytes never makes more tokens than bytes, so the bytes of all content, tools and
schemas bound the text. What a provider adds around it is bounded by the constants below, what it makes of
media is not known from here and taken generously.
"""

from __future__ import annotations

from gateway_core.model.call import Ask

AROUND_CALL = 64
"""Tokens that a provider puts around any input: the marks of its start and of the answer's."""
AROUND_MESSAGE = 16
"""Marks of a message and its role; OpenAI names 3 to 4, the rest is room for others."""
AROUND_TOOLS = 1_024
"""The hidden instructions on how to call tools; Anthropic names 159 to 530 tokens by model and choice."""
SERVER_TOOL = 4_096
"""The hidden description of a tool that providers run, taken generously. What it brings in is unbounded."""
IMAGE_BOUND = 50_000
"""Above the dearest image (gpt-4o-mini counts up to 48,169 for one)."""

BYTES_PER_TOKEN = 3.5
"""Between English prose (4 and more) and code, JSON or Chinese (3 and less): rather a token too many."""
USUAL_MESSAGE = 4
USUAL_TOOLS = 350
USUAL_MEDIA = 1_100
"""An image of a megapixel: 765 tokens by OpenAI's count, about 1,400 by Anthropic's."""


def input_bound(ask: Ask) -> int:
    """Tokens that the body's own text and images never exceed. What `open_input` names comes on top."""
    return (
        ask.input_bytes
        + AROUND_CALL
        + AROUND_MESSAGE * max(1, ask.messages)
        + (AROUND_TOOLS if ask.has_tools or ask.server_tools else 0)
        + SERVER_TOOL * len(ask.server_tools)
        + IMAGE_BOUND * ask.media_items
    )


def open_input(ask: Ask, window: int | None) -> int | None:
    """The tokens of an input that its body does not bound: nought for text and images; else what the
    model's context window lets in, at every use of a server-side tool anew; None where nothing bounds it.

    window: tokens that the model reads at the most, None where that is not known.
    """
    if not (ask.server_tools or ask.by_reference or ask.files):
        return 0
    if window is None or (ask.server_tools and ask.server_uses is None):
        return None
    return window * (1 + (ask.server_uses or 0 if ask.server_tools else 0))


def input_estimate(ask: Ask) -> int:
    """The likely number of input tokens, for pace, running figures and usage that never came."""
    return (
        _tokens(ask.input_bytes)
        + USUAL_MESSAGE * max(1, ask.messages)
        + (USUAL_TOOLS if ask.has_tools else 0)
        + USUAL_MEDIA * ask.media_items
    )


def output_estimate(output_bytes: int) -> int:
    """The likely number of tokens of generated content; at least 1 where there was any."""
    return _tokens(output_bytes)


def _tokens(size: int) -> int:
    return -int(-size // BYTES_PER_TOKEN)
