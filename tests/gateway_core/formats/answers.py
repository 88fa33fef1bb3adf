"""Whole answers, read as the pipeline reads them."""

from __future__ import annotations

import json
from typing import Any

from gateway_core.formats import DIALECTS
from gateway_core.model.call import DialectName, Operation, Reading
from gateway_core.model.usage import Usage

CHAT, RESPONSES = DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES
ANTHROPIC, GEMINI = DialectName.ANTHROPIC, DialectName.GEMINI


def read(dialect: DialectName, answer: dict[str, Any], operation: Operation = Operation.GENERATE) -> Reading:
    return DIALECTS[dialect].read_answer(operation, json.dumps(answer).encode())


def usage_of(dialect: DialectName, stated: Any, **beside: Any) -> Usage | None:
    key = "usageMetadata" if dialect is GEMINI else "usage"
    reading = read(dialect, {key: stated, **beside})
    assert reading.impossible is None
    return reading.usage
