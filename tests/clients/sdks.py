"""The official SDKs, pointed at the gateway or straight at the provider; none of them tries again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import anthropic
import openai
from google import genai
from google.genai import types

from tests.support.gateway import PROVIDER_KEY, RunningGateway
from tests.support.simulated import SimulatedProvider

TAGS = {"project": "web", "user": "ann", "mode": "building"}
HEADERS = {"x-llmconsole-tags": ",".join(f"{key}={value}" for key, value in TAGS.items())}


@dataclass(frozen=True)
class Place:
    """Where a client is pointed: a root URL, and the credential that is valid there."""

    url: str
    key: str
    headers: dict[str, str]

    def openai(self) -> openai.OpenAI:
        return openai.OpenAI(
            base_url=f"{self.url}/v1", api_key=self.key, default_headers=self.headers, max_retries=0
        )

    def anthropic(self) -> anthropic.Anthropic:
        return anthropic.Anthropic(
            base_url=self.url, api_key=self.key, default_headers=self.headers, max_retries=0
        )

    def genai(self) -> genai.Client:
        return genai.Client(
            api_key=self.key, http_options=types.HttpOptions(base_url=self.url, headers=self.headers)
        )


def through(gateway: RunningGateway) -> Place:
    return Place(gateway.url, gateway.token, HEADERS)


def direct(simulated: SimulatedProvider) -> Place:
    return Place(simulated.url, PROVIDER_KEY, {})


def dumped(events: list[Any]) -> list[dict[str, Any]]:
    """Every field of the SDK's objects, as plain values."""
    return [event.model_dump() for event in events]
