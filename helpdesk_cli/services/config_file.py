"""The config file as far as the command line need not know how it is written: its YAML, and its mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_cli.adapters.host import login, zone_name
from helpdesk_cli.adapters.yaml_text import Node, Problem, read_file, read_yaml
from helpdesk_cli.errors import NotFoundError, PolicyError, StorageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Node", "Problem", "bad_config", "host_defaults", "read_config"]


def read_config(path: str) -> tuple[Node | None, list[Problem]]:
    """What stands in the file, None where nothing does, and the mistakes that YAML itself forbids.

    PolicyError `config_invalid` (exit 6) for a file that is missing or cannot be read, too.
    """
    try:
        content = read_file(path)
    except (NotFoundError, StorageError) as error:
        raise PolicyError(
            f"the config file: {error.message}",
            code="config_invalid",
            hint="name one with --config or HELPDESK_CONFIG that can be read, or /dev/null for none",
            details={"file": path, "problems": []},
        ) from None
    return read_yaml(content)


def bad_config(path: str, problems: Sequence[Problem]) -> PolicyError:
    """Exit 6, each mistake with its line and what may have been meant."""
    count = "a mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
    told = [
        {"line": problem.line, "message": problem.message + (f" ({problem.hint})" if problem.hint else "")}
        for problem in sorted(problems)
    ]
    return PolicyError(
        f"the config file {path} has {count}",
        code="config_invalid",
        hint="helpdesk help environment tells what may stand in it",
        details={"file": path, "problems": told},
    )


def host_defaults() -> dict[str, str]:
    """What the host says where nobody is given with `--as` and no zone with `--timezone`."""
    return {"as": login(), "timezone": zone_name()}
