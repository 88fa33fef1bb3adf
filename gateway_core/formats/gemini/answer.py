"""An answer, read: whole, or one chunk of a stream."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import msgspec

from gateway_core.formats.gemini.usage import gemini_usage, searches
from gateway_core.formats.usage_numbers import Stated, believed, word
from gateway_core.model.call import Operation, Reading
from gateway_core.model.usage import ZERO, Usage


class _Code(msgspec.Struct):
    code: Any = None


class _Part(msgspec.Struct, rename="camel"):
    text: Any = None
    function_call: msgspec.Raw = msgspec.Raw()
    executable_code: _Code | None = None


class _Content(msgspec.Struct):
    parts: list[_Part] | None = None


class _Grounding(msgspec.Struct, rename="camel"):
    web_search_queries: list[str] | None = None


class Candidate(msgspec.Struct, rename="camel"):
    """One of the answers."""

    content: _Content | None = None
    finish_reason: Any = None
    grounding_metadata: _Grounding | None = None


class _Feedback(msgspec.Struct, rename="camel"):
    block_reason: Any = None


class Answer(msgspec.Struct, rename="camel"):
    """What concerns the books in an answer or a chunk."""

    candidates: list[Candidate] | None = None
    usage_metadata: Any = None
    model_version: Any = None
    prompt_feedback: _Feedback | None = None
    error: Any = None

    @property
    def ends(self) -> bool:
        """A candidate is finished, or the prompt was refused and there will be none."""
        finished = any(word(each.finish_reason) for each in self.candidates or ())
        return finished or (self.prompt_feedback is not None and bool(self.prompt_feedback.block_reason))

    @property
    def queries(self) -> list[str]:
        """What was searched for."""
        grounded = [each.grounding_metadata for each in self.candidates or () if each.grounding_metadata]
        return [query for grounding in grounded for query in grounding.web_search_queries or ()]


ANSWER = msgspec.json.Decoder(Answer)


def read_whole(operation: Operation, body: bytes) -> Reading:
    """What the answer says. Never raises."""
    if operation in (Operation.COUNT, Operation.MODELS):
        return Reading(usage=ZERO)
    try:
        answer = ANSWER.decode(body)
    except (ValueError, RecursionError):
        return Reading(finished=False)
    model = word(answer.model_version)
    usage, impossible = counted(
        answer.usage_metadata, answer.queries, model, output=operation is not Operation.EMBED
    )
    return Reading(usage, model, finished=answer.error is None, impossible=impossible)


def counted(
    stated: object, queries: Collection[str], model: str | None, *, output: bool = True
) -> tuple[Usage | None, str | None]:
    """The usage with its billed searches, and why it could not be believed if it was stated."""

    def read(fields: Stated) -> Usage | None:
        usage = gemini_usage(fields, output=output)
        return replace(usage, server_tools=searches(queries, model)) if usage and queries else usage

    return believed(read, stated)
