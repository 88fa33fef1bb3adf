"""One call between a client and a provider of different formats: its body there, its answer back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import msgspec

from gateway_core.formats import DIALECTS
from gateway_core.formats.anthropic.translation import TRANSLATOR as ANTHROPIC
from gateway_core.formats.counting import count_answer, counted, counting_body
from gateway_core.formats.embeddings import (
    answered_as_gemini,
    answered_as_openai,
    asked_of_gemini,
    asked_of_openai,
)
from gateway_core.formats.gemini.translation import TRANSLATOR as GEMINI
from gateway_core.formats.neutral.naming import Naming
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Request
from gateway_core.formats.neutral.returning import Returning, returned
from gateway_core.formats.neutral.riding import released
from gateway_core.formats.openai_chat.translation import TRANSLATOR as CHAT
from gateway_core.formats.openai_responses.translation import TRANSLATOR as RESPONSES
from gateway_core.formats.translating import TranslatingMeter
from gateway_core.formats.translator import Goal, Reply, Translator
from gateway_core.model.call import ANY_THINKING, Ask, DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.usage import Usage

TRANSLATORS: Mapping[DialectName, Translator] = MappingProxyType(
    {
        DialectName.OPENAI_CHAT: CHAT,
        DialectName.OPENAI_RESPONSES: RESPONSES,
        DialectName.ANTHROPIC: ANTHROPIC,
        DialectName.GEMINI: GEMINI,
    }
)
_REQUEST_IDS = (b"request-id", b"x-request-id")
"""What Anthropic's clients look for, and what all others do."""
_LEAST_CAP = {DialectName.OPENAI_RESPONSES: 16}
"""Output tokens below which a provider refuses a cap, where agents send 1 to try a key."""
_EMBEDS = (DialectName.OPENAI_CHAT, DialectName.GEMINI)
_COUNTS = (DialectName.ANTHROPIC, DialectName.GEMINI)


def other_side(ask: Ask, spoken: tuple[DialectName, ...]) -> DialectName | None:
    """The format to translate a call into for a provider that speaks these; None where that cannot be."""
    if ask.operation is Operation.EMBED and ask.dialect in _EMBEDS:
        return next((each for each in spoken if each in _EMBEDS), None)
    return spoken[0] if ask.operation in (Operation.GENERATE, Operation.COUNT) else None


def counts(dialect: DialectName) -> bool:
    """Whether providers of that format count tokens on request."""
    return dialect in _COUNTS


class Bridge:
    """`dropped` grows while the body is made. Pure: every answer is given in as bytes."""

    def __init__(self, ask: Ask, provider: DialectName, reply: Reply) -> None:
        self._ask = ask
        self.provider = provider
        self._reply = reply
        self._notes = Notes()
        self._here, self._there = TRANSLATORS[ask.dialect], TRANSLATORS[provider]
        self._model = ""
        self._naming = Naming(Request(ask.dialect, ask.model, ()))

    @property
    def dropped(self) -> tuple[str, ...]:
        """What the provider is not told of."""
        return self._notes.dropped

    def ask(self, *, hides_nothing: bool) -> Ask:
        """What the provider is asked in the end: no tools of others, thinking that no budget bounds."""
        thinking = self._ask.thinking
        if thinking is not None:
            thinking = ANY_THINKING if thinking else (0 if hides_nothing else None)
        cap = self._raised(self._ask.output_cap)
        return replace(
            self._ask, output_cap=cap, server_tools=(), server_uses=None, thinking=thinking, service_tier=None
        )

    def _raised(self, cap: int | None) -> int | None:
        """A cap that the provider takes, held for in full."""
        return None if cap is None else max(cap, _LEAST_CAP.get(self.provider, 0))

    def prepare(self, body: bytes, goal: Goal, output_cap: int | None) -> bytes:
        """The body in the provider's format. output_cap: instead of the client's, in tokens.

        Raises Refusal 400 for what can be neither said nor left out.
        """
        self._model = goal.model
        if self._ask.operation is Operation.EMBED:
            ask_of = asked_of_gemini if self.provider is DialectName.GEMINI else asked_of_openai
            return ask_of(body, goal.model, self._notes)
        request = released(self._here.read_request(body, self._ask))
        cap = self._raised(request.cap)
        if cap != request.cap:
            self._notes.drop(f"output cap below {cap}")
        request = msgspec.structs.replace(request, cap=cap if output_cap is None else output_cap)
        self._naming = Naming(request)
        out = self._there.write_request(self._naming.sent(request), goal, self._notes)
        counting = self._ask.operation is Operation.COUNT
        return counting_body(self.provider, out, goal.model) if counting else out

    def answer(self, body: bytes, usage: Usage | None) -> bytes:
        """A whole answer in the client's format. Raises Refusal 502 where it is none in the provider's."""
        reply = replace(self._reply, usage=usage)
        try:
            if self._ask.operation is Operation.COUNT:
                return count_answer(self._ask.dialect, counted(self.provider, body))
            if self._ask.operation is Operation.EMBED:
                to_gemini = self._ask.dialect is DialectName.GEMINI
                return (
                    answered_as_gemini(body, reply)
                    if to_gemini
                    else answered_as_openai(body, self._model, reply)
                )
            return self._here.write_answer(
                returned(self._there.read_answer(body, reply), self._naming), reply
            )
        except (ValueError, KeyError, TypeError, msgspec.MsgspecError) as error:
            raise Refusal(
                502, "untranslatable_answer", f"the provider's answer cannot be read: {error}"
            ) from None

    def meter(self) -> TranslatingMeter:
        """A meter of one stream that hands on what it translates."""
        return TranslatingMeter(
            DIALECTS[self.provider].meter(replace(self._ask, dialect=self.provider), hide_usage=False),
            self._there.stream_reader(self._reply),
            Returning(self._naming),
            self._here.stream_writer(self._reply),
        )

    def failure(self, status: int, body: bytes) -> tuple[bytes, int | None]:
        """An error in the client's format, and the seconds to wait that its body names."""
        failure = self._there.read_failure(status, body)
        return self._here.write_failure(failure, self._reply.call_id), failure.retry_after

    def headers(self, found: list[tuple[bytes, bytes]], *, stream: bool) -> list[tuple[bytes, bytes]]:
        """The answer's headers without those that describe the provider's bytes."""
        array = stream and self._ask.dialect is DialectName.GEMINI and self._reply.as_array
        kind = (
            b"application/json; charset=UTF-8" if array or not stream else b"text/event-stream; charset=utf-8"
        )
        gone = (b"content-type", b"content-length", b"content-encoding")
        ours, theirs = _REQUEST_IDS if self._ask.dialect is DialectName.ANTHROPIC else _REQUEST_IDS[::-1]
        kept = [(ours if name == theirs else name, value) for name, value in found if name not in gone]
        return [(b"content-type", kind), *kept]
