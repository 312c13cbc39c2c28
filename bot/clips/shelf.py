"""The shelf: what there is to see and hear of a scene, its clip's link, its length, and when each line is heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.clips.library import TYPES, ClipLibrary
from bot.clips.link import VAULT, ClipLinks
from bot.clips.manifest import Timing, read_manifest
from bot.clips.subtitles import Subtitle, reading_seconds, timed
from bot.clips.vault.kept import digest_of
from bot.clips.vault.port import Vault
from bot.play.card import Card
from bot.story.story import Scene, Story


@dataclass(frozen=True, slots=True)
class Playable:
    """A clip as a player wants it. `link` is a path on our web server, or an https link elsewhere; `seconds` is 0
    where nobody knows."""

    link: str
    type: str
    seconds: float


class Shelf:
    """The clips of all stories. What is on disk is looked at once, when a story is loaded."""

    def __init__(self, library: ClipLibrary, links: ClipLinks, vault: Vault | None = None) -> None:
        self.library = library
        self.links = links
        self.vault = vault
        self._timings: dict[str, Mapping[str, Timing]] = {}
        self._files: dict[str, frozenset[str]] = {}

    def lengths(self, folder: Path, story: Story) -> Mapping[str, float]:
        """Seconds of each scene's clip, and a note of which files there are. Reads the disk."""
        self._timings[story.id] = read_manifest(folder)
        seconds: dict[str, float] = {}
        found = {path: clip for path in files_of(story) if (clip := self.library.find(story.id, path)) is not None}
        for scene in story.scenes.values():
            if scene.clip in found:
                seconds[scene.id] = found[scene.clip].seconds or 0.0
        self._files[story.id] = frozenset(found)
        return seconds

    def has(self, story: Story, path: str) -> bool:
        """Whether a clip or picture can be shown: a link elsewhere, a file that was there when the story loaded, or
        one in the vault."""
        return is_link(path) or self._in_folder(story, path) or self.uploaded(story, path) is not None

    def link(self, story: Story, path: str | None, now: float) -> str | None:
        """The address of a story's file (signed) or link (as it is); None when there is nothing to show."""
        if path is None or not self.has(story, path):
            return None
        return path if is_link(path) else self.sign(story, path, now)

    def sign(self, story: Story, path: str, now: float) -> str:
        """The signed link to a file that the shelf has: in the story's folder, else in the vault."""
        name = self.uploaded(story, path)
        return self.links.sign(story.id, path, now) if name is None else self.links.sign(VAULT, name, now)

    def uploaded(self, story: Story, path: str) -> str | None:
        """The name in the vault of a file that the story's folder lacks; None for any other."""
        return None if self.vault is None or self._in_folder(story, path) else story.uploads.get(path)

    async def fetch(self, name: str, most: int) -> bytes | None:
        """A file of the vault, whole; None when it has more bytes than `most`, or is gone. Raises `VaultError`."""
        kept = None if self.vault is None else await self.vault.find(digest_of(name))
        if self.vault is None or kept is None or kept.size > most:
            return None
        return b"".join([piece async for piece in self.vault.read(kept)])

    def clip(self, story: Story, scene: Scene, now: float) -> Playable | None:
        """A scene's clip; None when it has none and a storyboard card stands in."""
        link = self.link(story, scene.clip, now)
        if link is None or scene.clip is None:
            return None
        name = self.uploaded(story, scene.clip) or scene.clip.partition("?")[0]
        kind = TYPES.get(Path(name).suffix.lower(), "video/mp4")
        return Playable(link, kind, story.seconds.get(scene.id, 0.0))

    def subtitles(self, story: Story, card: Card) -> tuple[Subtitle, ...]:
        """The card's lines with the seconds at which they are shown."""
        timing = self._timings.get(story.id, {}).get(card.scene)
        lines = story.scenes[card.scene].lines
        known = [timing.lines.get(line.id) for line in lines] if timing else ()
        seconds = story.seconds.get(card.scene) or reading_seconds(card.lines)
        return timed(card.lines, seconds, known)

    def _in_folder(self, story: Story, path: str) -> bool:
        return path in self._files.get(story.id, frozenset())


def clips_of(story: Story) -> frozenset[str]:
    """Every scene's clip that is no link elsewhere."""
    return frozenset(one.clip for one in story.scenes.values() if one.clip is not None and not is_link(one.clip))


def files_of(story: Story) -> frozenset[str]:
    """Every clip and picture that a story names and that is no link elsewhere."""
    named = {story.poster}
    for scene in story.scenes.values():
        named |= {scene.clip, *scene.subtitles.values(), *(choice.image for choice in scene.choices.values())}
    return frozenset(path for path in named if path is not None and not is_link(path))


def is_link(path: str) -> bool:
    """Whether a path is a link to elsewhere, which is passed on and never fetched."""
    return path.startswith("https://")
