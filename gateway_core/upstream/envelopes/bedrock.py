"""Anthropic's format as Amazon Bedrock takes it: InvokeModel and InvokeModelWithResponseStream.

Source: docs.aws.amazon.com/bedrock, API reference of the runtime, and "Anthropic Claude Messages API".
"""

from __future__ import annotations

from urllib.parse import quote

import httpx

from gateway_core.clouds.aws import BadFrame, Frames
from gateway_core.formats.fields import flag, model_name
from gateway_core.formats.json_object import read_body
from gateway_core.formats.splice import encoded, splice
from gateway_core.providers.provider import Provider
from gateway_core.upstream.answer import Answer, Source
from gateway_core.upstream.envelopes.bedrock_events import EventWriter
from gateway_core.upstream.envelopes.errors import bedrock_error, bedrock_status
from gateway_core.upstream.envelopes.letter import Changed, Letter, known_betas, message_body

VERSION = "bedrock-2023-05-31"
_STREAM = b"application/vnd.amazon.eventstream"
_NOT_SENT = (b"anthropic-", b"accept")
"""What is said otherwise there; compressed, the framing could not be read as it comes."""


def to_bedrock(provider: Provider, letter: Letter) -> Letter:
    """A call of /v1/messages: the model stands in the path, the betas in the body."""
    assert provider.cloud is not None
    found, body = message_body(letter, VERSION, gone=("model", "stream"))
    if betas := known_betas(provider.cloud, letter.headers):
        body = splice(read_body(body), {"anthropic_beta": encoded(betas)})
    verb, accept = ("invoke-with-response-stream", _STREAM) if flag(found, "stream") else ("invoke", b"*/*")
    headers = [field for field in letter.headers if not field[0].startswith(_NOT_SENT)]
    path = f"/model/{quote(model_name(found), safe='')}/{verb}"
    return Letter(path, [*headers, (b"accept", accept)], body, from_bedrock)


def from_bedrock(answer: Answer) -> None:
    """The answer in Anthropic's format: a stream as its events, an error in its words."""
    told = dict(answer.headers)
    if answer.status >= 400:
        kind = told.get(b"x-amzn-errortype", b"").decode("latin-1")
        status = bedrock_status(kind, answer.status)
        answer.unwrapped(
            status,
            b"application/json",
            lambda source: Changed(source, lambda body: bedrock_error(kind, status, body, answer.request_id)),
        )
    elif told.get(b"content-type", b"").startswith(_STREAM):
        answer.unwrapped(answer.status, b"text/event-stream; charset=utf-8", _Events)


class _Events(Source):
    """The body of a stream: what has come of it, as server-sent events."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._frames = Frames()
        self._writer = EventWriter()

    async def read(self) -> bytes:
        while piece := await self._source.read():
            try:
                events = b"".join(self._writer.event(*frame) for frame in self._frames.feed(piece))
            except BadFrame as error:
                self.abort()
                raise httpx.RemoteProtocolError(f"a frame of the stream is damaged: {error}") from None
            if events:
                return events
        return b""

    def abort(self) -> None:
        self._source.abort()

    async def aclose(self) -> None:
        await self._source.aclose()
