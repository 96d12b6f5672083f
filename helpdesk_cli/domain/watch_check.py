"""What a policy document may say of what is told to the outside: alerts and hooks (`profiles.md`; Z23)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_cli.domain.durations import format_duration, parse_duration
from helpdesk_cli.domain.events import TYPES
from helpdesk_cli.domain.level_check import check_notify
from helpdesk_cli.domain.routing_check import check_when
from helpdesk_cli.domain.section_terms import ALERT_SUBJECTS, HOOK_TIMEOUTS, MAX_HOOK_RETRIES
from helpdesk_cli.domain.suggest import shown

if TYPE_CHECKING:
    from helpdesk_cli.domain.checking import Checker, Lookups, Path
    from helpdesk_cli.domain.declared import Declared

_ALERT = ("name", "when", "by", "more_than", "within", "notify", "text")
_NEEDED = ("name", "by", "more_than", "within", "notify")


def check_alerts(checker: Checker, value: object, names: Declared) -> list[dict[str, Any]]:
    """Whom to tell of too many tickets of one kind in a window (Z23); `more_than` converted."""
    alerts = []
    seen: set[str] = set()
    for n, item in enumerate(checker.items(value, ("alerts",))):
        path = ("alerts", n)
        alert = dict(checker.mapping(item, path, _ALERT, _NEEDED))
        checker.unique(alert, path, seen)
        if "when" in alert:
            alert["when"] = check_when(checker, alert["when"], (*path, "when"), names)
        if "by" in alert:
            checker.choice(alert["by"], (*path, "by"), ALERT_SUBJECTS)
        if "more_than" in alert:
            alert["more_than"] = checker.number(alert["more_than"], (*path, "more_than"), 0)
        if "within" in alert:
            _window(checker, alert["within"], (*path, "within"))
        if "notify" in alert:
            check_notify(checker, alert["notify"], (*path, "notify"), names)
            if alert["notify"] == []:
                checker.add((*path, "notify"), "nobody would be told")
        if "text" in alert:
            checker.text(alert["text"], (*path, "text"))
        alerts.append(alert)
    return alerts


def _window(checker: Checker, value: object, path: Path) -> None:
    text = checker.text(value, path, "a duration")
    if text is not None and checker.attempt(path, parse_duration, text) == 0:
        checker.add(path, "no ticket comes in a window of no length", "write it as 7d")


def check_hooks(checker: Checker, value: object, lookups: Lookups) -> list[dict[str, Any]]:
    """The programs that are run on events; `retries` converted."""
    hooks = []
    for n, item in enumerate(checker.items(value, ("hooks",))):
        path = ("hooks", n)
        hook = dict(checker.mapping(item, path, ("on", "run", "timeout", "retries"), ("on", "run")))
        if "on" in hook:
            here = (*path, "on")
            for place, word in checker.texts(hook["on"], here, "a type of event"):
                checker.word(word, place, "type of event", TYPES)
            if hook["on"] == []:
                checker.add(here, "no type of event is named, so it is never run")
        if "run" in hook:
            _run(checker, hook["run"], (*path, "run"), lookups)
        if "timeout" in hook and checker.text(hook["timeout"], (*path, "timeout"), "a duration"):
            _timeout(checker, hook["timeout"], (*path, "timeout"))
        if "retries" in hook:
            hook["retries"] = checker.number(hook["retries"], (*path, "retries"), 0, MAX_HOOK_RETRIES)
        hooks.append(hook)
    return hooks


def _run(checker: Checker, value: object, path: Path, lookups: Lookups) -> None:
    """A program and its arguments, as they are given to it: no shell reads them."""
    words = checker.items(value, path)
    if words == value == []:
        checker.add(path, "no program is named", "write [/usr/local/bin/page, ARGUMENT...]")
    program = checker.text(words[0], (*path, 0), "the path of a program") if words else None
    if program is not None and program.startswith("/"):
        checker.attempt((*path, 0), lookups.program, program)
    elif program is not None:
        checker.add(
            (*path, 0),
            f"{shown(program)} is not the whole path of a program",
            "begin it with /: cron looks for programs elsewhere than a shell",
        )
    for n, word in enumerate(words[1:], 1):
        if not isinstance(word, str):  # an empty argument is one, too
            checker.text(word, (*path, n))


def _timeout(checker: Checker, text: str, path: Path) -> None:
    seconds = checker.attempt(path, parse_duration, text)
    least, most = HOOK_TIMEOUTS
    if seconds is not None and not least <= seconds <= most:
        checker.add(path, f"{text} is not between {format_duration(least)} and {format_duration(most)}")
