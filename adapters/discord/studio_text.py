"""The studio's sheets as Discord's Markdown, in which commands stand as Discord has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.discord.text import bold, plain
from adapters.studio.hints import DEEDS
from adapters.studio.sheet import Line, Span
from adapters.text import clean, cut

LONGEST = 1_500
"""Characters of one span, before what could be markup in it is marked."""

ALL = 3_600
"""Characters of all lines; what is left of Discord's 4,000 is for the word that some are left out."""

BEHIND = {"invite": "role", "join": "code", "test": "plays"}
"""The option that what stands behind a command is; a story with all others."""

NAMED = {"studio": "stories"}
"""Commands that have another name here."""


def written(command: str) -> str:
    """A command of the studio as it is typed on Discord."""
    name, _, rest = command.partition(" ")
    if name in DEEDS:
        return f"/studio do what:{command}"
    option = f" {BEHIND.get(name, 'story')}:{rest}" if rest else ""
    return f"/studio {NAMED.get(name, name)}{option}"


def marked(line: Line) -> str:
    """A line. One that is beside the matter as a whole is written small."""
    small = bool(line) and all(span.style == "quiet" for span in line)
    text = "".join(_spans(line))
    return "-# " + " ".join(text.split("\n")) if small else text


def _spans(line: Line) -> Iterator[str]:
    done = False
    for span in line:
        if not span.command:
            yield _span(span)
            continue
        deed = span.command.partition(" ")[0] in DEEDS
        # Where several stand side by side, one says how they are written.
        shown = _code(span.command if deed and done else written(span.command))
        done = done or deed
        yield shown if span.text.startswith("/") else f"{_span(span)} ({shown})"


def _span(span: Span) -> str:
    text = cut(span.text, LONGEST)
    match span.style:
        case "bold":
            # Stars around nothing, or next to a blank, would be read as they stand.
            kept = text.strip()
            return text.replace(kept, bold(kept), 1) if clean(kept).strip() else plain(text)
        case "code":
            return _code(text)
        case _:
            return plain(text)


def _code(text: str) -> str:
    """Words to copy, in which nothing is markup; a backtick would end them."""
    shown = clean(text).replace("\n", " ").strip()
    return f"`{shown}`" if shown and "`" not in shown else plain(text)


def fitted(lines: Sequence[Line], *, last: bool) -> str:
    """As many lines as fit: the first ones, or (`last`) the first one and the last ones."""
    texts = [marked(line) for line in lines]
    if _size(texts) <= ALL:
        return "\n".join(texts)
    room = ALL - (len(texts[0]) if last else 0)
    kept = 0
    for text in reversed(texts[1:]) if last else texts:
        room -= len(text) + 1
        if room < 0:
            break
        kept += 1
    left = f"-# … {len(texts) - kept - last} lines are left out"
    return "\n".join([texts[0], left, *texts[len(texts) - kept :]] if last else [*texts[:kept], left])


def _size(texts: Sequence[str]) -> int:
    return sum(len(text) + 1 for text in texts)
