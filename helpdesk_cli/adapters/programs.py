"""The programs that a policy names: whether there is such a file, when the policy is read."""

from __future__ import annotations

import os

from helpdesk_cli.domain.suggest import shown
from helpdesk_cli.errors import PolicyError


def check_program(path: str) -> None:
    """PolicyError for a path that is no file, or one that may not be run."""
    if not os.path.isfile(path):
        raise PolicyError(f"there is no file {shown(path)}", hint="write the whole path of a program")
    if not os.access(path, os.X_OK):
        raise PolicyError(f"{shown(path)} may not be run", hint="chmod +x makes a file a program")
