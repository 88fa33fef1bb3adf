"""python -m benchmarks.translated: what translating a stream costs a chunk, in CPU time, by pair of formats.

The meter of a stream alone, without sockets: the same chunks pass metered only, and translated.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial

import msgspec

from gateway_core.formats import DIALECTS
from gateway_core.formats.bridge import Bridge
from gateway_core.formats.dialect import StreamMeter
from gateway_core.formats.translator import Goal, Reply
from gateway_core.model.call import Ask, DialectName, Operation

CHUNKS = 2_000
WORDS = "the tide comes in "

CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI

_DELTA = {"index": 0, "delta": {"content": WORDS}, "logprobs": None, "finish_reason": None}
_PART = {"content": {"parts": [{"text": WORDS}], "role": "model"}, "index": 0}
EVENTS = {
    CHAT: {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "m", "choices": [_DELTA]},
    RESPONSES: {"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "delta": WORDS},
    ANTHROPIC: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": WORDS}},
    GEMINI: {"candidates": [_PART], "usageMetadata": {"promptTokenCount": 9}, "modelVersion": "m"},
}
BODIES = {
    CHAT: {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True},
    RESPONSES: {"model": "m", "input": "Hi", "stream": True},
    ANTHROPIC: {
        "model": "m",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": True,
    },
    GEMINI: {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.translated", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each pair is measured (3)")
    return parser.parse_args()


def metered(here: DialectName) -> StreamMeter:
    return DIALECTS[here].meter(Ask(here, Operation.GENERATE, "m", stream=True), hide_usage=False)


def translated(here: DialectName, there: DialectName) -> StreamMeter:
    body = msgspec.json.encode(BODIES[here])
    ask = DIALECTS[here].read(Operation.GENERATE, body, path_model="m", path_stream=True)
    bridge = Bridge(ask, there, Reply(ask, "01BENCH", body=body))
    bridge.prepare(body, Goal("m"), None)
    return bridge.meter()


def microseconds(make: Callable[[], StreamMeter], there: DialectName, rounds: int) -> float:
    """CPU time of one chunk, the best of the rounds: what else runs on the machine only adds."""
    chunk = b"data: " + msgspec.json.encode(EVENTS[there]) + b"\n\n"
    best = float("inf")
    for _ in range(rounds):
        meter = make()
        began = time.process_time()
        for _ in range(CHUNKS):
            meter.feed(chunk)
        best = min(best, (time.process_time() - began) / CHUNKS * 1e6)
    return best


def main() -> None:
    rounds = arguments().rounds
    for there in EVENTS:
        print(
            f"{f'{there} as it is':<24}{microseconds(partial(metered, there), there, rounds):7.1f} µs a chunk"
        )
        for here in EVENTS:
            if here is not there:
                cost = microseconds(partial(translated, here, there), there, rounds)
                print(f"{f'{there} for {here}':<24}{cost:7.1f} µs a chunk")


if __name__ == "__main__":
    main()
