"""How a document is checked: every mistake is collected, with the path to its place, and none stops the rest.

A document is what a YAML file holds: mappings, lists and texts. Each method gives the value converted, or
None (or an empty collection) after noting what is wrong with it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import HelpdeskError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    NoTeam = Callable[[str], str | None]

T = TypeVar("T")
Path = tuple[str | int, ...]

MAX_PROBLEMS = 200
NO_VALUE = "none"  # what a command reads as no category, no agent, no target
MAX_DIGITS = 9  # of a whole number
MAX_CHOICES = 100  # how many words a mistyped one is compared with
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Problem(NamedTuple):
    """What is wrong, what to do, and where: the keys and indices that lead to it, `("plans", "basic")`."""

    path: Path
    message: str
    hint: str | None = None


class Lookups(NamedTuple):
    """What a document alone cannot tell. The first three raise a HelpdeskError where there is no answer.

    country: the code of a country -> date -> name of its holidays.  file: the same of the path of an .ics
    file.  program: refuses a path that is no program.  no_team: why no team has a name, None where one has it
    or that cannot be known.
    """

    country: Callable[[str], dict[str, str]]
    file: Callable[[str], dict[str, str]]
    program: Callable[[str], None]
    no_team: NoTeam


class EnoughError(Exception):
    """More problems than anybody reads: the rest is not looked for."""


def suggestion(word: str, choices: Iterable[str]) -> str | None:
    """The hint for a word that is not one of `choices`: the nearest, else what there is."""
    known = list(islice(choices, MAX_CHOICES))
    guess = closest(word, known)
    if guess:
        return f"did you mean {guess!r}?"
    return f"expected {'one of ' if len(known) > 1 else ''}{', '.join(known)}" if known else None


def is_name(text: str) -> bool:
    """Whether a text is a name as scripts type it, and no reserved word."""
    return _NAME.fullmatch(text) is not None and text != NO_VALUE


class Checker:
    """Collects problems while a document is converted."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, path: Path, message: str, hint: str | None = None) -> None:
        if len(self.problems) == MAX_PROBLEMS:
            self.problems.append(Problem((), f"more than {MAX_PROBLEMS} problems, the rest is not listed"))
            raise EnoughError
        self.problems.append(Problem(path, message, hint))

    def attempt(self, path: Path, parse: Callable[..., T], *args: object) -> T | None:
        """`parse(*args)`; its error becomes a problem at `path`."""
        try:
            return parse(*args)
        except HelpdeskError as error:
            self.add(path, error.message, error.hint)
            return None

    def mapping(
        self,
        value: object,
        path: Path,
        keys: Sequence[str] | None,
        required: Sequence[str] = (),
        example: str = "",
    ) -> dict[str, Any]:
        """A mapping with these keys (None: any), with those of `required`; unknown ones are left out."""
        if not isinstance(value, dict):
            example = example or ", ".join(f"{key}: ..." for key in (required or keys or ("name",))[:2])
            self.add(path, f"found {_kind(value)}, expected a mapping", f"write {{{example}}}")
            return {}
        for key in required:
            if key not in value:
                self.add(path, f"{key} is missing")
        if keys is None:
            return value
        for key in value:
            if key not in keys:
                self.add((*path, key), f"unknown key {shown(key)}", suggestion(key, keys))
        return {key: item for key, item in value.items() if key in keys}

    def some(self, value: object, path: Path, kind: str) -> dict[str, Any]:
        """A mapping of names to at least one of a kind."""
        specs = self.mapping(value, path, None)
        if value == {}:
            self.add(path, f"no {kind} is declared")
        return specs

    def items(self, value: object, path: Path) -> list[Any]:
        """A list."""
        if isinstance(value, list):
            return value
        self.add(path, f"found {_kind(value)}, expected a list", "write it in brackets: [one, two]")
        return []

    def text(self, value: object, path: Path, expected: str = "a text") -> str | None:
        """A text that is not empty."""
        if isinstance(value, str) and value.strip():
            return value
        self.add(path, f"found {_kind(value)}, expected {expected}")
        return None

    def word(self, value: object, path: Path, what: str, choices: Sequence[str]) -> str | None:
        """One of `choices`; `what` is what they are: `clock`, `priority`."""
        text = self.text(value, path, f"a {what}")
        if text is None or text in choices:
            return text
        self.add(path, f"there is no {what} {shown(text)}", suggestion(text, choices))
        return None

    def choice(self, value: object, path: Path, choices: Sequence[str]) -> None:
        """One of the few words that a key takes."""
        text = self.text(value, path, " or ".join(choices))
        if text is not None and text not in choices:
            self.add(path, f"found {shown(text)}, expected {' or '.join(choices)}")

    def words(self, value: object, path: Path, what: str, choices: Sequence[str]) -> list[str]:
        """A list of `choices`."""
        found = [self.word(item, (*path, n), what, choices) for n, item in enumerate(self.items(value, path))]
        return [word for word in found if word is not None]

    def number(self, value: object, path: Path, least: int, most: int | None = None) -> int | None:
        """A whole number from `least` on, to `most`."""
        text = self.text(value, path, "a whole number")
        if text is None:
            return None
        whole = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
        if whole and least <= int(text) <= (int(text) if most is None else most):
            return int(text)
        upto = "" if most is None else f" to {most}"
        self.add(path, f"found {shown(text)}, expected a whole number from {least}{upto}")
        return None

    def texts(self, value: object, path: Path, expected: str = "a text") -> list[tuple[Path, str]]:
        """The texts of a list, each with its path; one that appears twice is a mistake."""
        found: dict[str, Path] = {}
        for n, item in enumerate(self.items(value, path)):
            text = self.text(item, (*path, n), expected)
            if text in found:
                self.add((*path, n), f"{shown(text)} appears twice")
            elif text is not None:
                found[text] = (*path, n)
        return [(place, text) for text, place in found.items()]

    def name(self, value: object, path: Path) -> str | None:
        """A name as scripts type it: `feature_request`."""
        text = self.text(value, path, "a name")
        if text is not None and not _NAME.fullmatch(text):
            self.add(
                path,
                f"{shown(text)} is not a name",
                "use a-z, 0-9, _ and -, at most 64; a label may say more",
            )
            return None
        if text == NO_VALUE:
            self.add(path, "`none` stands for no value, so nothing can be called so", "choose another name")
            return None
        return text

    def unique(self, entry: dict[str, Any], path: Path, seen: set[str]) -> str | None:
        """The `name` of an entry of a list, which none of those `seen` before has."""
        name = self.name(entry["name"], (*path, "name")) if "name" in entry else None
        if name in seen:
            self.add((*path, "name"), f"the name {shown(str(name))} appears twice")
        elif name is not None:
            seen.add(name)
        return name

    def flag(self, value: object, path: Path) -> bool:
        """`true` or `false`, in YAML's other spellings too."""
        flag = FLAGS.get(value.lower()) if isinstance(value, str) else None
        if flag is None:
            self.add(path, f"found {_kind(value)}, expected true or false")
        return bool(flag)

    def label(self, value: object, path: Path) -> dict[str, str]:
        """A mapping of language codes to texts."""
        labels = self.mapping(value, path, None, example="en: ...")
        for language, text in labels.items():
            if not _LANGUAGE.fullmatch(language):
                self.add(
                    (*path, language), f"{shown(language)} is not a language", "use a code such as en or ar"
                )
            self.text(text, (*path, language))
        return labels


def _kind(value: object) -> str:
    """How a value is called in "found ..."."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return shown(str(value)) if value else "nothing"
