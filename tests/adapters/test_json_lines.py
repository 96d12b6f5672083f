"""Lines of JSON: what is taken for an object, what is not, and rows written as lines."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_cli.adapters.json_lines import compact, dumps, numbered, object_of, row_encoder
from helpdesk_cli.errors import UsageError

MOST = 1 << 20
# Text as the database holds it: whole Unicode, no NUL.
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("content", "longest", "found"),
    [
        (b"", 9, []),
        (b"\n\n", 9, []),
        (b"a\n \t\nb", 9, [(1, b"a\n"), (3, b"b")]),
        (b"a\r\nb\r\n", 9, [(1, b"a\r\n"), (2, b"b\r\n")]),
        (b"12345678\nb\n", 9, [(1, b"12345678\n"), (2, b"b\n")]),
        (b"123456789\nb\n", 9, [(1, b"123456789\n"), (2, b"b\n")]),
        (b"1234567890" * 9 + b"\nb\n", 9, [(1, b"1234567890"), (2, b"b\n")]),
        (b"1234567890" * 9, 9, [(1, b"1234567890")]),
    ],
)
def test_lines_are_numbered_and_cut(content: bytes, longest: int, found: list[tuple[int, bytes]]) -> None:
    assert list(numbered(io.BytesIO(content), longest)) == found


@given(st.dictionaries(TEXTS, JSON, max_size=5), st.sampled_from(["", "\n", " \r\n", "\t"]))
def test_an_object_is_what_json_says(value: dict[str, object], end: str) -> None:
    for ascii_ in (True, False):
        line = (json.dumps(value, ensure_ascii=ascii_) + end).encode()
        assert object_of(line, MOST) == value
    assert json.loads(dumps(value)) == value


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"", "not JSON: Expecting value, column 1"),
        (b"{", "not JSON: Expecting property name enclosed in double quotes, column 2"),
        (b'{"a":}\n', "not JSON: Expecting value, column 6"),
        (b'{"a":[1,]}\n', "not JSON: Expecting value, column 9"),
        (b'{"a":1}}\n', "not JSON: Extra data, column 8"),
        (b'{"a":1} {"b":2}\n', "not JSON: Extra data, column 9"),
        (b"[1]\n", "found a list, expected an object"),
        (b'"a"', "found a text, expected an object"),
        (b"null", "found null, expected an object"),
        (b"NaN", "found a number, expected an object"),
        (b"true", "found a truth value, expected an object"),
        (b'{"a":1,"a":1}', "key 'a' stands there twice"),
        (b'{"b":{"a":1,"c":2,"a":2}}\n', "key 'a' stands there twice"),
        (b'{"a":"\\ud800"}\n', "half a surrogate pair, which is no text"),
        (b'{"\\udc00":1}\n', "half a surrogate pair, which is no text"),
        (b'{"a":"\xff"}\n', "not UTF-8: byte 7 is 0xff"),
        (b'{"a":"\xed\xa0\x80"}\n', "not UTF-8: byte 7 is 0xed"),
        (b'{"a":"\n"}', "not JSON: Invalid control character at, column 7"),
        (b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}\n", "nested too deep"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"\n", "nested too deep"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' + b"9" * 5000 + b"}\n", "not JSON: Exceeds the limit"),
        (b'{"a":' + b" " * MOST + b"1}\n", f"more than {MOST} bytes"),
    ],
)
def test_what_is_no_object_is_told(line: bytes, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        object_of(line, MOST)
    assert caught.value.code == "bad_line"
    assert caught.value.message.startswith(told)


def test_the_mark_of_utf_8_is_no_text() -> None:
    assert object_of(b'\xef\xbb\xbf{"a":"\\u00e9\\ud83d\\ude00"}\n', MOST) == {"a": "é😀"}


@given(TEXTS, st.integers(-(2**63), 2**63 - 1), st.none() | TEXTS, JSON)
def test_a_row_is_a_line_of_one_object(text: str, number: int, maybe: str | None, document: object) -> None:
    stored = json.dumps(document)
    line = row_encoder("t", ("a", "b", "c", "d"), {"d"})([text, number, maybe, stored])
    assert line.endswith("}\n")
    assert line.count("\n") == 1
    pairs = [("table", "t"), ("a", text), ("b", number), ("c", maybe), ("d", document)]
    assert list(json.loads(line).items()) == [pair for pair in pairs if pair != ("c", None)]


def test_percent_signs_are_text() -> None:
    assert row_encoder("t", ("a", "b"), ())(["%s %% %(a)s", 1]) == '{"table":"t","a":"%s %% %(a)s","b":1}\n'


@pytest.mark.parametrize("text", ["[]", "{}", '{"a":[1,"é"]}', '[["run","x",1,null]]', '{"b":1,"a":2}'])
def test_a_document_has_one_form(text: str) -> None:
    spaced = json.dumps(json.loads(text), indent=2)
    assert compact(text) == compact(spaced) == text
    long = dumps({"x": "y" * 1000, "z": json.loads(text)})
    assert compact(json.dumps(json.loads(long))) == long


@pytest.mark.parametrize("text", ["", "{", "[1,]", "x", "NaN"])
def test_what_is_no_document_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|Illegal|JSON"):
        compact(text)
