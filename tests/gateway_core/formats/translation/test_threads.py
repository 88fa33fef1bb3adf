"""Message threads are kept by Anthropic: a call that another provider serves is refused in the words by which
Anthropic's SDKs go on without one."""

from __future__ import annotations

import json

import pytest

from gateway_core.formats.anthropic.refusals import error_body
from gateway_core.formats.anthropic.request import read_request as read_ask
from gateway_core.formats.anthropic.translation.reads import read_request
from gateway_core.model.call import Operation
from gateway_core.model.errors import Refusal

BODY = {"model": "gpt-5-mini", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}


@pytest.mark.parametrize("thread", [{"type": "create"}, {"type": "continue", "previous_message_id": "msg_1"}])
def test_a_thread_cannot_be_carried_over(thread: dict[str, str]) -> None:
    body = json.dumps({**BODY, "thread": thread}).encode()
    with pytest.raises(Refusal) as refused:
        read_request(body, read_ask(Operation.GENERATE, body))
    assert refused.value.status == 400
    error = json.loads(error_body(refused.value, "req_1"))["error"]
    assert error["type"] == "invalid_request_error"
    assert error["details"] == {"error_code": "thread_unsupported_request"}


def test_other_errors_have_no_details() -> None:
    assert "details" not in json.loads(error_body(Refusal(400, "invalid_request", "no"), "req_1"))["error"]
