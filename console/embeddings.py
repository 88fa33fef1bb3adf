"""Embeddings of texts, asked of the running gateway as any client asks for them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import httpx

from console.gateway import Place, find
from console.trouble import NO, GatewayGone, Trouble

PATIENT = 60.0


class Embeddings:
    """The unit vectors of one model. Raises GatewayGone where no gateway runs."""

    def __init__(self, place: Place, model: str) -> None:
        running = find(place.data)
        if running is None:
            raise GatewayGone("no gateway runs here to ask for embeddings; start one with: llmconsole serve")
        token = (place.data / "client.token").read_text(encoding="utf-8").strip()
        self._model = model
        self._http = httpx.Client(
            base_url=running.url,
            headers={"x-llmconsole-token": token, "x-llmconsole-cache": "on"},
            timeout=PATIENT,
            trust_env=False,
        )

    def of(self, text: str) -> Sequence[float]:
        """The vector of a text at length one. Raises Trouble with what the gateway or its provider says."""
        body = {"model": self._model, "input": text, "encoding_format": "float"}
        try:
            answer = self._http.post("/v1/embeddings", json=body)
            found = answer.json()
            values = [float(value) for value in found["data"][0]["embedding"]] if answer.is_success else []
        except (httpx.TransportError, ValueError, KeyError, IndexError, TypeError) as error:
            raise Trouble(f"{self._model} gives no embedding: {error}", NO) from None
        norm = math.sqrt(sum(value * value for value in values))
        if not norm:
            raise Trouble(f"{self._model} gives no embedding: {answer.text[:200]}", NO)
        return [value / norm for value in values]
