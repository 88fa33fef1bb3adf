"""The bytes of a request bound its text; media are counted, and their data left out."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.formats import DIALECTS
from gateway_core.model.call import Ask, DialectName, Operation

DATA = base64.b64encode(bytes(range(256)) * 40).decode()
CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI


def read(dialect: DialectName, content: list[Any], *, ascii_only: bool = True) -> Ask:
    bodies: dict[DialectName, dict[str, Any]] = {
        CHAT: {"model": "m", "messages": [{"role": "user", "content": content}]},
        RESPONSES: {"model": "m", "input": [{"role": "user", "content": content}]},
        ANTHROPIC: {"model": "m", "messages": [{"role": "user", "content": content}]},
        GEMINI: {"contents": [{"role": "user", "parts": content}]},
    }
    body = json.dumps(bodies[dialect], separators=(",", ":"), ensure_ascii=ascii_only).encode()
    return DIALECTS[dialect].read(Operation.GENERATE, body, path_model="m")


MEDIA: list[tuple[DialectName, dict[str, Any], bool]] = [
    (CHAT, {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{DATA}"}}, True),
    (CHAT, {"type": "image_url", "image_url": {"url": "https://a/b.png"}}, True),
    (CHAT, {"type": "input_audio", "input_audio": {"data": DATA, "format": "wav"}}, False),
    (CHAT, {"type": "file", "file": {"file_data": f"data:application/pdf;base64,{DATA}"}}, False),
    (CHAT, {"type": "video_url", "video_url": {"url": f"data:video/mp4;base64,{DATA}"}}, False),
    (RESPONSES, {"type": "input_image", "image_url": f"data:image/png;base64,{DATA}"}, True),
    (RESPONSES, {"type": "input_file", "file_data": DATA, "filename": "a.pdf"}, False),
    (RESPONSES, {"type": "input_audio", "input_audio": {"data": DATA, "format": "mp3"}}, False),
    (RESPONSES, {"type": "image_generation_call", "id": "ig_1", "result": DATA}, True),
    (
        ANTHROPIC,
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": DATA}},
        True,
    ),
    (ANTHROPIC, {"type": "document", "source": {"type": "base64", "data": DATA}}, False),
    (ANTHROPIC, {"type": "image", "source": {"type": "url", "url": "https://a/b.png"}}, True),
    (
        ANTHROPIC,
        {
            "type": "tool_result",
            "tool_use_id": "t",
            "content": [{"type": "image", "source": {"type": "base64", "data": DATA}}],
        },
        True,
    ),
    (GEMINI, {"inlineData": {"mimeType": "image/png", "data": DATA}}, True),
    (GEMINI, {"inline_data": {"mime_type": "audio/wav", "data": DATA}}, False),
]


@pytest.mark.parametrize(("dialect", "part", "image"), MEDIA)
def test_media_are_counted_and_their_data_left_out(
    dialect: DialectName, part: dict[str, Any], image: bool
) -> None:
    ask = read(dialect, [part, part])
    assert (ask.media_items, ask.has_images) == (2, image)
    assert 0 < ask.input_bytes < 700


@pytest.mark.parametrize(
    ("dialect", "part"),
    [
        (CHAT, {"type": "text", "text": '{"type":"image_url"}'}),
        (ANTHROPIC, {"type": "text", "text": f'"image" {DATA}'}),
        (
            ANTHROPIC,
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": DATA}},
        ),
        (
            ANTHROPIC,
            {
                "type": "tool_use",
                "id": "t",
                "name": "f",
                "input": {"type": "image", "source": {"type": "base64", "data": DATA}},
            },
        ),
        (GEMINI, {"functionCall": {"name": "f", "args": {"inlineData": {"data": DATA}}}}),
    ],
)
def test_what_only_looks_like_media_is_text(dialect: DialectName, part: dict[str, Any]) -> None:
    ask = read(dialect, [part])
    assert ask.media_items == 0
    assert ask.input_bytes >= len(json.dumps(part, separators=(",", ":")))


@pytest.mark.parametrize(
    ("dialect", "part"),
    [
        (CHAT, {"type": "file", "file": {"file_data": f"data:text/plain;base64,{DATA}"}}),
        (GEMINI, {"inlineData": {"mimeType": "text/csv", "data": DATA}}),
    ],
)
def test_text_in_the_coat_of_a_file_counts_as_text(dialect: DialectName, part: dict[str, Any]) -> None:
    assert read(dialect, [part]).input_bytes > len(DATA)


def test_media_inside_a_document_of_blocks_are_found() -> None:
    image = {"type": "image", "source": {"type": "base64", "data": DATA}}
    ask = read(ANTHROPIC, [{"type": "document", "source": {"type": "content", "content": [image]}}])
    assert (ask.media_items, ask.has_images) == (1, True)


def test_an_escape_hides_no_media() -> None:
    body = (
        b'{"model":"m","messages":[{"role":"user","content":[{"type":"im\\u0061ge_url","image_url":{"url":'
        b'"https://a"}}]}]}'
    )
    assert DIALECTS[CHAT].read(Operation.GENERATE, body).media_items == 1


TEXTS = {CHAT: "text", RESPONSES: "text", ANTHROPIC: "text", GEMINI: "text"}


@pytest.mark.parametrize("dialect", TEXTS)
@given(text=st.text(max_size=200), ascii_only=st.booleans())
def test_bytes_bound_the_text_and_do_not_hang_on_how_it_is_written(
    dialect: DialectName, text: str, ascii_only: bool
) -> None:
    part = {"text": text} if dialect is GEMINI else {"type": "text", "text": text}
    size = read(dialect, [part], ascii_only=ascii_only).input_bytes
    assert size >= len(text.encode())
    if not ascii_only:
        assert size >= read(dialect, [part], ascii_only=True).input_bytes


def test_settings_are_no_content_and_what_is_unknown_is() -> None:
    plain = DIALECTS[CHAT].read(Operation.GENERATE, b'{"model":"m","messages":[]}').input_bytes
    body = b'{"model":"m","messages":[],"temperature":0.5,"seed":7,"new_knowledge":"abcdef"}'
    assert DIALECTS[CHAT].read(Operation.GENERATE, body).input_bytes == plain + len('"abcdef"')
