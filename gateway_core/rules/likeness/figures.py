"""Precision against hit rate: what a cache of questions alike did on labelled questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway_core.model.value import value

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
"""Likenesses at which a cache is looked at."""


@value
class Said:
    """What a cache said to one question. answer: None for a miss; similarity: that of the question it found,
    None where the cache does not tell."""

    answer: str | None
    similarity: float | None = None


@value
class CacheFigures:
    """What a cache did. twins: gets whose question was put before; wrong: hits with another answer."""

    gets: int
    twins: int
    hits: int
    right: int
    wrong: int

    @property
    def hit_rate(self) -> float:
        return self.hits / self.gets if self.gets else 0.0

    @property
    def precision(self) -> float | None:
        """None where nothing was hit."""
        return self.right / self.hits if self.hits else None

    @property
    def found(self) -> float | None:
        """The share of twins that got the right answer; None where there are none."""
        return self.right / self.twins if self.twins else None


def figures(said: Sequence[str | None], wanted: Sequence[str | None]) -> CacheFigures:
    """said: the answer of each hit, None for a miss; wanted: the right one, None where any hit is wrong."""
    hits = sum(answer is not None for answer in said)
    right = sum(answer is not None and answer == same for answer, same in zip(said, wanted, strict=True))
    return CacheFigures(len(said), sum(same is not None for same in wanted), hits, right, hits - right)


def curve(
    said: Sequence[Said], wanted: Sequence[str | None], thresholds: Iterable[float] = THRESHOLDS
) -> dict[float, CacheFigures]:
    """The figures at each threshold, of a cache that was asked at the lowest of them and tells how alike."""
    return {
        threshold: figures(
            [None if (each.similarity or 0.0) < threshold else each.answer for each in said], wanted
        )
        for threshold in thresholds
    }


def curve_lines(found: dict[float, CacheFigures]) -> list[str]:
    """The curve as a table: threshold, hits, precision, wrong ones, twins found."""
    return [
        "threshold   hits  hit rate  precision  wrong  twins found",
        *(
            f"{threshold:9.2f} {each.hits:6} {each.hit_rate:9.1%} {_share(each.precision):>10} "
            f"{each.wrong:6} {_share(each.found):>12}"
            for threshold, each in found.items()
        ),
    ]


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
