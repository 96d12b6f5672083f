"""What the host says of the user: the defaults of `--as` and `--timezone`, in an empty environment too."""

from __future__ import annotations

import os


def login() -> str:
    """The login of the process's user; in a container without an entry for it, what the environment says."""
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return os.environ.get("LOGNAME") or os.environ.get("USER") or f"uid{os.geteuid()}"


def in_hook() -> bool:
    """Whether a hook of a helpdesk has started us: what it does must not start it again, and again."""
    return bool(os.environ.get("HELPDESK_HOOK"))


def zone_name() -> str:
    """The name of the system's time zone: `$TZ`, else what /etc says, else UTC."""
    given = os.environ.get("TZ")
    if given is not None:
        return _after_zoneinfo(given.removeprefix(":")) or "UTC"
    try:
        return _after_zoneinfo(os.path.realpath("/etc/localtime", strict=True))
    except OSError:
        return "UTC"


def _after_zoneinfo(path: str) -> str:
    """`/usr/share/zoneinfo/Europe/Paris` -> `Europe/Paris`; a name stays as it is."""
    name = path.rpartition("zoneinfo/")[2]
    return "UTC" if name == "Etc/UTC" else name
