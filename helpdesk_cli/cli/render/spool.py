"""The rows of a table until the widths of its columns are known: many of them wait in a temporary file."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from helpdesk_cli.cli.render.text import width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_IN_MEMORY = 1000  # rows; a list of 50 makes no file


class Spool:
    """Rows of harmless cells, which hold neither tabs nor line breaks; `widths` are those of the columns so
    far, `dated` those of which a cell is no age."""

    def __init__(self, columns: int) -> None:
        self.widths = [0] * columns
        self.dated = [False] * columns
        self.count = 0
        self._kept: list[str] = []
        self._file: IO[str] | None = None

    def add(self, cells: Sequence[str]) -> None:
        """Keep a row, its cells without the spaces around them."""
        cells = [cell.strip() for cell in cells]
        self.widths = list(map(max, self.widths, map(width, cells)))
        self.dated = [was or "-" in cell for was, cell in zip(self.dated, cells, strict=True)]
        self.count += 1
        line = "\t".join(cells) + "\n"
        if self._file is None and self.count <= _IN_MEMORY:
            self._kept.append(line)
            return
        if self._file is None:
            from tempfile import TemporaryFile

            self._file = TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed by its end
            self._file.writelines(self._kept)
            self._kept.clear()
        self._file.write(line)

    def __iter__(self) -> Iterator[list[str]]:
        """The rows in their order."""
        if self._file is not None:
            self._file.seek(0)
        for line in self._file or self._kept:
            yield line[:-1].split("\t")
