"""A provider by script: real bytes of the simulated one, and every way in which a provider lets one down."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx

from gateway_core.model.usage import Usage
from gateway_core.simulated.answer import Answer, Choice, Finish, Tempo
from gateway_core.simulated.knobs import NO_KNOBS, Knobs, UsageFault
from gateway_core.simulated.memory import Memory
from gateway_core.simulated.options import EPOCH, Options
from gateway_core.simulated.prompt import Prompt
from gateway_core.simulated.routes import Task, resolve
from gateway_core.simulated.wire.anthropic import Messages
from gateway_core.simulated.wire.base import Call, Event, Wire
from gateway_core.simulated.wire.gemini import GenerateContent
from gateway_core.simulated.wire.openai_chat import Chat
from gateway_core.simulated.wire.openai_responses import Responses
from gateway_core.simulated.words import prose

CALL_HEADER = "x-sim-call"
_OPTIONS = Options(models=("*",))
_WIRES: dict[Task, Wire] = {
    Task.CHAT: Chat(_OPTIONS),
    Task.RESPONSES: Responses(_OPTIONS, Memory()),
    Task.MESSAGES: Messages(_OPTIONS),
    Task.CONTENT: GenerateContent(_OPTIONS),
}
_FAULTS: tuple[UsageFault, ...] = ("none", "void", "absurd", "negative", "fraction", "text", "half")
SILENCES = (5.0, 60.0, 600.0)


@dataclass
class Bill:
    """What the provider did with one attempt of a call, and what it would charge."""

    call_id: str
    attempt: int
    model: str
    stream: bool
    cap: int | None
    prompt_bytes: int
    input: int = 0
    output: int = 0
    usage_fault: UsageFault | None = None
    ending: str = "whole"
    """whole, or how it ended otherwise: refused, status, silent, cut, clean, error."""
    pieces: list[bytes] = field(default_factory=list)
    """What of its body has left."""

    @property
    def honest(self) -> bool:
        """The usage that is stated is that of the bill."""
        return self.ending == "whole" and self.usage_fault is None


@dataclass(frozen=True)
class Script:
    """What one attempt meets; drawn from its own seed, so that nothing else moves it."""

    ending: str
    status: int
    first: float
    gap: float
    share: float
    """Of the cap, or of the usual length, that is generated."""
    dense: bool
    """A token for each byte, of the input and of the output."""
    hidden: float
    """Share of the output that is thought unseen."""
    overrun: int
    """Tokens beyond the cap."""
    usage: UsageFault | None
    at: float
    """Where in the stream it ends, if it does so before its end."""
    chunks: int
    """Events of a stream at the least."""
    torn: bool
    """Whether events come in two pieces."""

    @classmethod
    def drawn(cls, chance: random.Random) -> Script:
        ending = chance.choices(
            ["whole", "refused", "status", "silent", "cut", "clean", "error"], [70, 4, 7, 3, 7, 4, 3]
        )[0]
        return cls(
            ending=ending,
            status=chance.choice([400, 401, 429, 500, 503, 529]),
            first=chance.choice([0.0, 0.001, 0.02, 0.3]),
            gap=chance.choice([0.0, 0.0, 0.001, 0.05, 0.4]),
            share=chance.choice([0.0, 0.02, 0.3, 0.9, 1.0, 1.0]),
            dense=chance.random() < 0.5,
            hidden=chance.choice([0.0, 0.0, 0.5]),
            overrun=chance.choice([1, 40, 2000]) if chance.random() < 0.06 else 0,
            usage=chance.choice(_FAULTS) if chance.random() < 0.12 else None,
            at=chance.random(),
            chunks=chance.randint(1, 9),
            torn=chance.random() < 0.2,
        )


class Body(httpx.AsyncByteStream):
    """A body that comes as its script says."""

    def __init__(self, bill: Bill, script: Script, pieces: list[bytes], end: bytes | None) -> None:
        self._bill, self._script, self._pieces, self._end = bill, script, pieces, end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        bill, script = self._bill, self._script
        count = len(self._pieces)
        stop = count if bill.ending == "whole" else int(count * script.at)
        for piece in self._pieces[:stop]:
            if script.gap:
                await asyncio.sleep(script.gap)
            bill.pieces.append(piece)
            yield piece
        if bill.ending == "cut":
            raise httpx.ReadError("the connection broke")
        elif bill.ending == "silent":
            await asyncio.sleep(SILENCES[stop % 3])
            raise httpx.ReadTimeout("nothing more came")
        elif bill.ending == "error" and self._end is not None:
            yield self._end

    async def aclose(self) -> None:
        return


class Provider(httpx.AsyncBaseTransport):
    """Stands where the connections would begin. arrived: told of each attempt before anything is done.

    visible: whether a model thinks nothing unseen.
    """

    def __init__(self, seed: int, arrived: Callable[[Bill], None], visible: Callable[[str], bool]) -> None:
        self._seed = seed
        self._arrived = arrived
        self._visible = visible
        self.bills: dict[str, list[Bill]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call_id = request.headers[CALL_HEADER]
        earlier = self.bills.setdefault(call_id, [])
        script = Script.drawn(random.Random(f"{self._seed} {call_id} {len(earlier)}"))
        if script.ending == "refused":
            raise httpx.ConnectError("nobody listens")
        body = b"".join(request.stream)  # type: ignore[arg-type]
        wire, prompt = self._read(request, body)
        bill = Bill(call_id, len(earlier) + 1, prompt.model, prompt.stream, prompt.cap, len(body))
        earlier.append(bill)
        bill.ending = script.ending
        self._arrived(bill)
        if script.first:
            await asyncio.sleep(script.first)
        if script.ending == "status":
            return httpx.Response(script.status, json={"error": {"message": "no", "type": "no"}})
        if script.ending == "silent" and script.at < 0.5:
            await asyncio.sleep(SILENCES[int(script.at * 6)])
            raise httpx.ReadTimeout("no answer")
        return self._respond(bill, script, wire, prompt)

    def _read(self, request: httpx.Request, body: bytes) -> tuple[Wire, Prompt]:
        path, headers = request.url.path, dict(request.headers)
        route = resolve("POST", path, headers)
        query = request.url.query.decode()
        call = Call("POST", path, query, headers, body, route.model, route.verb)
        wire = _WIRES[route.task]
        return wire, wire.read(call)

    def _respond(self, bill: Bill, script: Script, wire: Wire, prompt: Prompt) -> httpx.Response:
        usual = prompt.cap if prompt.cap is not None else 900
        bill.output = max(1, int(usual * script.share)) + (usual if script.overrun else 0)
        bill.output = min(bill.output, usual) + script.overrun
        bill.input = max(1, bill.prompt_bytes // (2 if script.dense else 5))
        bill.usage_fault = script.usage
        answer = self._answer(bill, script, prompt)
        knobs = Knobs(usage=script.usage) if script.usage else NO_KNOBS
        if prompt.stream:
            events: list[Event] = list(wire.stream(prompt, answer, knobs))
            pieces, kind = [each.data for each in events], wire.stream_type(prompt)
            if script.torn:
                pieces = [
                    half for each in pieces for half in (each[: len(each) // 2], each[len(each) // 2 :])
                ]
        else:
            whole, kind = wire.whole(prompt, answer, knobs), b"application/json"
            pieces = [whole[: len(whole) // 2], whole[len(whole) // 2 :]]
        if not prompt.stream and bill.ending in ("clean", "error"):
            bill.ending = "cut"
        end = wire.stream_error(prompt) if prompt.stream else None
        headers = [(b"content-type", kind), *wire.headers(prompt, answer)]
        return httpx.Response(200, headers=headers, stream=Body(bill, script, pieces, end))

    def _answer(self, bill: Bill, script: Script, prompt: Prompt) -> Answer:
        hidden = 0 if self._visible(prompt.model) else int(bill.output * script.hidden)
        shown = bill.output - hidden
        text = prose(bill.attempt, -(-shown // 4) if script.dense else shown)[
            : shown if script.dense else None
        ]
        cut = prompt.cap is not None and bill.output >= prompt.cap
        return Answer(
            id=f"{abs(hash_of(bill)):032x}",
            model=prompt.model,
            created=EPOCH,
            choices=(Choice(text, finish=Finish.LENGTH if cut else Finish.STOP),),
            thinking="",
            usage=Usage(input=bill.input, output=bill.output, reasoning=hidden),
            tempo=Tempo(0, 0, 0),
            chunks=script.chunks,
        )


def hash_of(bill: Bill) -> int:
    """A number for an answer, the same in every process."""
    return int.from_bytes(f"{bill.call_id}{bill.attempt}".encode()[-12:], "big")
