"""The creator's map from the terminal: the whole story as a picture, with heat where there are counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from adapters.console.given import Given
from adapters.console.report import can_write, new_console, read_or_tell
from bot.chart.blueprint import Blueprint, blueprint_of
from bot.chart.draw import blueprint_png, blueprint_svg
from bot.play.dice import seeded
from bot.story.checks import ClipSeconds, within_reach
from bot.story.prover.prove import prove
from bot.story.story import Story
from bot.studio.counts import BadCounts, Visits, read_visits
from bot.studio.marks import marks_of

SEED = 1
"""Of plays that are sampled where nothing can be proven; for the map it makes no difference."""

_KINDS: dict[str, Callable[[Blueprint], bytes]] = {
    ".svg": lambda blueprint: blueprint_svg(blueprint).encode(),
    ".png": blueprint_png,
}


def draw_map(folder: Path, heat: Path | None, out: Path) -> int:
    """Draws a story into `out`; `heat` is a table of counts. 1 when something cannot be read, with a line that says
    what."""
    console = new_console()
    given = read_or_tell(console, folder) if can_draw(console, out) else None
    if given is None:
        return 1
    visits = None
    if heat is not None:
        visits = _counts(console, heat)
        if visits is None:
            return 1
        _tell_strangers(console, given.story, visits, heat)
    write_map(console, given, visits, out)
    return 0


def can_draw(console: Console, out: Path) -> bool:
    """Whether a file can be written, and its name ends like a picture; else what is wrong is told."""
    if out.suffix.lower() in _KINDS:
        return can_write(console, out)
    console.print(f"[red]{escape(str(out))}: a map is written to a file that ends in .svg or .png[/]")
    return False


def write_map(console: Console, given: Given, visits: Visits | None, out: Path) -> None:
    """Draws the map into a file whose name says the kind."""
    story = given.story
    here = [id for id, scene in story.scenes.items() if scene.clip and _is_there(scene.clip, given.seconds)]
    without_clip = story.scenes.keys() - here
    proof = prove(story, seeded(SEED, 0))
    known = proof.proven and proof.back
    impossible = proof.impossible if known else story.scenes.keys() - within_reach(story)
    blueprint = blueprint_of(story, marks_of(story, visits, impossible, without_clip))
    # Put in place whole: whoever looks at it meanwhile, or ends us, leaves no half picture.
    part = out.with_name(f".{out.name}.part")
    part.write_bytes(_KINDS[out.suffix.lower()](blueprint))
    part.replace(out)
    console.print(f"The map is in {escape(str(out))}.")


def _is_there(clip: str, seconds: ClipSeconds) -> bool:
    return clip.startswith("https://") or seconds(clip) is not None


def _counts(console: Console, heat: Path) -> Visits | None:
    try:
        return read_visits(heat.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, BadCounts) as error:
        console.print(f"[red]{escape(str(heat))}: {escape(str(error))}[/]")
        return None


def _tell_strangers(console: Console, story: Story, visits: Visits, heat: Path) -> None:
    """Counts of another version may name scenes that are gone; the map is still of use."""
    strangers = sorted(visits.scenes.keys() - story.scenes.keys())
    if strangers:
        few = ", ".join(strangers[:3]) + (", ..." if len(strangers) > 3 else "")
        console.print(f"[yellow]{escape(str(heat))} counts {len(strangers)} scenes that the story lacks: {few}[/]")
