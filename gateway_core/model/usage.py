"""What one call used: token counts that do not overlap, whatever the provider's own way of counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from gateway_core.model.value import value


@value
class Usage:
    """Counts in tokens. The five columns `input`, `cached_input`, `cache_write`, `cache_write_1h`
    and `output` are disjoint; `audio_input`, `image_input` and `video_input` are the parts of `input` in
    that modality, `audio_output`, `image_output`, `video_output` and `reasoning` are parts of `output`."""

    input: int = 0
    cached_input: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0
    audio_input: int = 0
    image_input: int = 0
    audio_output: int = 0
    video_input: int = 0
    image_output: int = 0
    video_output: int = 0
    server_tools: Mapping[str, int] = field(default_factory=dict)
    """Uses of tools that the provider runs and bills by the call, by name: {'web_search': 2}."""
    service_tier: str | None = None
    """The tier that was served (batch, flex, priority), if the provider said so."""
    region: str | None = None
    """Where the call ran, if the provider said so."""
    steps: tuple[Usage, ...] = ()
    """When a provider bills several steps inside one answer: each step; the counts above are their sums."""
    model: str | None = None
    """Of a step that another model ran than the one that was called: that model, whose prices it costs."""

    @property
    def total_input(self) -> int:
        """All tokens on the input side: uncached, cached and written. It decides the price tier."""
        return self.input + self.cached_input + self.cache_write + self.cache_write_1h

    @property
    def total(self) -> int:
        return self.total_input + self.output


ZERO = Usage()
