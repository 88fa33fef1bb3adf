"""Chat completions from and to the neutral form."""

from __future__ import annotations

from gateway_core.formats.openai_chat.translation.answers import read_answer, write_answer
from gateway_core.formats.openai_chat.translation.failures import read_failure, write_failure
from gateway_core.formats.openai_chat.translation.reads import read_output, read_request
from gateway_core.formats.openai_chat.translation.streams import ChunkReader, ChunkWriter
from gateway_core.formats.openai_chat.translation.writes import write_request
from gateway_core.formats.translator import Translator

TRANSLATOR = Translator(
    read_request=read_request,
    read_output=read_output,
    write_request=write_request,
    read_answer=read_answer,
    write_answer=write_answer,
    stream_reader=ChunkReader,
    stream_writer=ChunkWriter,
    read_failure=read_failure,
    write_failure=write_failure,
)
