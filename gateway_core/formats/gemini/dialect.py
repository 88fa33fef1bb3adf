"""Gemini as one dialect."""

from __future__ import annotations

from collections.abc import Sequence

from gateway_core.formats.dialect import ModelCard
from gateway_core.formats.gemini.answer import read_whole
from gateway_core.formats.gemini.models import card_body, list_body
from gateway_core.formats.gemini.prepare import prepare_body
from gateway_core.formats.gemini.refusals import error_body, error_element, error_events
from gateway_core.formats.gemini.request import read_request
from gateway_core.formats.gemini.stream import GeminiMeter
from gateway_core.formats.json_object import read_again
from gateway_core.formats.prompt import prompt_of
from gateway_core.model.call import Ask, DialectName, Operation, Prompt, Reading
from gateway_core.model.errors import Refusal


class Gemini:
    """The dialect `gemini`."""

    name = DialectName.GEMINI

    def read(
        self, operation: Operation, body: bytes, *, path_model: str | None = None, path_stream: bool = False
    ) -> Ask:
        """What a request asks for. Raises Refusal 400."""
        return read_request(operation, body, path_model, path_stream)

    def prompt(self, body: bytes) -> Prompt:
        """The words that judgement looks at, of a body that was read."""
        return prompt_of(read_again(body), "contents", "parts")

    def prepare(self, body: bytes, ask: Ask, *, model: str, output_cap: int | None, ask_usage: bool) -> bytes:
        """The body for a provider of the same format; usage comes without being asked for."""
        return prepare_body(body, ask, model=model, output_cap=output_cap)

    def read_answer(self, operation: Operation, body: bytes) -> Reading:
        """What a whole answer says."""
        return read_whole(operation, body)

    def meter(self, ask: Ask, *, hide_usage: bool) -> GeminiMeter:
        """A meter for one stream."""
        return GeminiMeter()

    def refusal(self, refusal: Refusal, request_id: str) -> bytes:
        """The body of an error."""
        return error_body(refusal, request_id)

    def stream_refusal(
        self, refusal: Refusal, request_id: str, *, events: bool = True, begun: bool = True
    ) -> tuple[bytes, ...]:
        """The last bytes of a stream that fails."""
        if events:
            return error_events(refusal, request_id)
        return (error_element(refusal, request_id, first=not begun),)

    def model_list(self, models: Sequence[ModelCard]) -> bytes:
        """The answer to GET /v1beta/models."""
        return list_body(models)

    def model_card(self, model: ModelCard) -> bytes:
        """The answer to GET /v1beta/models/{id}."""
        return card_body(model)
