"""A text that a person writes in `$VISUAL` or `$EDITOR`, above a cut line as in git; it is never lost.

The file is in a folder of its own that nobody else may read. It goes once the text has done its work; where
the editor fails, or what the text was for is refused, it stays, cut to the text, and the error names it.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from helpdesk_cli.cli.inputs import decoded, stdin_is_terminal
from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.render.text import page
from helpdesk_cli.errors import HelpdeskError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CUT = "# ------------------------ >8 ------------------------"
# Editors take settings from the first and the last five lines of a file: none of those is a customer's.
_BEFORE = (
    CUT,
    "# Write above the scissors: that line and all below it is left out.",
    "# No text: nothing.",
    "#",
)
_AFTER = ("#", "#", "#", "#", "# (end)")


@contextmanager
def edited(name: str, shown: Callable[[], Iterable[str]], initial: Callable[[], str] = str) -> Iterator[str]:
    """The text that a person writes above the cut line, with `shown` below it. `name` is the file's.

    UsageError where nobody can be asked, where the editor fails, and for no text. Whatever is raised inside
    tells where the text is kept.
    """
    command = _command()
    draft = _Draft(name, initial(), [page(line) for line in shown()])
    try:
        _open(command, draft.path)
        yield draft.text()
    except HelpdeskError as error:
        if way := draft.keep():
            error.message = f"{error.message.rstrip('.')}; your text is kept in {draft.path}"
            error.hint = error.hint or way
            error.details["text"] = draft.path
        raise
    except BaseException:
        if draft.keep():
            stream.talk(page(f"Your text is kept in {draft.path}"))
        raise
    draft.remove()


class _Draft:
    """The file that the editor is given."""

    def __init__(self, name: str, initial: str, below: list[str]) -> None:
        import tempfile

        self._initial = initial
        # Whole lines, as they would be sent with the text if the cut line were taken out.
        self._below = {line for part in below for line in part.split("\n") if line.strip()}
        self._ours = {line.rstrip() for line in (*_BEFORE, *self._below, *_AFTER)}
        self._folder = tempfile.mkdtemp(prefix="helpdesk-")
        self.path = os.path.join(self._folder, f"{name}.txt")
        self._by_hand = f"leave only your text in {self.path} and give it with --body-file"
        content = "\n".join((initial, *_BEFORE, *below, *_AFTER, ""))
        with open(self.path, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(content.encode("utf-8", "backslashreplace"))

    def text(self) -> str:
        """What stands above the cut line; UsageError for no text, text below that line alone, no UTF-8, and
        no cut line any more."""
        raw, below = self._read()
        if self._untouched(raw) and self._written(below):
            raise UsageError(
                "what you wrote stands below the cut line: nothing was done",
                code="below_cut_line",
            )
        text = decoded(raw, "the text").strip("\r\n")
        if not text.strip():
            raise UsageError(
                "the editor left no text: nothing was done",
                code="empty_body",
                hint="one that returns at once must be told to wait, as in EDITOR='code --wait'",
            )
        if below is None and not self._below.isdisjoint(text.splitlines()):
            raise UsageError(
                "the cut line is gone, and what stood below it is still there: nothing was done",
                code="no_cut_line",
                hint=self._by_hand,
            )
        return text

    def keep(self) -> str:
        """Leave the text alone in the file, or all of the file where the text stands below the cut line: how
        to give it then. Without one that the person wrote, remove it all: an empty answer."""
        ways = f"give it with --body-file {self.path}", self._by_hand
        try:
            raw, below = self._read()
            untouched = self._untouched(raw)
            if untouched and not self._written(below):
                self.remove()
                return ""
            if not untouched:
                # Shortened rather than written anew: that needs no room on the disk.
                os.truncate(self.path, len(raw))
            os.chmod(self.path, 0o600)
        except (OSError, UsageError):
            if os.path.exists(self.path):
                return ways[0]
            self.remove()
            return ""
        return ways[untouched]

    def remove(self) -> None:
        """Put the folder away, with what the editor left in it."""
        import shutil

        shutil.rmtree(self._folder, ignore_errors=True)

    def _untouched(self, raw: bytes) -> bool:
        """Whether nothing was written above the cut line."""
        return raw.strip() in (b"", self._initial.encode("utf-8", "backslashreplace").strip())

    def _written(self, below: bytes | None) -> bool:
        """Whether a line below the cut line is none of ours."""
        lines = (below or b"").decode("utf-8", "replace").split("\n")
        return any(line.strip() and line.rstrip() not in self._ours for line in lines)

    def _read(self) -> tuple[bytes, bytes | None]:
        """(the bytes above the last cut line, that line and those below it); without one (all, None)."""
        try:
            with open(self.path, "rb") as file:
                content = file.read()
        except OSError as error:
            raise UsageError(f"{self.path} cannot be read: {error.strerror}", code="bad_input") from None
        end = len(content)
        for line in reversed(content.splitlines(keepends=True)):
            end -= len(line)
            if line.rstrip() == CUT.encode():
                return content[:end], content[end:]
        return content, None


def _command() -> list[str]:
    """The words of the editor's command; UsageError `no_text` where there is none, or no terminal."""
    editor = next(filter(str.strip, (os.environ.get(name, "") for name in ("VISUAL", "EDITOR"))), None)
    if editor is None or not stdin_is_terminal():
        raise UsageError(
            "there is no text: nothing was given, and no editor can be opened.",
            code="no_text",
            hint="give --body TEXT, or --body-file FILE (- is stdin), or set $EDITOR on a terminal",
        )
    import shlex

    try:
        return shlex.split(editor)
    except ValueError:
        raise UsageError(f"$EDITOR is no command: {editor!r}.", code="editor_failed") from None


def _open(command: list[str], path: str) -> None:
    """Run the editor on the file; UsageError `editor_failed` where it cannot be run or ends with an error."""
    import subprocess

    with _terminal() as out, _undisturbed():
        try:
            done = subprocess.run([*command, path], stdout=out, check=False)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise UsageError(
                f"the editor {' '.join(command)!r} cannot be run: {why}", code="editor_failed"
            ) from None
    if done.returncode:
        how = f"exit code {done.returncode}" if done.returncode > 0 else f"signal {-done.returncode}"
        raise UsageError(
            f"the editor {' '.join(command)!r} ended with {how}: nothing was done", code="editor_failed"
        )


@contextmanager
def _terminal() -> Iterator[int | None]:
    """Where the editor draws: not into a pipe that waits for our answer, as in `$(helpdesk ...)`."""
    if stream.is_terminal(sys.stdout):
        yield None
        return
    try:
        terminal = os.open("/dev/tty", os.O_WRONLY)
    except OSError:
        yield None
        return
    try:
        yield terminal
    finally:
        os.close(terminal)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and Ctrl-\\ are for the editor."""
    import signal

    keys = (signal.SIGINT, signal.SIGQUIT)
    # A handler that does nothing: unlike "ignore" it is not inherited by the editor.
    before = [signal.signal(key, lambda _signal, _frame: None) for key in keys]
    try:
        yield
    finally:
        for key, handler in zip(keys, before, strict=True):
            signal.signal(key, handler)
