"""Lines of JSON: read one by one, each in bounded memory, and rows of a table written as such.

What is wrong with a line is told of that line alone: UsageError `bad_line`.
"""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring
from types import NoneType
from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import BinaryIO

_MARK = b"\xef\xbb\xbf"  # of UTF-8, at the beginning of a file
_SKIPPED = 1 << 20  # bytes at a time of a line that is too long


def numbered(file: BinaryIO, longest: int) -> Iterator[tuple[int, bytes]]:
    """(number, line) of each line that is not blank, from 1. Of one that is longer than `longest` bytes a few
    more than these are given, which `object_of` refuses."""
    number = 0
    while line := file.readline(longest + 1):
        number += 1
        if len(line) > longest:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(_SKIPPED)
        if not line.isspace():
            yield number, line


def object_of(line: bytes, longest: int) -> dict[str, Any]:
    """The JSON object of a line, with each key once and whole Unicode."""
    if len(line) > longest:
        raise bad(f"more than {longest} bytes")
    try:
        text = str(line.removeprefix(_MARK), "utf-8")
        value = _decoded(text)
        if "\\u" in text:  # half of a pair of surrogates is no text
            dumps(value).encode()
    except UnicodeDecodeError as error:
        raise bad(f"not UTF-8: byte {error.start + 1} is 0x{error.object[error.start]:02x}") from None
    except UnicodeEncodeError:
        raise bad("half a surrogate pair, which is no text") from None
    except json.JSONDecodeError as error:
        raise bad(f"not JSON: {error.msg}, column {error.colno}") from None
    except (RecursionError, ValueError) as error:
        raise bad("nested too deep" if isinstance(error, RecursionError) else f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise bad(f"found {kind(value)}, expected an object")
    return value


def _decoded(text: str) -> Any:
    try:
        # Without a look for spaces around it, in two thirds of the time.
        value, end = _SCAN(text, 0)
        if text[end:] == "\n":
            return value
    except StopIteration:  # there is no value at some place, which the decoder tells
        pass
    return _DECODER.decode(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise bad(f"key {shown(twice)} stands there twice")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


_SCAN: Callable[[str, int], tuple[Any, int]] = vars(_DECODER)["scan_once"]


def kind(value: object) -> str:
    """What a value of JSON is, in words."""
    names = {bool: "a truth value", str: "a text", list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), "a number")


def bad(what: str, hint: str | None = None) -> UsageError:
    """What is wrong with a line."""
    return UsageError(what, code="bad_line", hint=hint)


def row_encoder(table: str, names: Sequence[str], documents: Collection[str]) -> Callable[[Any], str]:
    """Make what writes a row of texts, whole numbers and nulls as a line: `{"table":TABLE,"NAME":VALUE,...}`,
    without what is null. The columns `documents` hold JSON texts and become what these say; ValueError for
    one that is none.

    Three times as fast as making a dict for `json`.
    """
    shapes: dict[tuple[type, ...], tuple[str, list[int]]] = {}

    def shape(types: tuple[type, ...]) -> tuple[str, list[int]]:
        """The line to be filled in, and the places of documents among its values."""
        filled = [name for name, kind in zip(names, types, strict=True) if kind is not NoneType]
        keys = "".join(f',"{name}":%s' for name in filled)
        made = f'{{"table":"{table}"{keys}}}\n', [n for n, name in enumerate(filled) if name in documents]
        return shapes.setdefault(types, made)

    def encode(row: Iterable[Any]) -> str:
        values = tuple(row)
        types = tuple(map(type, values))
        line, places = shapes.get(types) or shape(types)
        filled = [value for value in values if value is not None]
        texts = [compact(filled[place]) for place in places]
        filled = [encode_basestring(value) if type(value) is str else value for value in filled]
        for place, text in zip(places, texts, strict=True):
            filled[place] = text
        return line % tuple(filled)

    return encode


def compact(text: str) -> str:
    """A JSON text in the one form in which they are written: without spaces, keys in their order."""
    return _compact_again(text) if len(text) < _SHORT else dumps(_loads(text))


def _encoder() -> Callable[[Any], str]:
    """`JSONEncoder.encode` without what makes half of its time: for each value it makes itself anew."""
    plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return plain.encode
    chunks = make(None, plain.default, encode_basestring, None, ":", ",", False, False, False)
    return lambda value: "".join(chunks(value, 0))


dumps = _encoder()
_loads = json.JSONDecoder().decode
_SHORT = 300  # characters of a text that may come again
_compact_again = lru_cache(maxsize=2048)(lambda text: dumps(_loads(text)))
