"""The fast mode: one canned answer a format, written without reading the request.

A whole answer is about 1 KB and states its usage; a stream has as many content chunks as the provider is
started with. Whether a stream is asked for is looked up in the bytes, and OpenAI's usage chunk is there if
`include_usage` is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.line import Line
from gateway_core.simulated.mind import Mind
from gateway_core.simulated.options import Options
from gateway_core.simulated.routes import Task, resolve
from gateway_core.simulated.seen import Seen
from gateway_core.simulated.wire.base import Call, Headers, Wire, encode

_WHOLE = Knobs(input=190, output=125, reasoning=0)
_TURN = [{"role": "user", "content": "plain"}]
_BODIES: dict[Task, dict[str, object]] = {
    Task.CHAT: {"model": "gpt-5-mini", "messages": _TURN},
    Task.RESPONSES: {"model": "gpt-5-mini", "input": "plain"},
    Task.MESSAGES: {"model": "claude-sonnet-5-5", "max_tokens": 1024, "messages": _TURN},
    Task.CONTENT: {"contents": [{"role": "user", "parts": [{"text": "plain"}]}]},
}


@dataclass(frozen=True, slots=True)
class _Canned:
    headers: Headers
    chunks: tuple[bytes, ...]


class Plain:
    """The canned answers, made once by the real mind and the real formats."""

    def __init__(self, mind: Mind, wires: Mapping[Task, Wire], options: Options) -> None:
        self._gap = options.chunk_gap
        streamed = Knobs(input=190, output=5 * options.chunks, reasoning=0, chunks=options.chunks)
        self._whole = {task: _whole(mind, wire, task) for task, wire in wires.items()}
        self._streams = {
            (task, usage): _stream(mind, wire, task, usage, streamed)
            for task, wire in wires.items()
            for usage in (False, True)
        }

    async def serve(self, line: Line, body: bytes, seen: Seen) -> bool:
        """Answers a generating request; False for any other one. Raises ClientLeft."""
        task = resolve(line.method, line.path, line.headers).task
        if task not in self._whole:
            return False
        seen.count_plain(line.path)
        streamed = b'"stream":true' in body or b'"stream": true' in body or "streamGenerate" in line.path
        if not streamed:
            canned = self._whole[task]
            await line.start(200, canned.headers)
            await line.finish(canned.chunks[0])
            return True
        canned = self._streams[task, b'"include_usage"' in body]
        await line.start(200, canned.headers)
        for chunk in canned.chunks:
            if self._gap:
                await line.wait(self._gap)
            await line.write(chunk)
            await line.breathe()
        await line.finish()
        return True


def _streaming(task: Task, usage: bool) -> dict[str, object]:
    """How a format asks for a stream."""
    options = {"stream_options": {"include_usage": usage}} if task is Task.CHAT else {}
    return {} if task is Task.CONTENT else {"stream": True, **options}


def _call(task: Task, *, streamed: bool = False, **more: object) -> Call:
    verb = "streamGenerateContent" if streamed else "generateContent"
    body = encode({**_BODIES[task], **more})
    headers = {"anthropic-version": "2023-06-01"}
    return Call("POST", "/", "alt=sse", headers, body, "gemini-3.8-flash", verb)


def _whole(mind: Mind, wire: Wire, task: Task) -> _Canned:
    prompt = wire.read(_call(task))
    answer = mind.answer(prompt, "plain", _WHOLE)
    body = wire.whole(prompt, answer, _WHOLE)
    length = (b"content-length", str(len(body)).encode())
    return _Canned([(b"content-type", b"application/json"), length, *wire.headers(prompt, answer)], (body,))


def _stream(mind: Mind, wire: Wire, task: Task, usage: bool, knobs: Knobs) -> _Canned:
    prompt = wire.read(_call(task, streamed=True, **_streaming(task, usage)))
    answer = mind.answer(prompt, "plain", knobs)
    chunks = tuple(event.data for event in wire.stream(prompt, answer, knobs))
    headers = [(b"content-type", wire.stream_type(prompt)), *wire.headers(prompt, answer)]
    return _Canned(headers, chunks)
