"""Decides an answer: what it says, what it counts, how long it takes. Formats only write it down."""

from __future__ import annotations

import math
from dataclasses import replace
from hashlib import blake2b

import msgspec

from gateway_core.model.call import DialectName
from gateway_core.model.usage import Usage
from gateway_core.simulated import models, tokens
from gateway_core.simulated.answer import Answer, Choice, Finish, Tempo, ToolCall
from gateway_core.simulated.knobs import Knobs, Refuse, call_of, words_of
from gateway_core.simulated.memory import Memory
from gateway_core.simulated.options import Options
from gateway_core.simulated.prompt import Prompt, Thinking
from gateway_core.simulated.schema import instance
from gateway_core.simulated.words import prose

_TALK = (DialectName.ANTHROPIC, DialectName.GEMINI)
"""Formats whose models say what they do before they call a tool."""
_REASONING_STEP = 64
_SHORTEST, _SPREAD = 40, 260
_CHARACTERS_A_TOKEN = 4
_TOKENS_A_CHUNK = 5
DECLINING = "I'm sorry, but I can't help with that request."
_THINKING_SPEEDUP = 3.0
"""Hidden reasoning runs faster than text is read out."""


class Mind:
    """One for a provider: it remembers prompts, and nothing else."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.speed = options.speed
        self.memory = Memory(options.cache_life)

    def hasten(self, speed: float) -> None:
        """Answers that begin from now on come at another speed."""
        self.speed = speed

    def answer(self, prompt: Prompt, key: str, knobs: Knobs) -> Answer:
        """The answer to a prompt. Same seed, prompt, key and knobs: the same answer."""
        digest = blake2b(prompt.digest, digest_size=16, key=str(self.options.seed).encode()).digest()
        number = int.from_bytes(digest[:8], "big")
        reasoning = _reasoning(prompt, knobs, number)
        choices = _choices(prompt, knobs, number, reasoning)
        thinking = prose(number + 7, reasoning) if prompt.thinking is Thinking.SHOWN else ""
        spent = reasoning + sum(_size(choice) for choice in choices)
        output = _billed(prompt, knobs, spent, choices)
        usage = replace(self._input_side(prompt, key, knobs), output=output, reasoning=min(reasoning, output))
        return Answer(
            id=digest.hex(),
            model=knobs.model or prompt.model,
            created=self.options.created,
            choices=choices,
            thinking=thinking,
            usage=replace(usage, service_tier=prompt.tier),
            tempo=self._tempo(prompt, knobs, usage, choices),
            chunks=knobs.chunks,
        )

    def _input_side(self, prompt: Prompt, key: str, knobs: Knobs) -> Usage:
        usage = self.memory.charge(prompt, key)
        asked = (knobs.input, knobs.cached, knobs.written, knobs.written_1h)
        if all(count is None for count in asked):
            return usage
        total = usage.total_input if knobs.input is None else knobs.input
        cached = min(knobs.cached or 0, total)
        written = min(knobs.written or 0, total - cached)
        written_1h = min(knobs.written_1h or 0, total - cached - written)
        return Usage(
            input=total - cached - written - written_1h,
            cached_input=cached,
            cache_write=written,
            cache_write_1h=written_1h,
        )

    def _tempo(self, prompt: Prompt, knobs: Knobs, usage: Usage, choices: tuple[Choice, ...]) -> Tempo:
        pace = models.pace(prompt.model)
        hidden = usage.reasoning if prompt.thinking is Thinking.HIDDEN else 0
        visible = usage.output - usage.reasoning
        chunks = knobs.chunks or max(1, visible // _TOKENS_A_CHUNK)
        first = (pace.first + hidden / pace.tokens / _THINKING_SPEEDUP) / self.speed
        gap = visible / chunks / pace.tokens / self.speed
        first = first if knobs.ttft is None else knobs.ttft
        gap = gap if knobs.gap is None else knobs.gap
        return Tempo(first=first, gap=gap, whole=first + gap * chunks)


def _reasoning(prompt: Prompt, knobs: Knobs, number: int) -> int:
    """Tokens of thinking, before the cap."""
    if knobs.refuse == "prompt":
        return 0
    if prompt.thinking is Thinking.OFF:
        return knobs.reasoning or 0
    if knobs.reasoning is not None:
        wanted = knobs.reasoning
    else:
        visible = _SHORTEST + number % _SPREAD
        wanted = math.ceil(visible * prompt.effort / _REASONING_STEP) * _REASONING_STEP
        if knobs.output is not None:
            wanted = min(wanted, knobs.output // 2)
    if prompt.cap is not None and not knobs.overrun:
        wanted = min(wanted, prompt.cap)
    return wanted


def _choices(prompt: Prompt, knobs: Knobs, number: int, reasoning: int) -> tuple[Choice, ...]:
    room = None if prompt.cap is None or knobs.overrun else max(0, prompt.cap - reasoning)
    return tuple(
        _choice(prompt, knobs, number + 101 * at, at, reasoning, room) for at in range(prompt.choices)
    )


def _choice(prompt: Prompt, knobs: Knobs, number: int, at: int, reasoning: int, room: int | None) -> Choice:
    if knobs.refuse is not None:
        return _refused(knobs.refuse, number, room)
    called = _tool_calls(prompt, knobs, number)
    if called:
        talk = prose(number, 12) if prompt.dialect in _TALK else ""
        return _fitted(Choice(talk, called, Finish.TOOLS), room)
    if (said := words_of(knobs).get(prompt.model)) is not None:
        return _fitted(Choice(said), room)
    if prompt.schema is not None:
        return _fitted(Choice(msgspec.json.encode(instance(prompt.schema)).decode()), room)
    wanted = _SHORTEST + number % _SPREAD
    if knobs.output is not None:
        share, rest = divmod(max(0, knobs.output - reasoning), prompt.choices)
        wanted = share + (rest if at == 0 else 0)
    cut = room is not None and wanted > room
    text = prose(number, min(wanted, room) if room is not None else wanted)
    return _stopped(Choice(text, finish=Finish.LENGTH if cut else Finish.STOP), prompt.stops)


def _refused(how: Refuse, number: int, room: int | None) -> Choice:
    if how == "words":
        return _fitted(Choice(DECLINING, finish=Finish.REFUSED), room)
    wanted = 0 if how == "prompt" else (_SHORTEST + number % _SPREAD) // 2
    return Choice(prose(number, wanted if room is None else min(wanted, room)), finish=Finish.FILTERED)


def _fitted(choice: Choice, room: int | None) -> Choice:
    """The choice as it is, or what of its text the cap leaves."""
    if room is None or _size(choice) <= room:
        return choice
    return Choice(choice.text[: room * _CHARACTERS_A_TOKEN], finish=Finish.LENGTH)


def _stopped(choice: Choice, stops: tuple[str, ...]) -> Choice:
    """The text up to the first stop sequence in it."""
    found = [(choice.text.find(stop), stop) for stop in stops if stop and stop in choice.text]
    if not found:
        return choice
    at, stop = min(found)
    return Choice(choice.text[:at], finish=Finish.STOP_SEQUENCE, stop=stop)


def _tool_calls(prompt: Prompt, knobs: Knobs, number: int) -> tuple[ToolCall, ...]:
    """The calls that the prompt asks for: 'use the tool' the first one, 'use the tools' the first two, the
    knob `call` the one it names, where the client offers that."""
    if not prompt.tools or prompt.tool_choice == "none":
        return ()
    if (wanted := call_of(knobs)) is not None:
        offered = any(tool.name == wanted[0] for tool in prompt.tools) and not prompt.after_tool
        return (ToolCall(f"{number:016x}"[-16:], *wanted),) if offered else ()
    chosen = [tool for tool in prompt.tools if tool.name == prompt.tool_choice]
    if not chosen:
        words = "" if prompt.after_tool else prompt.last_text.lower()
        if prompt.tool_choice != "required" and "use the tool" not in words:
            return ()
        chosen = list(prompt.tools[: 2 if "use the tools" in words else 1])
    return tuple(
        ToolCall(f"{number + at:016x}"[-16:], tool.name, msgspec.json.encode(instance(tool.schema)).decode())
        for at, tool in enumerate(chosen)
    )


def _size(choice: Choice) -> int:
    calls = sum(tokens.of_call(call.name, call.arguments) for call in choice.calls)
    return tokens.of_text(choice.text) + calls


def _billed(prompt: Prompt, knobs: Knobs, spent: int, choices: tuple[Choice, ...]) -> int:
    """Output tokens as reported: what was said, or what `output` asked for within the cap."""
    ended = any(choice.finish is Finish.STOP_SEQUENCE or choice.finish.declined for choice in choices)
    if knobs.output is None or ended:
        return spent
    if prompt.cap is None or knobs.overrun:
        return knobs.output
    return min(knobs.output, prompt.cap * prompt.choices)
