"""The errors that a command may end with: each carries a stable code, an exit code and a hint.

The exit codes are those of `helpdesk help exit-codes`. Raise the subclass that fits and give `code` a
stable snake_case string when scripts may want to tell this error from others of its kind.
"""

from collections.abc import Mapping


class HelpdeskError(Exception):
    """One line for the user: what was found, what was expected; `hint` says what to run next."""

    exit_code = 1
    default_code = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        hint: str | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.hint = hint
        self.details = dict(details or {})


class UsageError(HelpdeskError):
    """A word that is not of a fixed list, an impossible time, a missing argument."""

    exit_code = 2
    default_code = "usage"


class NotFoundError(HelpdeskError):
    """No such record: ticket, agent, plan, priority, ..."""

    exit_code = 3
    default_code = "not_found"


class RefusedError(HelpdeskError):
    """A rule forbids it; nothing was written."""

    exit_code = 4
    default_code = "refused"


class BusyError(HelpdeskError):
    """The database is locked by somebody else for longer than we wait."""

    exit_code = 5
    default_code = "busy"


class PolicyError(HelpdeskError):
    """The policy or the config file is invalid; `details["problems"]` lists every problem."""

    exit_code = 6
    default_code = "policy_invalid"


class StorageError(HelpdeskError):
    """The disk, the file or the engine failed: full, read-only, corrupt, of a newer version."""

    exit_code = 1
    default_code = "io_error"
