"""A story's folder while its writer works in it: tells when a file has changed, however the editor writes."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

LOOK_EVERY = 0.3
"""Seconds between two looks; a writer does not notice them."""

_Seen = dict[Path, tuple[int, int, int]]


class Folder:
    """Looks at every YAML file below it, for editors put a new file in the old one's place as often as not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._look()

    async def change(self) -> None:
        """Returns once something is different from the last time, and the same at two looks: an editor that empties a
        file before it writes it may be in the midst of it."""
        before = seen = self._seen
        while seen == self._seen or seen != before:
            await asyncio.sleep(LOOK_EVERY)
            before, seen = seen, self._look()
        self._seen = seen

    def _look(self) -> _Seen:
        seen = {}
        for file in self.path.rglob("*.yaml"):
            with contextlib.suppress(OSError):  # it went while we looked
                status = file.stat()
                seen[file] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return seen
