"""What is written in the form of thresholds, read as the policy says it."""

from __future__ import annotations

import pytest

from console.limit_reading import Mistake
from console.screens.threshold_reading import read_pause, read_score


@pytest.mark.parametrize(("text", "score"), [("0", 0.0), (" 0.55 ", 0.55), (".3", 0.3), ("1", 1.0)])
def test_a_score_is_from_0_to_1(text: str, score: float) -> None:
    assert read_score(text, "hard") == score


@pytest.mark.parametrize("text", ["", "-0.1", "1.01", "nan", "inf", "0,5", "half"])
def test_no_score_is_told_with_its_field(text: str) -> None:
    with pytest.raises(Mistake, match="from 0 to 1") as told:
        read_score(text, "hard")
    assert told.value.field == "hard"


@pytest.mark.parametrize(
    ("text", "pin"), [("30s", "30s"), ("90m", "5400s"), (" 1 h", "3600s"), ("2d", "172800s")]
)
def test_a_pause_is_said_in_seconds(text: str, pin: str) -> None:
    assert read_pause(text, "pin") == pin


@pytest.mark.parametrize("text", ["", "0m", "1w", "h", "-1h", "1.5h"])
def test_no_pause_is_told(text: str) -> None:
    with pytest.raises(Mistake, match="a length of time"):
        read_pause(text, "pin")
