"""The simulated Bedrock's check of signatures, against the examples that AWS has published."""

from __future__ import annotations

import pytest

from gateway_core.simulated.sigv4 import Signed, signature

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
HOST = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
FORM = {**HOST, "content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            Signed("GET", "/", "", HOST, b""),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            Signed("POST", "/", "", HOST, b""),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ),
        (
            Signed("GET", "/", "Param2=value2&Param1=value1", HOST, b""),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            Signed("POST", "/", "", FORM, b"Param1=value1"),
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ],
    ids=["get-vanilla", "post-vanilla", "get-vanilla-query-order-key-case", "post-x-www-form-urlencoded"],
)
def test_the_published_examples(request_: Signed, expected: str) -> None:
    found = signature(request_, SECRET, "20150830T123600Z", "20150830", "us-east-1", "service")
    assert found == expected
