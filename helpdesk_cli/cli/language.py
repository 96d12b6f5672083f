"""Whether the language that somebody asked for is one that labels are written in.

One that is given (an option, HELPDESK_LANG, the config file) is checked before the command does anything: no
change may be written whose answer cannot be shown. One that only the locale names is the machine's, so that
English stands in for it silently. JSON, jsonl, csv and ids carry machine names and ask no policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from helpdesk_cli.cli.origins import place
from helpdesk_cli.cli.render import FOR_PEOPLE
from helpdesk_cli.domain.languages import MACHINE, code, spoken
from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import NotFoundError, StorageError, UsageError

if TYPE_CHECKING:
    from helpdesk_cli.cli.state import Settings, State

_TELLS_A_STATUS = ("message",)  # records without labels whose page has some


def checked(text: str) -> str:
    """`text` if it is the code of a language; UsageError `bad_lang`."""
    if code(text) is None:
        raise UsageError(
            f"{shown(text)} is no language",
            code="bad_lang",
            hint="give a code such as fr, fr-CA or fr_FR.UTF-8; C stands for machine names",
        )
    return text


def require_known(state: State) -> None:
    """UsageError `bad_lang` for what is no language, `unknown_lang` for one without labels in the policy if
    the command of this moment prints any."""
    settings = state.settings
    where = place(settings, "lang")
    try:
        wanted = code(checked(str(settings.get("lang"))))
    except UsageError as error:
        error.message = f"{where}: {error.message}"
        raise
    if wanted in (None, MACHINE) or not _prints_labels(settings):
        return
    try:
        languages = spoken(state.app.policies.latest().document)
    except (NotFoundError, StorageError):  # none, of an older version, broken: the command itself will say so
        return
    if wanted not in languages:
        near = closest(str(wanted), languages)
        raise UsageError(
            f"{where}: the policy has no label in {shown(str(wanted))}",
            code="unknown_lang",
            hint=(f"did you mean {near!r}?\n" if near else "") + f"there are {', '.join(languages)}",
        )


def _prints_labels(settings: Settings) -> bool:
    """Whether the format is for people and the record has labels among what is shown of it."""
    ctx = click.get_current_context(silent=True)
    name = getattr(ctx.command.callback, "record", None) if ctx is not None else None
    if name is None or settings.get("format", "table") not in FOR_PEOPLE:
        return False
    from helpdesk_cli.records import RECORDS

    chosen = settings.get("fields")
    shown_ = [field for field in RECORDS[name].fields if chosen is None or field.name in chosen]
    return name in _TELLS_A_STATUS or any(field.label or field.type == "labels" for field in shown_)
