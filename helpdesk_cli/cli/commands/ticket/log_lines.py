"""A ticket's events in words: when, who, what, and each change with before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.render.layout import apart, columns, folded, page_width, zone_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from helpdesk_cli.cli.options import Output

_GAP = "  "
# What a person does not read: numbers of runs, and what other words say already.
_HIDDEN = frozenset({"run", "by", "start"})
_NARROWEST = 30  # cells for the words of an event; with fewer they stand below
_SHORTEST = 12  # cells for an actor


def log_lines(out: Output, events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line an event; on a terminal further ones where the words are many."""
    from helpdesk_cli.cli.render.text import harmless

    rows = [] if out.settings.get("no_headers") else [(f"at ({zone_name(out)})", "actor", "what")]
    for event in events:
        data = event["data"]
        if data.get("requester") == event["actor"]:
            data = {key: part for key, part in data.items() if key != "requester"}
        told = ": ".join(filter(None, (event["type"], words(out, data))))
        rows.append((out.instant(event["at"]), harmless(event["actor"]), harmless(told)))
    yield from _fitted(out, rows) if out.terminal else columns(out, rows)


def _fitted(out: Output, rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """The lines of a terminal: an actor is shortened before the words of an event have no room."""
    from helpdesk_cli.cli.render.text import shortened, width

    room = page_width(out)
    first, second = (max((width(row[number]) for row in rows), default=0) for number in (0, 1))
    second = min(second, max(room - first - 2 * len(_GAP) - _NARROWEST, _SHORTEST))
    taken = first + second + 2 * len(_GAP)
    for at, actor, told in rows:
        if room - taken < _NARROWEST:
            yield from folded(f"{at}{_GAP}{apart(out, actor)}", room, indent=2)
            yield from (f"    {line}" for line in folded(told, room - 4, indent=0))
            continue
        name = shortened(actor, second)
        head, *others = folded(told, room - taken, indent=0)
        yield f"{at:{first}}{_GAP}{apart(out, name)}{' ' * (second - width(name))}{_GAP}{head}"
        yield from (" " * taken + other for other in others)


def in_words(out: Output, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event as a table for people has it: its data in words."""
    if not out.for_people:
        return event
    return {**event, "data": words(out, event["data"])}


def words(out: Output, data: Mapping[str, Any]) -> str:
    """Tell an event's data: `open -> waiting_customer`, `priority normal -> high`."""
    rest = {
        key: value for key, value in data.items() if key not in _HIDDEN and value not in (None, False, [])
    }
    parts = []
    clock = rest.pop("clock", None)
    if clock is not None:
        instance = rest.pop("instance", 1)
        parts.append(clock.replace("_", " ") + (f" {instance}" if instance > 1 else ""))
    if "until_before" in data:  # it was on hold already: what became of that
        until = _change(out, rest.pop("until_before", None), rest.pop("until", None))
        rest = {"until": until, **rest}
    if "after" in rest or "before" in rest:
        parts.append(_change(out, rest.pop("before", None), rest.pop("after", None)))
    for key, value in rest.items():
        parts.append(_told(out, key, value))
    return ", ".join(parts)


def _told(out: Output, key: str, value: Any) -> str:
    name = key.removesuffix("_at").removesuffix("_seconds").replace("_", " ")
    if isinstance(value, dict) and "after" in value:
        return f"{name} {_change(out, value.get('before'), value['after'])}"
    if value is True:
        return name
    if key.endswith("_seconds"):
        return f"{name} {out.duration(value)}"
    return f"{name} {_value(out, value)}"


def _change(out: Output, before: Any, after: Any) -> str:
    return f"{_value(out, before)} -> {_value(out, after)}"


def _value(out: Output, value: Any) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, list):
        return " ".join(_value(out, item) for item in value)
    if isinstance(value, dict) and "address" in value:
        return f"{value['name']} <{value['address']}>"
    text = str(value)
    is_instant = len(text) == 20 and text[4::3] == "--T::Z" and text[:4].isdecimal()
    return out.instant(text) if is_instant else text
