"""Calls that are legal and odd, by format: what clients send now and then, and tests seldom do."""

from __future__ import annotations

from gateway_core.model.call import DialectName
from tests.gateway_core.formats.translation.calls import ANTHROPIC, CHAT, GEMINI, RESPONSES, Body
from tests.gateway_core.formats.translation.odd.anthropic import ODD_MESSAGES
from tests.gateway_core.formats.translation.odd.chat import ODD_CHATS
from tests.gateway_core.formats.translation.odd.gemini import ODD_CONTENTS
from tests.gateway_core.formats.translation.odd.responses import ODD_RESPONSES

ODD: dict[DialectName, dict[str, Body]] = {
    CHAT: ODD_CHATS,
    RESPONSES: ODD_RESPONSES,
    ANTHROPIC: ODD_MESSAGES,
    GEMINI: ODD_CONTENTS,
}
