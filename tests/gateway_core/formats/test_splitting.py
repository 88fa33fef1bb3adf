"""Events, and elements of an array, come out whole and in order, however their bytes were split."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.formats.json_array import ArraySplitter
from gateway_core.formats.sse import HELD_LIMIT, Splitter, events, payloads
from tests.gateway_core.formats.streams import cut

lines = st.text(alphabet=st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=20)
places = st.lists(st.integers(0, 600), max_size=30)
line_ends = st.sampled_from(["\n", "\r\n", "\r"])


@given(data=st.lists(st.lists(lines, min_size=1, max_size=3), max_size=6), end=line_ends, places=places)
def test_data_comes_out_as_it_went_in(data: list[list[str]], end: str, places: list[int]) -> None:
    stream = "".join(
        f"event: x{end}" + "".join(f"data: {line}{end}" for line in event) + end for event in data
    ).encode()
    splitter = Splitter()
    blocks = [splitter.feed(piece) for piece in cut(stream, places)]
    assert b"".join(blocks) == stream
    assert splitter.take() == b""
    found = [payload.decode() for block in blocks for payload in payloads(block)]
    assert found == [text for text in ("\n".join(event) for event in data) if text]


@given(data=st.lists(lines, min_size=1, max_size=6), places=places)
def test_what_is_handed_out_are_whole_events(data: list[str], places: list[int]) -> None:
    stream = "".join(f"data: {line}\n\n" for line in data).encode()
    splitter = Splitter()
    blocks = [block for piece in cut(stream, places) if (block := splitter.feed(piece))]
    assert all(block.endswith(b"\n\n") for block in blocks)
    assert [event for block in blocks for event in events(block)] == list(events(stream))


def test_a_whole_chunk_is_the_very_object() -> None:
    for chunk in (b"data: a\n\n", b"data: a\r\n\r\n"):
        assert Splitter().feed(chunk) is chunk


@pytest.mark.parametrize(
    ("block", "data"),
    [
        (b": comment\n\n", []),
        (b"event: ping\n\n", []),
        (b"data\n\n", []),
        (b"data:x\n\n", [b"x"]),
        (b"data:  x\n\n", [b" x"]),
        (b"id: 1\nevent: e\ndata: x\nretry: 5\n\n", [b"x"]),
        (b"data: a\ndata: b\n\n", [b"a\nb"]),
        (b": c\n\ndata: a\n\n: c\n\ndata: b\n\n", [b"a", b"b"]),
        (b"x: data: no\n\n", []),
        ("data: a\u2028b\u0085c\n\n".encode(), ["a\u2028b\u0085c".encode()]),
        (b"data: no end", [b"no end"]),
    ],
)
def test_the_data_of_events(block: bytes, data: list[bytes]) -> None:
    assert list(payloads(block)) == data


def test_what_never_ends_is_let_go() -> None:
    splitter = Splitter()
    sizes = [len(splitter.feed(b"x" * 2**20)) for _ in range(HELD_LIMIT // 2**20 + 1)]
    assert sum(sizes) > HELD_LIMIT


json_values = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(alphabet='ab"\\[]{},: ü', max_size=8)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='k"\\{', max_size=3), inner),
    max_leaves=8,
)
elements = st.lists(
    st.dictionaries(st.text(alphabet='k"\\]', max_size=3), json_values, max_size=3), max_size=5
)


@given(elements=elements, indent=st.sampled_from([None, 2]), ascii_only=st.booleans(), places=places)
def test_elements_of_an_array_come_out_whole(
    elements: list[dict[str, object]], indent: int | None, ascii_only: bool, places: list[int]
) -> None:
    text = json.dumps(elements, indent=indent, ensure_ascii=ascii_only).encode()
    splitter = ArraySplitter()
    found = [json.loads(element) for piece in cut(text, places) for element in splitter.feed(piece)]
    assert found == elements
