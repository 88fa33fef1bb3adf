"""The feed on events of another shape: each is a sentence, and the next one counts."""

from __future__ import annotations

from typing import Any

import pytest

from console.feed import Feed
from tests.console.test_feed import Spoken, opened, running, until

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("call.opened", {"id": 1}),
        ("call.settled", {"id": "c1", "tags": ["web"]}),
        ("call.settled", {"id": "c1", "tags": None}),
        ("call.progress", {}),
        ("call.progress", {"id": "c1", "output_tokens": "many", "cost_usd": "0"}),
        ("call.progress", {"id": "c1", "output_tokens": 1, "cost_usd": "dear"}),
        ("budget.alert", {"budget": "web"}),
        ("budget.landing", {"budget": "web", "breaks_at": "soon"}),
    ],
)
async def test_an_event_of_another_shape_is_a_sentence_and_the_next_one_counts(
    kind: str, data: dict[str, Any]
) -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.tell("call.opened", **opened(1))
        await until(feed, lambda snap: len(snap.in_flight) == 1)
        source.tell(kind, **data)
        snap = await until(feed, lambda snap: snap.problem)
        assert f"the gateway tells of {kind} in another shape" in str(snap.problem)
        assert not feed.alerts
        source.tell("call.opened", **opened(2))
        await until(feed, lambda snap: "c2" in {call.id for call in snap.in_flight})

    await running(source, body)
