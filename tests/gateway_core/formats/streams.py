"""Streams as the providers' documentation shows them, with the bytes that real ones have around the JSON."""

from __future__ import annotations

from dataclasses import dataclass

from gateway_core.formats import DIALECTS, StreamMeter
from gateway_core.model.call import Ask, DialectName, Operation, Reading

CHAT = (
    b'data: {"id":"chatcmpl-9","object":"chat.completion.chunk","created":1790000000,"model":"gpt-5-mini",'
    b'"service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant",'
    b'"content":"","refusal":null},"finish_reason":null}],"usage":null,"obfuscation":"x7Yq"}\n\n'
    b'data: {"id":"chatcmpl-9","object":"chat.completion.chunk","created":1790000000,"model":"gpt-5-mini",'
    b'"service_tier":"default","choices":[{"index":0,'
    b'"delta":{"content":"Gr\xc3\xbc\xc3\x9fe \\"usage\\":null '
    b'\xe2\x80\xa8[DONE]"},"finish_reason":null}],"usage":null}\n\n'
    b": keep-alive\n\n"
    b'data: {"id":"chatcmpl-9","object":"chat.completion.chunk","created":1790000000,"model":"gpt-5-mini",'
    b'"service_tier":"default","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":'
    b'"function","function":{"name":"f","arguments":"{\\"a\\":"}}]},"finish_reason":null}],"usage":null}\n\n'
    b'data: {"id":"chatcmpl-9","object":"chat.completion.chunk","created":1790000000,"model":"gpt-5-mini",'
    b'"service_tier":"default","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}\n\n'
    b'data: {"id":"chatcmpl-9","object":"chat.completion.chunk","created":1790000000,"model":"gpt-5-mini",'
    b'"service_tier":"default","choices":[],"usage":{"prompt_tokens":2006,"completion_tokens":300,'
    b'"total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},'
    b'"completion_tokens_details":{"reasoning_tokens":128,"audio_tokens":0}}}\n\n'
    b"data: [DONE]\n\n"
)
"""With `include_usage`."""

RESPONSES = (
    b'event: response.created\ndata: {"type":"response.created","sequence_number":0,'
    b'"response":{"id":"resp_1",'
    b'"object":"response","status":"in_progress","error":null,"model":"gpt-5-mini","output":[],'
    b'"usage":null}}\n\n'
    b'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":1,'
    b'"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi"}\n\n'
    b'event: response.function_call_arguments.delta\ndata: {"type":"response.function_call_arguments.delta",'
    b'"sequence_number":2,"item_id":"fc_1","output_index":1,"delta":"{}"}\n\n'
    b'event: response.completed\ndata: {"type":"response.completed","sequence_number":3,"response":{"id":'
    b'"resp_1","object":"response","status":"completed","error":null,"model":"gpt-5-mini-2026-01-01",'
    b'"service_tier":"flex","output":[{"type":"web_search_call","id":"ws_1","status":"completed","action":'
    b'{"type":"search","query":"q"}},{"type":"web_search_call","id":"ws_2","status":"completed","action":'
    b'{"type":"open_page","url":"u"}},{"type":"message","id":"msg_1","content":[]}],"usage":{"input_tokens":'
    b'18014,"input_tokens_details":{"cached_tokens":3,"cache_write_tokens":18000},"output_tokens":9,'
    b'"output_tokens_details":{"reasoning_tokens":4},"total_tokens":18023}}}\n\n'
)

ANTHROPIC = (
    b'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":'
    b'"assistant","content":[],"model":"claude-sonnet-5","stop_reason":null,"stop_sequence":null,"usage":'
    b'{"input_tokens":25,"cache_creation_input_tokens":30,"cache_read_input_tokens":7,"cache_creation":'
    b'{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":1,"service_tier":'
    b'"standard"}}}\n\n'
    b'event: content_block_start\ndata: {"type":"content_block_start","index":0,'
    b'"content_block":{"type":"text",'
    b'"text":""}}\n\n'
    b'event: ping\ndata: {"type":"ping"}\n\n'
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
    b'"delta":{"type":"thinking_delta",'
    b'"thinking":"Hm"}}\n\n'
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta",'
    b'"text":"Hall\xc3\xb6chen {\\"type\\":\\"message_stop\\"}"}}\n\n'
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":2,"delta":{"type":'
    b'"input_json_delta","partial_json":"{\\"city\\""}}\n\n'
    b'event: content_block_stop\ndata: {"type":"content_block_stop","index":2}\n\n'
    b'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":'
    b'null},"usage":{"input_tokens":null,"output_tokens":15,"server_tool_use":{"web_search_requests":2,'
    b'"web_fetch_requests":0}}}\n\n'
    b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
)

GEMINI = (
    b'data: {"candidates": [{"content": {"parts": [{"text": "Gr\xc3\xbc","thought": true}],"role": "model"},'
    b'"index": 0}],"usageMetadata": {"promptTokenCount": 100,"totalTokenCount": 130,'
    b'"thoughtsTokenCount": 30},'
    b'"modelVersion": "gemini-3-pro","responseId": "r1"}\r\n\r\n'
    b'data: {"candidates": [{"content": {"parts": [{"functionCall": {"name": "f",'
    b'"args": {"a": "]}"}}}],"role":'
    b' "model"},"finishReason": "STOP","index": 0,"groundingMetadata": {"webSearchQueries": ["a", "",'
    b' "b", "a"]}}]'
    b',"usageMetadata": {"promptTokenCount": 100,"candidatesTokenCount": 12,"totalTokenCount": 147,'
    b'"cachedContentTokenCount": 40,"thoughtsTokenCount": 30,"toolUsePromptTokenCount": 5,'
    b'"promptTokensDetails": [{"modality": "TEXT","tokenCount": 40},{"modality": "AUDIO","tokenCount": 60}],'
    b'"cacheTokensDetails": [{"modality": "AUDIO","tokenCount": 40}]},"modelVersion": "gemini-3-pro"}\r\n\r\n'
)

GEMINI_ARRAY = (
    b"["
    + b"\n,\r\n".join(event.removeprefix(b"data: ") for event in GEMINI.split(b"\r\n\r\n") if event)
    + b"\n]\n"
)
"""What streamGenerateContent answers without `alt=sse`."""


@dataclass(frozen=True)
class Stream:
    """One stream, and the dialect that it speaks."""

    dialect: DialectName
    data: bytes
    hide_usage: bool = False

    def meter(self) -> StreamMeter:
        ask = Ask(self.dialect, Operation.GENERATE, "m", stream=True)
        return DIALECTS[self.dialect].meter(ask, hide_usage=self.hide_usage)


STREAMS = {
    "chat": Stream(DialectName.OPENAI_CHAT, CHAT),
    "chat, usage hidden": Stream(DialectName.OPENAI_CHAT, CHAT, hide_usage=True),
    "chat, CRLF, usage hidden": Stream(
        DialectName.OPENAI_CHAT, CHAT.replace(b"\n", b"\r\n"), hide_usage=True
    ),
    "responses": Stream(DialectName.OPENAI_RESPONSES, RESPONSES),
    "anthropic": Stream(DialectName.ANTHROPIC, ANTHROPIC),
    "anthropic, CR": Stream(DialectName.ANTHROPIC, ANTHROPIC.replace(b"\n", b"\r")),
    "gemini": Stream(DialectName.GEMINI, GEMINI),
    "gemini array": Stream(DialectName.GEMINI, GEMINI_ARRAY),
}


@dataclass(frozen=True)
class Passed:
    """What came of a stream."""

    data: bytes
    reading: Reading
    output_bytes: int


def passed(stream: Stream, pieces: list[bytes]) -> Passed:
    """The stream through a fresh meter, piece by piece."""
    meter = stream.meter()
    out = b"".join(meter.feed(piece) for piece in pieces) + meter.close()
    return Passed(out, meter.reading, meter.output_bytes)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """The data cut at these places."""
    marks = [0, *sorted(place for place in places if 0 < place < len(data)), len(data)]
    return [data[start:end] for start, end in zip(marks, marks[1:], strict=False)]
