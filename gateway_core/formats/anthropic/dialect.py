"""Messages as one dialect."""

from __future__ import annotations

from collections.abc import Sequence

from gateway_core.formats.anthropic.answer import read_whole
from gateway_core.formats.anthropic.models import card_body, list_body
from gateway_core.formats.anthropic.prepare import prepare_body
from gateway_core.formats.anthropic.refusals import error_body, error_event
from gateway_core.formats.anthropic.request import read_request
from gateway_core.formats.anthropic.stream import MessageMeter
from gateway_core.formats.dialect import ModelCard
from gateway_core.formats.json_object import read_again
from gateway_core.formats.prompt import prompt_of
from gateway_core.model.call import Ask, DialectName, Operation, Prompt, Reading
from gateway_core.model.errors import Refusal


class Anthropic:
    """The dialect `anthropic`."""

    name = DialectName.ANTHROPIC

    def read(
        self, operation: Operation, body: bytes, *, path_model: str | None = None, path_stream: bool = False
    ) -> Ask:
        """What a request asks for. Raises Refusal 400."""
        return read_request(operation, body)

    def prompt(self, body: bytes) -> Prompt:
        """The words that judgement looks at, of a body that was read."""
        return prompt_of(read_again(body), "messages")

    def prepare(self, body: bytes, ask: Ask, *, model: str, output_cap: int | None, ask_usage: bool) -> bytes:
        """The body for a provider of the same format; usage comes without being asked for."""
        return prepare_body(body, ask, model=model, output_cap=output_cap)

    def read_answer(self, operation: Operation, body: bytes) -> Reading:
        """What a whole answer says."""
        return read_whole(operation, body)

    def meter(self, ask: Ask, *, hide_usage: bool) -> MessageMeter:
        """A meter for one stream."""
        return MessageMeter()

    def refusal(self, refusal: Refusal, request_id: str) -> bytes:
        """The body of an error."""
        return error_body(refusal, request_id)

    def stream_refusal(
        self, refusal: Refusal, request_id: str, *, events: bool = True, begun: bool = True
    ) -> tuple[bytes, ...]:
        """The last event of a stream that fails."""
        return (error_event(refusal, request_id),)

    def model_list(self, models: Sequence[ModelCard]) -> bytes:
        """The answer to GET /v1/models."""
        return list_body(models)

    def model_card(self, model: ModelCard) -> bytes:
        """The answer to GET /v1/models/{id}."""
        return card_body(model)
