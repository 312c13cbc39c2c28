"""Discord's Markdown as HTML: what our bot writes, as a client shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

INLINE = re.compile(
    r"\\(?P<escaped>[^\w\s])"
    r"|`(?P<code>[^`]+)`"
    r"|\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*"
    r"|\*(?P<italic>(?:\\.|[^\\*])+)\*"
    r"|<t:(?P<at>\d+)(?::(?P<style>[a-zA-Z]))?>"
    r"|<@!?(?P<user>\d+)>"
    r"|<#(?P<channel>\d+)>",
    re.DOTALL,
)

SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
"""Units of a relative time, in seconds."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever looks at the channel: what the time is for them, and whom and which channels they know by number."""

    now: float
    people: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)

    def html(self, text: str) -> str:
        """Lines of text."""
        return "".join(self._line(line) for line in text.split("\n"))

    def plain(self, text: str) -> str:
        """One line without any markup."""
        return re.sub(r"<[^>]+>", "", self._inline(text.replace("\n", " ")))

    def _line(self, line: str) -> str:
        for mark, element in (("### ", "h3"), ("## ", "h2"), ("# ", "h1"), ("-# ", "small")):
            if line.startswith(mark):
                return f"<{element}>{self._inline(line.removeprefix(mark))}</{element}>"
        return f"<p>{self._inline(line) or '&nbsp;'}</p>"

    def _inline(self, text: str) -> str:
        return "".join(self._parts(text))

    def _parts(self, text: str) -> Iterator[str]:
        at = 0
        for found in INLINE.finditer(text):
            yield escape(text[at : found.start()], quote=False)
            kind = "at" if found["at"] else str(found.lastgroup)
            yield SHOWN[kind](self, found)
            at = found.end()
        yield escape(text[at:], quote=False)

    def when(self, at: int) -> str:
        """A time as seen from now, such as "in 18 seconds"."""
        left = round(at - self.now)
        size, unit = next(((size, unit) for size, unit in SPANS if abs(left) >= size), SPANS[-1])
        number = max(1, abs(left) // size)
        told = f"{number} {unit}{'' if number == 1 else 's'}"
        return f"in {told}" if left > 0 else f"{told} ago"


SHOWN: Mapping[str, Callable[[Reader, re.Match[str]], str]] = {
    "escaped": lambda _, found: escape(found["escaped"], quote=False),
    "code": lambda _, found: f"<code>{escape(found['code'], quote=False)}</code>",
    "bold": lambda reader, found: f"<b>{reader._inline(found['bold'])}</b>",
    "italic": lambda reader, found: f"<i>{reader._inline(found['italic'])}</i>",
    "at": lambda reader, found: f"<u>{reader.when(int(found['at']))}</u>",
    "user": lambda reader, found: f"<em>@{escape(reader.people[int(found['user'])])}</em>",
    "channel": lambda reader, found: f"<em>#{escape(reader.channels[int(found['channel'])])}</em>",
}
"""By the kind of markup."""
