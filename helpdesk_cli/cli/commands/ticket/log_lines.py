"""A ticket's events in words: when, who, what, and each change with before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.cli.commands.ticket.layout import columns, folded, page_width, zone_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from helpdesk_cli.cli.options import Output

# What a person does not read: numbers of runs, and what other words say already.
_HIDDEN = frozenset({"run", "by", "start"})
_NARROWEST = 30


def log_lines(out: Output, events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line an event; on a terminal further ones where the words are many."""
    from helpdesk_cli.cli.render.text import harmless, width

    rows, texts = [], []
    if not out.settings.get("no_headers"):
        rows, texts = [[f"at ({zone_name(out)})", "actor"]], ["what"]
    for event in events:
        rows.append([out.instant(event["at"]), harmless(event["actor"])])
        data = event["data"]
        if data.get("requester") == event["actor"]:
            data = {key: value for key, value in data.items() if key != "requester"}
        texts.append(": ".join(filter(None, (event["type"], words(out, data)))))
    for line, text in zip(columns(rows), texts, strict=True):
        if not out.terminal:
            yield f"{line}  {harmless(text)}"
            continue
        taken = width(line) + 2
        first, *others = folded(text, max(page_width(out) - taken, _NARROWEST), indent=0)
        yield f"{line}  {first}"
        yield from (" " * taken + other for other in others)


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
    text = str(value)
    is_instant = len(text) == 20 and text[4::3] == "--T::Z" and text[:4].isdecimal()
    return out.instant(text) if is_instant else text
