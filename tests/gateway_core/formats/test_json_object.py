"""Bodies are taken apart by their top level, and a wrong one is refused with the place of the fault."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.formats.json_object import MAX_DEPTH, members, read_body
from gateway_core.formats.nesting import deeper_than
from gateway_core.model.errors import Refusal

json_values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)
objects = st.dictionaries(st.text(max_size=6), json_values, max_size=6)
styles = st.tuples(
    st.booleans(), st.sampled_from([None, 2]), st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", "\r\n:")])
)


def written(value: object, style: tuple[bool, int | None, tuple[str, str]]) -> bytes:
    ascii_only, indent, separators = style
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=separators).encode()


@given(value=objects, style=styles)
def test_every_value_stands_where_it_is_said_to(
    value: dict[str, object], style: tuple[bool, int | None, tuple[str, str]]
) -> None:
    body = written(value, style)
    found = read_body(body)
    assert list(found.values) == list(value)
    for key, place in members(found).items():
        assert json.loads(body[place.key : place.key_end]) == key
        assert json.loads(body[place.value : place.end]) == value[key] == json.loads(bytes(found.values[key]))


@given(value=objects.filter(bool), style=styles, data=st.data())
def test_a_key_that_stands_twice_is_refused_whatever_its_values(
    value: dict[str, object], style: tuple[bool, int | None, tuple[str, str]], data: st.DataObject
) -> None:
    twice = data.draw(st.sampled_from(sorted(value)))
    pairs = [*value.items(), (twice, data.draw(json_values))]
    order = data.draw(st.permutations(pairs))
    members_text = b",".join(written(key, style) + b":" + written(each, style) for key, each in order)
    with pytest.raises(Refusal, match="stands twice") as refused:
        read_body(b"{" + members_text + b"}")
    assert (refused.value.status, refused.value.code) == (400, "invalid_request")


def test_a_key_that_stands_twice_is_refused_where_the_one_value_is_as_long_as_what_follows() -> None:
    """Stepping by the last value of a key may land inside of that very value."""
    with pytest.raises(Refusal, match="stands twice"):
        read_body(b'{"" :null, "0" :null, "" :{"": null, "0": null}}')
    inner = {"x": None, "0": None}
    for spaces in range(12):
        text = b'{"":null,"0":null,"":' + b" " * spaces + json.dumps(inner, indent=spaces).encode() + b"}"
        with pytest.raises(Refusal, match="stands twice"):
            read_body(text)


def test_a_key_written_in_two_ways_is_the_same_key() -> None:
    with pytest.raises(Refusal, match="stands twice"):
        read_body(b'{"model":"cheap","mod\\u0065l":"dear"}')


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not valid JSON: cut short after 0 bytes"),
        (b'{"model":"m"', "cut short after 12 bytes"),
        (b'{"model":m}', "wrong at byte 9"),
        (b'{"model":"m"} x', "wrong at byte 14"),
        (b'{"a":[1,]}', "wrong at byte 8"),
        (b'{"a":NaN}', "wrong at byte 5"),
        (b'{"a":"\xff"}', "not UTF-8: invalid at byte 6"),
        (b"[1]", "must be a JSON object"),
        (b'"model"', "must be a JSON object"),
        (b"null", "must be a JSON object"),
    ],
)
def test_a_wrong_body_is_refused_with_the_place(body: bytes, says: str) -> None:
    with pytest.raises(Refusal, match=says) as refused:
        read_body(body)
    assert refused.value.status == 400


@pytest.mark.parametrize("depth", [100, 2_000, 200_000])
@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_depth_is_refused_before_anything_recurses(depth: int, closed: bool, pair: str) -> None:
    opening = '{"a":' if pair == "{}" else "["
    body = '{"a":' + opening * depth + "1" + (pair[1] * depth + "}" if closed else "")
    with pytest.raises(Refusal, match=f"deeper than {MAX_DEPTH} levels"):
        read_body(body.encode())


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


@given(value=json_values, style=styles, limit=st.integers(0, 6))
def test_depth_is_found_as_by_walking(
    value: object, style: tuple[bool, int | None, tuple[str, str]], limit: int
) -> None:
    assert deeper_than(limit, written(value, style)) == (depth_of(value) > limit)


@pytest.mark.parametrize("text", ['"[[[["', '"\\"[["', '"\\\\"', '["[","]"]', '["","",["\\\\\\"["]]'])
def test_brackets_in_strings_are_no_depth(text: str) -> None:
    assert not deeper_than(depth_of(json.loads(text)), text.encode())


def test_the_deepest_allowed_body_is_read() -> None:
    inner = MAX_DEPTH - 1
    body = b'{"a":' + b"[" * inner + b"]" * inner + b"}"
    assert read_body(body).decoded("a") is not None


def test_a_number_beyond_all_bounds_is_no_crash() -> None:
    found = read_body(b'{"n":' + b"9" * 5000 + b',"m":1e999}')
    with pytest.raises(Refusal) as refused:
        found.decoded("m")
    assert refused.value.status == 400
