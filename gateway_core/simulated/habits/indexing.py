"""An embeddings batch: a search index that is brought up to date, a few dozen texts at a time."""

from __future__ import annotations

from gateway_core.simulated.habits.texts import document
from gateway_core.simulated.seat import Credential, Person, Seat

INDEXER = Person(
    name="indexer",
    agent="OpenAI/Python 3.54.0",
    tags="team=research,project=atlas,app=search-index,mode=building",
)

_MODEL = "text-embedding-3-small"


async def index(seat: Seat) -> None:
    """Batch after batch, for ever."""
    while True:
        texts = [
            document(seat.chance, seat.chance.randint(60, 240)) for _ in range(seat.chance.randint(8, 24))
        ]
        body = {"model": _MODEL, "input": texts, "encoding_format": "base64", "dimensions": 256}
        await seat.call(Credential.BEARER, "/v1/embeddings", body)
        await seat.pause(seat.chance.uniform(8, 16))
