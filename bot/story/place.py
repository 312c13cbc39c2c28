"""Where something stands in a story's source."""

from __future__ import annotations

from bot.record import record


@record(frozen=True, slots=True)
class Place:
    """A file as it was named to the reader, with line and column from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def moved(self, columns: int) -> Place:
        """The place so many columns further on the same line."""
        return Place(self.file, self.line, self.column + columns)
