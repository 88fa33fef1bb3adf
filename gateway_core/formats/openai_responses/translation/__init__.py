"""Responses from and to the neutral form."""

from __future__ import annotations

from gateway_core.formats.openai_chat.translation.failures import read_failure, write_failure
from gateway_core.formats.openai_responses.translation.answers import read_answer, write_answer
from gateway_core.formats.openai_responses.translation.reads import read_output, read_request
from gateway_core.formats.openai_responses.translation.stream_in import ResponseReader
from gateway_core.formats.openai_responses.translation.stream_out import ResponseWriter
from gateway_core.formats.openai_responses.translation.writes import write_request
from gateway_core.formats.translator import Translator

TRANSLATOR = Translator(
    read_request=read_request,
    read_output=read_output,
    write_request=write_request,
    read_answer=read_answer,
    write_answer=write_answer,
    stream_reader=ResponseReader,
    stream_writer=ResponseWriter,
    read_failure=read_failure,
    write_failure=write_failure,
)
