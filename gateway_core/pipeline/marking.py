"""Cache marks in what is sent to a Claude model, where the policy sets them and the client set none."""

from __future__ import annotations

from gateway_core.formats.anthropic.cache_marks import with_cache_marks
from gateway_core.model.call import Ask, DialectName, Operation, Target
from gateway_core.pipeline.passage import Passage
from gateway_core.rules.matching import matches
from gateway_core.rules.prompt_cache.habits import least_tokens

BYTES_A_TOKEN = 4
"""Rather too many: a mark on what is too short is no use, and takes the place of another."""


def marked(call: Passage, ask: Ask, target: Target) -> bytes:
    """The body to send; the row says where marks were set."""
    assert call.sent is not None
    rule, body, dialect = call.parts.policy.marks, call.sent.body, call.sent.dialect
    if call.request.aside is not None:
        # Nobody reads again what it would write.
        return body
    if not rule.on or dialect is not DialectName.ANTHROPIC or ask.operation is not Operation.GENERATE:
        return body
    if not matches(rule.when, call.facts(target)):
        return body
    least = BYTES_A_TOKEN * least_tokens(dialect, target.model)
    body, call.record.marked = with_cache_marks(body, least=least, life=rule.life)
    return body
