"""Sessions in a shell, replayed in this process: `$ command` lines, each followed by what it prints.

Understood: `export NAME=VALUE ...`, `helpdesk ...` with pipes, `> FILE` and `>> FILE`, `cat FILE`,
`cat > FILE <<'END'`, `sed -i 's|OLD|NEW|' FILE` for a plain text that stands in the file once,
`\\` at the end of a line, comments. What goes to stderr stands where it appears;
`[exit N]` follows a command that ends with another code than 0.

    python -m tests.transcripts tests/scenarios/*.console README.md

writes today's answers into files, into those of a Markdown page's fences of kind `console`.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from helpdesk_cli.cli.root import run
from tests.cli.console import Stream

PROMPT = "$ "
# As empty as an environment can be, but that the user's login is known.
ENVIRONMENT = {"LOGNAME": "ann", "TZ": "UTC"}
_NO_SUCH_USER = 4_000_123_456
_FENCE = re.compile(r"^```console\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


def replay(text: str, folder: Path) -> str:
    """The same session with the answers that the program gives in an empty folder."""
    environment = {**ENVIRONMENT, "HOME": str(folder)}
    said = []
    with chdir(folder), mock.patch("os.geteuid", return_value=_NO_SUCH_USER):
        for command, gap in _commands(text):
            said.append(f"{PROMPT}{command}\n{_answer(command, environment)}{gap}")
    return "".join(said)


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """(command, the empty lines after its answer)."""
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if line.startswith(PROMPT)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = start
        while lines[last].endswith("\\\n"):
            last += 1
        if here := re.search(r"<<'(\w+)'$", lines[last]):
            last = lines.index(f"{here[1]}\n", last)
        command = "".join(lines[start : last + 1])[len(PROMPT) :].rstrip("\n")
        answer = "".join(lines[last + 1 : end])
        yield command, "\n" * (len(answer) - len(answer.rstrip("\n")) - (1 if answer.strip() else 0))


def _answer(command: str, environment: dict[str, str]) -> str:
    """What it prints, and its exit code if that is not 0."""
    first, _, here = command.partition("<<'")
    words = _words(first if here else command)
    if not words:
        return ""
    if words[0] == "export":
        environment.update(word.split("=", 1) for word in words[1:])
        return ""
    *words, redirection, into = words if len(words) > 2 and words[-2] in (">", ">>") else (*words, "", "")
    if here:
        name, _, body = here.partition("'\n")
        code, out = 0, body.removesuffix(name)
    else:
        code, out = _pipeline(words, environment)
    if redirection:
        with open(into, "a" if redirection == ">>" else "w", encoding="utf-8") as file:
            file.write(out)
        out = ""
    return out + (f"[exit {code}]\n" if code else "")


def _words(command: str) -> list[str]:
    lexer = shlex.shlex(command.replace("\\\n", ""), posix=True, punctuation_chars="|>")
    lexer.whitespace_split = True
    return list(lexer)


def _pipeline(words: list[str], environment: dict[str, str]) -> tuple[int, str]:
    code, out = 0, ""
    assert words[-1] != "|", "a pipe leads nowhere: a line that goes on ends with a backslash"
    while words:
        end = words.index("|") if "|" in words else len(words)
        code, out = _run(words[:end], out, environment)
        words = words[end + 1 :]
    return code, out


def _run(words: list[str], stdin: str, environment: dict[str, str]) -> tuple[int, str]:
    program, *arguments = words
    if program == "cat":
        return 0, "".join(Path(name).read_text(encoding="utf-8") for name in arguments)
    if program == "sed":
        return 0, _edit(*arguments)
    assert program == "helpdesk", f"a session cannot run {program}"
    stream = Stream()
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch("sys.stdin", Stream(stdin.encode())),
        redirect_stdout(stream),
        redirect_stderr(stream),
    ):
        code = run(arguments)
    return code, stream.text()


def _edit(flag: str, expression: str, name: str) -> str:
    """`sed -i 's|OLD|NEW|' FILE`, which prints nothing."""
    command, old, new, flags = expression.split("|")
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert (flag, command, flags) == ("-i", "s", ""), f"a session cannot run sed {flag} {expression}"
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return ""


def fences(page: str) -> list[str]:
    """The sessions of a Markdown page."""
    return [match[1] for match in _FENCE.finditer(page)]


def _today(text: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return replay(text, Path(folder))


def main(files: list[str]) -> None:
    """Write today's answers into the files."""
    for name in files:
        path, text = Path(name), Path(name).read_text(encoding="utf-8")
        if name.endswith(".md"):
            text = _FENCE.sub(lambda match: f"```console\n{_today(match[1])}```\n", text)
        else:
            text = _today(text)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
