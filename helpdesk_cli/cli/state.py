"""What the global options, their variables and the defaults add up to, and the one App of a command.

Precedence: option > variable > config file (click's `default_map`) > default; of equals the last wins, so
`helpdesk --db a ticket list --db b` reads b.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from helpdesk_cli.cli.config import Config
    from helpdesk_cli.errors import HelpdeskError
    from helpdesk_cli.services.app import App


class Settings:
    """The global settings of one command; `give` is called by each option that was parsed."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[Any, ParameterSource]] = {}

    def give(self, name: str, value: Any, source: ParameterSource) -> None:
        """Keep a value unless a more explicit source has given one already."""
        known = self._given.get(name)
        if source is not ParameterSource.DEFAULT and (known is None or source <= known[1]):
            self._given[name] = (value, source)

    def get(self, name: str, default: Any = None) -> Any:
        """Return what was given for a setting, else `default`."""
        return self._given[name][0] if name in self._given else default

    def _text(self, name: str) -> str | None:
        value = self.get(name)
        return None if value is None else str(value)

    def source(self, name: str) -> ParameterSource:
        """Say where a setting's value came from."""
        return self._given[name][1] if name in self._given else ParameterSource.DEFAULT

    @property
    def db(self) -> str:
        """The database: `$XDG_DATA_HOME/helpdesk/helpdesk.db` unless said otherwise."""
        return self._text("db") or os.path.join(_home("XDG_DATA_HOME", "~/.local/share"), "helpdesk.db")

    @property
    def config(self) -> str:
        """The config file, be there one or not: `$XDG_CONFIG_HOME/helpdesk/config.yaml` unless named."""
        named = self._text("config")
        return os.path.join(_home("XDG_CONFIG_HOME", "~/.config"), "config.yaml") if named is None else named

    @property
    def actor(self) -> str | None:
        """The login given with `--as`; None: the agent of the process's user, if there is one."""
        return self._text("actor")

    @property
    def now(self) -> str | None:
        """The text given with `--now`; None: the real clock."""
        return self._text("now")

    @property
    def timezone(self) -> str | None:
        """The zone's name given with `--timezone`; None: the system's."""
        return self._text("timezone")

    @property
    def lang(self) -> str:
        """The language of labels as a code such as `fr`; `""` in the C locale: machine names.

        What is no language is none here; `cli/language.py` refuses it where somebody gave it.
        """
        named = self.get("lang")
        if named is None:
            variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
            named = next(filter(None, variables), "")
        if not named:
            return ""
        from helpdesk_cli.domain.languages import code

        return code(named) or ""

    @property
    def quiet(self) -> bool:
        """No talk on stderr but errors."""
        return bool(self.get("quiet", False))

    @property
    def verbose(self) -> int:
        """How often `-v` was given."""
        return int(self.get("verbose", 0))

    @property
    def debug(self) -> bool:
        """Show tracebacks."""
        return bool(self.get("debug", False))

    def color(self, *, terminal: bool) -> bool:
        """Whether to colour a stream: `--color`, else FORCE_COLOR and NO_COLOR, else on a terminal."""
        choice, source = self.get("color", "auto"), self.source("color")
        never, always = (bool(os.environ.get(name)) for name in ("NO_COLOR", "FORCE_COLOR"))
        # Variables beat the config file.
        if choice == "auto" or (source is ParameterSource.DEFAULT_MAP and (never or always)):
            return (terminal or always) and not never
        return bool(choice == "always")


class State:
    """One command's settings, App and exit code; the root's `ctx.obj`."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.config: Config | None = None  # the config file that was read
        self.exit_code = 0
        self.wrote = False  # whether the command committed something; known once it is closed
        self._app: App | None = None
        self._undo: Callable[[], object] = bool

    @property
    def app(self) -> App:
        """The App, made on first use. It opens the database on its own first use."""
        if self._app is None:
            from helpdesk_cli.services.app import App

            self._undo = _die_tidily()
            given = self.settings
            self._app = App(
                given.db, actor=given.actor, now=given.now, timezone=given.timezone, blame=self._blame
            )
            if given.source("lang") is not ParameterSource.DEFAULT:
                from helpdesk_cli.cli.language import require_known

                require_known(self)
        return self._app

    def _blame(self, setting: str, error: HelpdeskError) -> HelpdeskError:
        from helpdesk_cli.cli.origins import blamed

        return blamed(self, setting, error)

    def close(self) -> list[str]:
        """Close the App if there is one; return what it has to announce, whatever happened."""
        if self._app is None:
            return []
        app, self._app = self._app, None
        self.wrote = app.wrote
        try:
            if app.hooked_since is not None:
                _run_hooks(app, app.hooked_since)
        finally:
            try:
                app.close()
            finally:
                self._undo()
        return list(app.announcements)


def _run_hooks(app: App, since: datetime) -> None:
    """Run what the command's events call for, once its own output is out. Where that cannot be, a sweep does
    it: the command has done its work."""
    from helpdesk_cli.cli.render import stream
    from helpdesk_cli.errors import HelpdeskError
    from helpdesk_cli.services import hooks

    stream.flush()
    try:
        hooks.run_own(app, since)
    except HelpdeskError as error:
        app.announcements.append(f"hooks are left to the next sweep: {error.message}")


def _home(variable: str, default: str) -> str:
    """Our own folder below one of the XDG base directories."""
    given = os.environ.get(variable, "")
    # The XDG specification tells programs to ignore a relative path here.
    return os.path.join(given if os.path.isabs(given) else os.path.expanduser(default), "helpdesk")


def _die_tidily() -> Callable[[], object]:
    """Turn SIGTERM into an exception, so that transactions roll back and files are put away.

    Returns what takes that back.
    """
    import signal

    def terminate(_signal: int, _frame: object) -> None:
        raise SystemExit(143)

    try:
        before = signal.signal(signal.SIGTERM, terminate)
    except ValueError:  # not the main thread: the signals are somebody else's
        return bool
    return lambda: signal.signal(signal.SIGTERM, before)
