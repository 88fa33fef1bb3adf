"""The official SDKs, pointed at the gateway or straight at the provider; none of them tries again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
    """Where a client is pointed: a root URL, and the credential that is valid there.

    The clients that it makes are closed with it. One that is left to the garbage collector closes its
    socket whenever that runs, and fails the test that happens to be running then.
    """

    url: str
    key: str
    headers: dict[str, str]
    clients: ExitStack

    def openai(self) -> openai.OpenAI:
        return self.clients.enter_context(
            openai.OpenAI(
                base_url=f"{self.url}/v1", api_key=self.key, default_headers=self.headers, max_retries=0
            )
        )

    def anthropic(self) -> anthropic.Anthropic:
        return self.clients.enter_context(
            anthropic.Anthropic(
                base_url=self.url, api_key=self.key, default_headers=self.headers, max_retries=0
            )
        )

    def genai(self) -> genai.Client:
        return self.clients.enter_context(
            genai.Client(
                api_key=self.key,
                http_options=types.HttpOptions(base_url=self.url, headers=self.headers),
            )
        )

    def with_key(self, key: str) -> Place:
        """The same place with another credential."""
        return Place(self.url, key, self.headers, self.clients)


@contextmanager
def through(gateway: RunningGateway) -> Iterator[Place]:
    """The gateway; on leaving, every client that was pointed at it is closed."""
    with ExitStack() as clients:
        yield Place(gateway.url, gateway.token, HEADERS, clients)


@contextmanager
def direct(simulated: SimulatedProvider) -> Iterator[Place]:
    """The provider itself; on leaving, every client that was pointed at it is closed."""
    with ExitStack() as clients:
        yield Place(simulated.url, PROVIDER_KEY, {}, clients)


def dumped(events: list[Any]) -> list[dict[str, Any]]:
    """Every field of the SDK's objects, as plain values."""
    return [event.model_dump() for event in events]
