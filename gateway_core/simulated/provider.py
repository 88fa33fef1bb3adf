"""The simulated provider as a bare ASGI application: OpenAI, Anthropic, Gemini and two clouds on one port.

Base URLs: OpenAI `http://HOST:PORT/v1`, Bedrock Mantle `http://HOST:PORT/anthropic`, all others
`http://HOST:PORT`. GET /_account is the key file of a service account of Vertex AI.
GET /_seen[?since=SEQ&bodies=1] tells what arrived (see `seen`), POST /_seen/reset forgets it.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from msgspec.structs import replace

from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal
from gateway_core.model.usage import Usage
from gateway_core.simulated import desk
from gateway_core.simulated.faults import Faults, moments, refuse
from gateway_core.simulated.knobs import Knobs, read_knobs
from gateway_core.simulated.line import ClientLeft, Line, Receive, Scope, Send
from gateway_core.simulated.mind import Mind
from gateway_core.simulated.oauth import TokenDesk
from gateway_core.simulated.options import Options
from gateway_core.simulated.plain import Plain
from gateway_core.simulated.prompt import Prompt
from gateway_core.simulated.routes import Family, Route, Task, resolve
from gateway_core.simulated.seen import Arrival, Seen
from gateway_core.simulated.sending import Manner, send_stream, send_whole
from gateway_core.simulated.wire.anthropic import Messages
from gateway_core.simulated.wire.base import Call, Headers, Wire, encode
from gateway_core.simulated.wire.clouds import InvokeModel, RawPredict, VertexContent
from gateway_core.simulated.wire.gemini import GenerateContent
from gateway_core.simulated.wire.openai_chat import Chat
from gateway_core.simulated.wire.openai_responses import Responses

_JSON: Headers = [(b"content-type", b"application/json")]
_DIALECTS = {
    Family.OPENAI: DialectName.OPENAI_CHAT,
    Family.ANTHROPIC: DialectName.ANTHROPIC,
    Family.GEMINI: DialectName.GEMINI,
}


def application(options: Options | None = None) -> Provider:
    """The ASGI application. Each one has its own memory and its own list of arrivals."""
    return Provider(options or Options())


class Provider:
    """Routes requests, asks the mind and writes in the client's format."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.mind = Mind(options)
        self.seen = Seen()
        self.faults = Faults(options.fail_rate, options.seed)
        self._responses = Responses(options, self.mind.memory)
        open_wires: dict[Task, Wire] = {
            Task.CHAT: Chat(options),
            Task.RESPONSES: self._responses,
            Task.MESSAGES: Messages(options),
            Task.CONTENT: GenerateContent(options),
        }
        self._wires = {
            **open_wires,
            Task.INVOKE: InvokeModel(options),
            Task.PREDICT: RawPredict(options),
            Task.PUBLISHED: VertexContent(options),
        }
        self._tokens = TokenDesk()
        self._plain = Plain(self.mind, open_wires, options) if options.plain else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        line = Line(scope, receive, send)
        try:
            body = await line.body()
            if line.path.startswith("/_seen"):
                await self._tell(line)
            elif line.path in ("/token", "/_account"):
                await self._give(line, body)
            elif self._plain is None or not await self._plain.serve(line, body, self.seen):
                await self._serve(line, body)
        except ClientLeft:
            return

    async def _serve(self, line: Line, body: bytes) -> None:
        route = resolve(line.method, line.path, line.headers)
        call = Call(
            line.method, line.path, line.query, line.headers, body, route.model, route.verb, line.raw_path
        )
        arrival = self.seen.arrive(line.method, line.path, line.query, line.headers, body)
        try:
            await self._answer(line, call, route, arrival)
        except Refusal as refusal:
            await self._refuse(line, route, arrival, refusal)
        except ClientLeft:
            arrival.client_left = True

    async def _answer(self, line: Line, call: Call, route: Route, arrival: Arrival) -> None:
        if route.task is Task.NOTHING:
            raise Refusal(404, "not_found", f"Invalid URL ({call.method} {call.path})")
        key = self._key(route, call)
        arrival.key = key[-4:]
        wire = self._wires.get(route.task)
        if wire is not None:
            await self._generate(line, call, wire, key, arrival)
            return
        body = await self._short(line, call, route, arrival)
        arrival.status, arrival.finished = 200, True
        await line.answer(200, body, _JSON)

    def _key(self, route: Route, call: Call) -> str:
        if route.family is Family.VERTEX:
            return self._tokens.check(call.bearer)
        return desk.KEYS[route.family](call)

    async def _short(self, line: Line, call: Call, route: Route, arrival: Arrival) -> bytes:
        if route.task is Task.MODELS:
            return desk.models(route, self.options)
        arrival.model = call.model or str(call.json.get("model", ""))
        if route.task is Task.COUNT:
            return desk.count(call, route, self.options, self._responses)
        words = desk.embedded_text(call, route)
        knobs = read_knobs(call.headers, words)
        arrival.id = knobs.id
        await self._trouble(line, knobs, words, arrival.model, _DIALECTS[route.family])
        body, usage = desk.embed(call, route, knobs, self.options)
        arrival.usage = _counts(usage)
        return body

    async def _generate(self, line: Line, call: Call, wire: Wire, key: str, arrival: Arrival) -> None:
        prompt = wire.read(call)
        knobs = read_knobs(call.headers, prompt.last_text)
        arrival.model, arrival.stream, arrival.id = prompt.model, prompt.stream, knobs.id
        strikes = await self._trouble(line, knobs, prompt.last_text, prompt.model, prompt.dialect)
        answer = self.mind.answer(prompt, key, knobs if strikes else replace(knobs, refuse=None))
        arrival.usage, arrival.status = _counts(answer.usage), 200
        headers = [*(_streaming(wire, prompt) if prompt.stream else _JSON), *wire.headers(prompt, answer)]
        manner = Manner(headers, answer.tempo, knobs, strikes)
        if prompt.stream:
            events = wire.stream(prompt, answer, knobs)
            await send_stream(line, arrival, events, manner, wire.stream_error(prompt))
        else:
            await send_whole(line, arrival, wire.whole(prompt, answer, knobs), manner)

    async def _trouble(self, line: Line, knobs: Knobs, words: str, model: str, dialect: DialectName) -> bool:
        """Whether the faults of the knobs strike. Waits or raises a Refusal where they do."""
        strikes = self.faults.strikes(knobs, words, model)
        hang, _ = moments(knobs, strikes)
        if hang is not None and hang.kind == "before":
            await line.wait(hang.seconds)
        if strikes:
            refuse(knobs)
        self.faults.misfortune(dialect)
        return strikes

    async def _refuse(self, line: Line, route: Route, arrival: Arrival, refusal: Refusal) -> None:
        arrival.status, arrival.finished = refusal.status, True
        body, headers = desk.FACES[route.family].refusal(refusal)
        if refusal.retry_after is not None:
            headers = [*headers, (b"retry-after", str(refusal.retry_after).encode())]
        await line.answer(refusal.status, body, [*_JSON, *headers])

    async def _give(self, line: Line, body: bytes) -> None:
        """What a service account needs: its key file, and tokens."""
        if line.path == "/_account":
            url = f"http://{line.headers['host']}"
            await line.answer(200, self._tokens.account(url, line.query), _JSON)
            return
        arrival = self.seen.arrive(line.method, line.path, line.query, line.headers, b"")
        arrival.status, arrival.finished = 200, True
        try:
            await line.answer(200, self._tokens.issue(line.query, body), _JSON)
        except Refusal as refusal:
            arrival.status = refusal.status
            said = {"error": refusal.code, "error_description": refusal.message}
            await line.answer(refusal.status, encode(said), _JSON)

    async def _tell(self, line: Line) -> None:
        if line.method == "POST" and line.path == "/_seen/reset":
            self.seen.reset()
        query = parse_qs(line.query)
        since = int(query.get("since", ["0"])[0])
        report = self.seen.report(since=since, bodies="bodies" in query)
        await line.answer(200, encode(report), _JSON)


def _streaming(wire: Wire, prompt: Prompt) -> Headers:
    return [(b"content-type", wire.stream_type(prompt)), (b"cache-control", b"no-cache")]


def _counts(usage: Usage) -> dict[str, int]:
    return {
        "input": usage.input,
        "cached_input": usage.cached_input,
        "cache_write": usage.cache_write,
        "cache_write_1h": usage.cache_write_1h,
        "output": usage.output,
        "reasoning": usage.reasoning,
    }
