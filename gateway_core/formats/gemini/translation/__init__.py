"""Content from and to the neutral form."""

from __future__ import annotations

from gateway_core.formats.gemini.translation.answers import AnswerReader, read_answer, write_answer
from gateway_core.formats.gemini.translation.failures import read_failure, write_failure
from gateway_core.formats.gemini.translation.reads import read_output, read_request
from gateway_core.formats.gemini.translation.streams import AnswerWriter
from gateway_core.formats.gemini.translation.writes import write_request
from gateway_core.formats.translator import Translator

TRANSLATOR = Translator(
    read_request=read_request,
    read_output=read_output,
    write_request=write_request,
    read_answer=read_answer,
    write_answer=write_answer,
    stream_reader=AnswerReader,
    stream_writer=AnswerWriter,
    read_failure=read_failure,
    write_failure=write_failure,
)
