"""A splice changes what it names and leaves every other byte alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.formats.json_object import read_body
from gateway_core.formats.splice import encoded, splice, splice_within, without
from gateway_core.model.errors import Refusal

scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner)
)
keys = st.text(max_size=5)
objects = st.dictionaries(keys, values, max_size=6)
separators = st.sampled_from([(",", ":"), (", ", ": "), ("\n ,", "\t: ")])


def written(value: object, between: tuple[str, str], ascii_only: bool = False) -> bytes:
    return json.dumps(value, separators=between, ensure_ascii=ascii_only).encode()


@given(body=objects, changes=objects, between=separators, ascii_only=st.booleans())
def test_the_result_is_the_original_with_only_the_named_changes(
    body: dict[str, object], changes: dict[str, object], between: tuple[str, str], ascii_only: bool
) -> None:
    text = written(body, between, ascii_only)
    result = splice(read_body(text), {key: encoded(value) for key, value in changes.items()})
    assert json.loads(result) == body | changes
    assert list(json.loads(result)) == list(body | changes)


@given(body=objects.filter(bool), value=values, between=separators, data=st.data())
def test_every_other_byte_is_as_it_was(
    body: dict[str, object], value: object, between: tuple[str, str], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(list(body)))
    text = written(body, between)
    old, new = written(body[key], between), encoded(value)
    result = splice(read_body(text), {key: new})
    places = [at for at in range(len(text)) if text.startswith(old, at)]
    assert result in [text[:at] + new + text[at + len(old) :] for at in places]


def test_what_is_new_comes_last() -> None:
    found = read_body(b'{ "model" : "a" }')
    assert splice(found, {"max_tokens": b"5", "n": b"1"}) == b'{ "model" : "a" ,"max_tokens":5,"n":1}'
    assert splice(read_body(b"{ }"), {"n": b"1"}) == b'{ "n":1}'


def test_nothing_named_is_nothing_changed() -> None:
    text = b'{"a" : [1 , 2], "b":{}}\n'
    assert splice(read_body(text), {}) == text


def test_a_key_is_renamed_with_and_without_its_value() -> None:
    found = read_body(b'{"max_tokens" : 9,"x":"max_tokens"}')
    assert splice(found, {}, renamed={"max_tokens": "cap"}) == b'{"cap" : 9,"x":"max_tokens"}'
    assert (
        splice(found, {"max_tokens": b"4"}, renamed={"max_tokens": "cap"}) == b'{"cap" : 4,"x":"max_tokens"}'
    )


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'{"o":{"a":1}}', b'{"a":1,"b":2}'),
        (b'{"o":{"b" : 1,"a":3}}', b'{"b" : 2,"a":3}'),
        (b'{"o":null}', b'{"b":2}'),
        (b"{}", b'{"b":2}'),
    ],
)
def test_an_inner_object_is_changed_or_made(body: bytes, result: bytes) -> None:
    assert splice_within(read_body(body), "o", {"b": b"2"}) == result


def test_what_is_no_object_takes_no_values() -> None:
    with pytest.raises(Refusal, match="'o' must be a JSON object"):
        splice_within(read_body(b'{"o":[]}'), "o", {"b": b"2"})


@given(body=objects.filter(bool), between=separators, data=st.data())
def test_a_key_taken_out_leaves_the_others(
    body: dict[str, object], between: tuple[str, str], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(list(body)))
    rest = {each: value for each, value in body.items() if each != key}
    assert json.loads(without(read_body(written(body, between)), key)) == rest
    compact = read_body(written(body, (",", ":")))
    assert without(compact, key) == written(rest, (",", ":"))
